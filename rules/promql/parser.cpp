// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/parser.h"

#include <algorithm>
#include <array>
#include <optional>

#include "rules/promql/functions.h"
#include "rules/promql/type_check.h"
#include "shared/base/suggestion.h"

namespace levee::promql {
namespace {

using Kind = Expression::Kind;
using Node = std::unique_ptr<Expression>;

struct BinaryWord {
    std::string_view text;
    BinaryOp op;
    int precedence;
};
constexpr int kPower = 6;
constexpr std::array kBinaryWords{
    BinaryWord{"or", BinaryOp::Or, 1},
    BinaryWord{"and", BinaryOp::And, 2},
    BinaryWord{"unless", BinaryOp::Unless, 2},
    BinaryWord{"==", BinaryOp::Equal, 3},
    BinaryWord{"!=", BinaryOp::NotEqual, 3},
    BinaryWord{"<", BinaryOp::Less, 3},
    BinaryWord{">", BinaryOp::Greater, 3},
    BinaryWord{"<=", BinaryOp::LessOrEqual, 3},
    BinaryWord{">=", BinaryOp::GreaterOrEqual, 3},
    BinaryWord{"+", BinaryOp::Add, 4},
    BinaryWord{"-", BinaryOp::Subtract, 4},
    BinaryWord{"*", BinaryOp::Multiply, 5},
    BinaryWord{"/", BinaryOp::Divide, 5},
    BinaryWord{"%", BinaryOp::Modulo, 5},
    BinaryWord{"^", BinaryOp::Power, kPower},
};

struct AggregateWord {
    std::string_view text;
    AggregateOp op;
};
constexpr std::array kAggregateWords{
    AggregateWord{"sum", AggregateOp::Sum},
    AggregateWord{"avg", AggregateOp::Avg},
    AggregateWord{"min", AggregateOp::Min},
    AggregateWord{"max", AggregateOp::Max},
    AggregateWord{"count", AggregateOp::Count},
    AggregateWord{"group", AggregateOp::Group},
    AggregateWord{"stddev", AggregateOp::Stddev},
    AggregateWord{"stdvar", AggregateOp::Stdvar},
    AggregateWord{"topk", AggregateOp::Topk},
    AggregateWord{"bottomk", AggregateOp::Bottomk},
    AggregateWord{"quantile", AggregateOp::Quantile},
    AggregateWord{"count_values", AggregateOp::CountValues},
};
bool takesParameter(AggregateOp op) {
    return op == AggregateOp::Topk || op == AggregateOp::Bottomk || op == AggregateOp::Quantile ||
           op == AggregateOp::CountValues;
}

constexpr std::array<std::string_view, 8> kReserved{"by",         "without",     "on",   "ignoring",
                                                    "group_left", "group_right", "bool", "offset"};

std::string lowered(std::string text) {
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

template <typename Table>
auto findWord(const Table& table, std::string_view text) {
    const auto at = std::find_if(table.begin(), table.end(),
                                 [text](const auto& word) { return word.text == text; });
    return at != table.end() ? &*at : nullptr;
}

std::string shown(const Token& token) {
    switch (token.kind) {
        case TokenKind::End:
            return "the end";
        case TokenKind::String:
            return "a string";
        default:
            return "'" + token.text + "'";
    }
}

/// Recursive descent with precedences. After a mistake of syntax every function returns at once.
class Parser {
public:
    Parser(std::vector<Token> tokens, Diagnostics& diagnostics)
        : tokens_(std::move(tokens)), diagnostics_(diagnostics) {}

    Node run() {
        Node node = parseBinary(1);
        if (node != nullptr && token().kind != TokenKind::End)
            return fail("expected an operator or the end, found " + shown(token()));
        return failed_ ? nullptr : std::move(node);
    }

private:
    const Token& token() const { return tokens_[at_]; }
    const Token& take() {
        const Token& taken = tokens_[at_];
        if (at_ + 1 < tokens_.size())
            ++at_;
        return taken;
    }
    bool isSymbol(std::string_view text) const {
        return token().kind == TokenKind::Symbol && token().text == text;
    }
    bool isWord(std::string_view text) const {
        return token().kind == TokenKind::Identifier && lowered(token().text) == text;
    }
    bool takeSymbol(std::string_view text) {
        const bool is = isSymbol(text);
        if (is)
            take();
        return is;
    }
    bool takeWord(std::string_view text) {
        const bool is = isWord(text);
        if (is)
            take();
        return is;
    }

    std::nullptr_t fail(const std::string& message) {
        if (!failed_)
            diagnostics_.push_back({Severity::Error, "syntax", message, token().place});
        failed_ = true;
        return nullptr;
    }
    bool expectSymbol(std::string_view text, const char* where) {
        if (takeSymbol(text))
            return true;
        fail("expected '" + std::string(text) + "' " + where + ", found " + shown(token()));
        return false;
    }
    void refuse(const SourcePlace& place, const std::string& message) {
        diagnostics_.push_back({Severity::Error, "not-supported", message, place});
    }
    void mistake(const SourcePlace& place, const std::string& message) {
        diagnostics_.push_back({Severity::Error, "invalid", message, place});
    }

    static Node make(Kind kind, const SourcePlace& place) {
        auto node = std::make_unique<Expression>();
        node->kind = kind;
        node->place = place;
        return node;
    }
    /// Takes over an operand; null (and a mistake) where the tree would become too deep.
    Node with(Node parent, Node operand) {
        if (parent == nullptr || operand == nullptr)
            return nullptr;
        parent->depth = std::max(parent->depth, operand->depth + 1);
        parent->operands.push_back(std::move(operand));
        return parent->depth > kMaxDepth ? tooDeep() : std::move(parent);
    }
    std::nullptr_t tooDeep() {
        return fail("the expression is nested deeper than " + std::to_string(kMaxDepth) +
                    "; split it");
    }

    const BinaryWord* binaryWord() {
        const Token& t = token();
        if (t.kind == TokenKind::Identifier && lowered(t.text) == "atan2") {
            refuse(t.place, "atan2 is not supported: trigonometry is left out of the subset");
            tokens_[at_].text = "*";
            tokens_[at_].kind = TokenKind::Symbol;
        }
        if (t.kind != TokenKind::Symbol && t.kind != TokenKind::Identifier)
            return nullptr;
        return findWord(kBinaryWords, lowered(t.text));
    }

    Node parseBinary(int least) {
        if (++nesting_ > kMaxDepth)
            return tooDeep();
        Node left = parseUnary();
        while (left != nullptr) {
            const BinaryWord* word = binaryWord();
            if (word == nullptr || word->precedence < least)
                break;
            Node node = make(Kind::Binary, take().place);
            node->binary = word->op;
            if (!parseModifiers(*node))
                return nullptr;
            const bool isRightAssociative = word->precedence == kPower;
            Node right = parseBinary(word->precedence + (isRightAssociative ? 0 : 1));
            left = with(with(std::move(node), std::move(left)), std::move(right));
        }
        --nesting_;
        return left;
    }

    bool parseModifiers(Expression& node) {
        const SourcePlace place = token().place;
        node.returnsBool = takeWord("bool");
        if (node.returnsBool && !isComparison(node.binary))
            mistake(place, "bool stands behind comparisons only: a > bool b");
        VectorMatching& matching = node.matching;
        matching.isOn = isWord("on");
        matching.isWritten = matching.isOn || isWord("ignoring");
        if (matching.isWritten) {
            take();
            if (!parseNames(matching.labels))
                return false;
        }
        const bool isLeft = isWord("group_left");
        if (!isLeft && !isWord("group_right"))
            return true;
        if (!matching.isWritten)
            mistake(token().place, token().text + " needs on(...) or ignoring(...) before it");
        take();
        matching.cardinality = isLeft ? VectorMatching::Cardinality::ManyToOne
                                      : VectorMatching::Cardinality::OneToMany;
        return !isSymbol("(") || parseNames(matching.include);
    }

    /// ( a, b, )
    bool parseNames(std::vector<std::string>& names) {
        if (!expectSymbol("(", "before the label names"))
            return false;
        while (!isSymbol(")")) {
            // The lexer reads Inf and NaN as numbers; as labels they are names.
            if (!isLabelName(token().text) || token().kind == TokenKind::String) {
                fail("expected a label name, found " + shown(token()));
                return false;
            }
            names.push_back(take().text);
            if (!isSymbol(")") && !expectSymbol(",", "between label names"))
                return false;
        }
        take();
        return true;
    }

    Node parseUnary() {
        if (!isSymbol("-") && !isSymbol("+"))
            return parsePostfix();
        const Token sign = take();
        Node operand = parseBinary(kPower);
        if (operand == nullptr)
            return nullptr;
        // The sign of a literal is part of it.
        if (operand->kind == Kind::Number) {
            operand->number = sign.text == "-" ? -operand->number : operand->number;
            return operand;
        }
        Node node = make(Kind::Negation, sign.place);
        if (sign.text == "-")
            return with(std::move(node), std::move(operand));
        if (operand->kind == Kind::String ||
            (operand->kind == Kind::Selector && operand->selector.range > 0))
            mistake(sign.place, "unary + works on scalars and instant vectors");
        return operand;
    }

    Node parsePostfix() {
        const bool isInParentheses = isSymbol("(");
        Node node = parsePrimary();
        while (node != nullptr && !failed_) {
            const SourcePlace place = token().place;
            const bool isSelector = node->kind == Kind::Selector && !isInParentheses;
            if (isSymbol("["))
                parseRange(*node, isSelector);
            else if (takeWord("offset"))
                parseOffset(*node, isSelector, place);
            else if (takeSymbol("@"))
                parseAt(place);
            else
                break;
        }
        if (node != nullptr && node->kind == Kind::Selector)
            checkReach(*node);
        return failed_ ? nullptr : std::move(node);
    }

    void checkReach(const Expression& node) {
        const Selector& selector = node.selector;
        if (selector.range > kMaxReach || selector.offset > kMaxReach ||
            selector.range + selector.offset > kMaxReach)
            mistake(node.place,
                    "range and offset reach further back than 24h, the most that can "
                    "be asked for");
    }

    void parseRange(Expression& node, bool isSelector) {
        const SourcePlace place = take().place;
        if (token().kind != TokenKind::Duration) {
            fail("expected a duration such as 5m in the range, found " + shown(token()));
            return;
        }
        const Millis range = take().millis;
        if (token().kind == TokenKind::Identifier && token().text.starts_with(':')) {
            refuse(place,
                   "subqueries are not supported; put the range on a selector inside: "
                   "max_over_time(a[5m])");
            while (token().kind != TokenKind::End && !isSymbol("]"))
                take();
            expectSymbol("]", "behind the range");
            // Keeps the type that its place asks for.
            Expression selector;
            selector.kind = Kind::Selector;
            selector.place = node.place;
            selector.selector.range = range;
            node = std::move(selector);
            return;
        }
        if (!expectSymbol("]", "behind the range"))
            return;
        if (!isSelector)
            mistake(place,
                    "a range stands behind a selector only; ranges of expressions "
                    "(subqueries) are not supported");
        else if (node.selector.range > 0)
            mistake(place, "a second range");
        else if (node.selector.offset != 0)
            mistake(place, "the range stands before the offset: a[5m] offset 1m");
        else if (range == 0)
            mistake(place, "a range must be longer than 0");
        else
            node.selector.range = range;
    }

    void parseOffset(Expression& node, bool isSelector, const SourcePlace& place) {
        const bool isNegative = takeSymbol("-");
        if (token().kind != TokenKind::Duration) {
            fail("expected a duration such as 5m behind offset, found " + shown(token()));
            return;
        }
        const Millis offset = take().millis;
        if (isNegative)
            refuse(place, "a negative offset looks into the future, where nothing is kept");
        else if (!isSelector)
            mistake(place, "offset stands behind a selector and its range only");
        else if (node.selector.offset != 0)
            mistake(place, "a second offset");
        else
            node.selector.offset = offset;
    }

    void parseAt(const SourcePlace& place) {
        refuse(place,
               "the @ modifier is not supported; expressions are evaluated at the present "
               "time, use offset to look back");
        takeSymbol("-");
        if (token().kind == TokenKind::Number) {
            take();
        } else if (takeWord("start") || takeWord("end")) {
            if (expectSymbol("(", "behind start or end"))
                expectSymbol(")", "behind start( or end(");
        } else {
            fail("expected a time behind @, found " + shown(token()));
        }
    }

    Node parsePrimary() {
        const Token& t = token();
        if (t.kind == TokenKind::Number) {
            Node node = make(Kind::Number, t.place);
            node->number = take().number;
            return node;
        }
        if (t.kind == TokenKind::String) {
            Node node = make(Kind::String, t.place);
            node->string = take().text;
            return node;
        }
        if (takeSymbol("(")) {
            Node node = parseBinary(1);
            return node != nullptr && expectSymbol(")", "behind the expression") ? std::move(node)
                                                                                 : nullptr;
        }
        if (isSymbol("{"))
            return parseSelector("");
        if (t.kind == TokenKind::Identifier)
            return parseWord();
        return fail("expected an expression, found " + shown(t));
    }

    Node parseWord() {
        const std::string word = lowered(token().text);
        const Token& following = tokens_[std::min(at_ + 1, tokens_.size() - 1)];
        if (const AggregateWord* aggregate = findWord(kAggregateWords, word))
            return parseAggregation(aggregate->op);
        if (following.kind == TokenKind::Symbol && following.text == "(")
            return parseCall();
        if (std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end() ||
            findWord(kBinaryWords, word) != nullptr)
            return fail("expected an expression, found the word '" + token().text +
                        "'; a metric of that name is written {__name__=\"" + token().text + "\"}");
        return parseSelector(token().text);
    }

    Node parseSelector(const std::string& metric) {
        Node node = make(Kind::Selector, token().place);
        if (!metric.empty()) {
            take();
            addMatcher(*node, Matcher::Kind::Equal, std::string(kMetricName), metric, node->place);
        }
        if (takeSymbol("{")) {
            while (!isSymbol("}")) {
                if (!parseMatcher(*node, !metric.empty()) ||
                    (!isSymbol("}") && !expectSymbol(",", "between matchers")))
                    return nullptr;
            }
            take();
        }
        const auto& matchers = node->selector.matchers;
        if (!hasBadMatcher_ && std::all_of(matchers.begin(), matchers.end(),
                                           [](const Matcher& m) { return m.matches(""); }))
            mistake(node->place,
                    "a selector must ask for something: a metric's name, or a label with a matcher "
                    "that an absent label does not pass");
        hasBadMatcher_ = false;
        return node;
    }

    bool parseMatcher(Expression& node, bool hasName) {
        const Token label = token();
        if (label.kind == TokenKind::String)
            refuse(label.place, "quoted names are not supported; write {__name__=\"...\"}");
        else if (!isLabelName(label.text))
            return fail("expected a label name, found " + shown(label)) != nullptr;
        take();
        if (label.kind == TokenKind::String && (isSymbol(",") || isSymbol("}"))) {
            hasBadMatcher_ = true;
            return true;
        }
        constexpr std::array<std::string_view, 4> kSigns{"=", "!=", "=~", "!~"};
        const auto sign = std::find(kSigns.begin(), kSigns.end(), token().text);
        if (token().kind != TokenKind::Symbol || sign == kSigns.end())
            return fail("expected one of = != =~ !~ behind the label, found " + shown(token())) !=
                   nullptr;
        take();
        if (token().kind != TokenKind::String)
            return fail("expected a string in quotes, found " + shown(token())) != nullptr;
        const Token value = take();
        if (hasName && label.text == kMetricName)
            mistake(label.place, "the metric's name is given twice");
        addMatcher(node, static_cast<Matcher::Kind>(sign - kSigns.begin()), label.text, value.text,
                   value.place);
        return true;
    }

    void addMatcher(Expression& node, Matcher::Kind kind, std::string name, std::string value,
                    const SourcePlace& place) {
        auto matcher = Matcher::make(kind, std::move(name), std::move(value));
        if (matcher) {
            node.selector.matchers.push_back(*std::move(matcher));
        } else {
            hasBadMatcher_ = true;
            mistake(place, matcher.error().message);
        }
    }

    bool parseGrouping(Grouping& grouping, bool& isWritten) {
        if (isWritten || (!isWord("by") && !isWord("without")))
            return true;
        isWritten = true;
        grouping.isWithout = isWord("without");
        take();
        return parseNames(grouping.labels);
    }

    Node parseAggregation(AggregateOp op) {
        const Token word = take();
        Node node = make(Kind::Aggregation, word.place);
        node->aggregate = op;
        bool isGrouped = false;
        if (!parseGrouping(node->grouping, isGrouped) ||
            !expectSymbol("(", "behind the aggregation"))
            return nullptr;
        node = parseArguments(std::move(node));
        if (node == nullptr || !parseGrouping(node->grouping, isGrouped))
            return nullptr;
        const std::size_t wanted = takesParameter(op) ? 2 : 1;
        if (node->operands.size() != wanted) {
            const std::string shape = wanted == 2 ? "(parameter, vector)" : "(vector)";
            return failAt(word.place, lowered(word.text) + shape + " takes " +
                                          std::to_string(wanted) + ", and here are " +
                                          std::to_string(node->operands.size()));
        }
        return node;
    }

    std::nullptr_t failAt(const SourcePlace& place, const std::string& message) {
        if (!failed_)
            diagnostics_.push_back({Severity::Error, "syntax", message, place});
        failed_ = true;
        return nullptr;
    }

    Node parseCall() {
        const Token word = take();
        Node node = make(Kind::Call, word.place);
        node->function = findFunction(word.text);
        if (node->function == nullptr)
            refuseFunction(word);
        take();
        return parseArguments(std::move(node));
    }

    void refuseFunction(const Token& word) {
        const std::string_view instead = replacementOf(word.text);
        if (!instead.empty())
            return refuse(word.place, word.text + "() is not supported; " + std::string(instead));
        std::vector<std::string> names;
        for (const Function& f : functions())
            names.emplace_back(f.name);
        for (const AggregateWord& aggregate : kAggregateWords)
            names.emplace_back(aggregate.text);
        const std::string near = nearestWord(word.text, names);
        mistake(word.place, "there is no function " + word.text + "()" +
                                (near.empty() ? "" : "; did you mean " + near + "()?"));
    }

    /// Up to the closing bracket; the opening one is taken.
    Node parseArguments(Node node) {
        while (node != nullptr && !isSymbol(")")) {
            node = with(std::move(node), parseBinary(1));
            if (node != nullptr && !isSymbol(")") && !expectSymbol(",", "between arguments"))
                return nullptr;
            if (node != nullptr && isSymbol(")") && tokens_[at_ - 1].text == "," &&
                tokens_[at_ - 1].kind == TokenKind::Symbol)
                return fail("expected an argument behind ',', found ')'");
        }
        if (node != nullptr)
            take();
        return node;
    }

    std::vector<Token> tokens_;
    Diagnostics& diagnostics_;
    std::size_t at_ = 0;
    int nesting_ = 0;
    bool failed_ = false;
    bool hasBadMatcher_ = false;
};

}  // namespace

ParsedExpression parseExpression(std::string_view text, const TextOrigin& origin) {
    ParsedExpression parsed;
    const SourcePlace start{origin.file, origin.line, origin.column, 0};
    if (text.size() > kMaxExpressionBytes) {
        parsed.diagnostics.push_back({Severity::Error, "too-long",
                                      "the expression has " + std::to_string(text.size()) +
                                          " bytes; the most is " +
                                          std::to_string(kMaxExpressionBytes),
                                      start});
        return parsed;
    }
    std::vector<Token> tokens = tokenize(text, origin, parsed.diagnostics);
    if (hasErrors(parsed.diagnostics))
        return parsed;
    Node node = Parser(std::move(tokens), parsed.diagnostics).run();
    if (node != nullptr)
        checkTypes(*node, parsed.diagnostics);
    if (!hasErrors(parsed.diagnostics))
        parsed.expression = std::move(node);
    std::stable_sort(parsed.diagnostics.begin(), parsed.diagnostics.end(),
                     [](const Diagnostic& a, const Diagnostic& b) {
                         return std::pair(a.place.line, a.place.column) <
                                std::pair(b.place.line, b.place.column);
                     });
    return parsed;
}

}  // namespace levee::promql
