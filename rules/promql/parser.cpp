// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/parser.h"

#include <algorithm>
#include <array>

#include "rules/promql/functions.h"
#include "rules/promql/selector_parser.h"
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

template <typename Table>
auto findWord(const Table& table, std::string_view text) {
    const auto at = std::find_if(table.begin(), table.end(),
                                 [text](const auto& word) { return word.text == text; });
    return at != table.end() ? &*at : nullptr;
}

/// Recursive descent with precedences. After a mistake of syntax every function returns at once.
class Parser : private SelectorParser {
public:
    using SelectorParser::SelectorParser;

    Node run() {
        Node node = parseBinary(1);
        if (node != nullptr && token().kind != TokenKind::End)
            return fail("expected an operator or the end, found " + shown(token()));
        return hasFailed() ? nullptr : std::move(node);
    }

private:
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
            replace("*");
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
            if (!expectNames(matching.labels))
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
        return !isSymbol("(") || expectNames(matching.include);
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
        if (node != nullptr)
            parseSuffixes(*node, node->kind == Kind::Selector && !isInParentheses);
        return hasFailed() ? nullptr : std::move(node);
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
        if (const AggregateWord* aggregate = findWord(kAggregateWords, word))
            return parseAggregation(aggregate->op);
        if (following().kind == TokenKind::Symbol && following().text == "(")
            return parseCall();
        if (std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end() ||
            findWord(kBinaryWords, word) != nullptr)
            return fail("expected an expression, found the word '" + token().text +
                        "'; a metric of that name is written {__name__=\"" + token().text + "\"}");
        return parseSelector(token().text);
    }

    bool parseGrouping(Grouping& grouping, bool& isWritten) {
        if (isWritten || (!isWord("by") && !isWord("without")))
            return true;
        isWritten = true;
        grouping.isWithout = isWord("without");
        take();
        return expectNames(grouping.labels);
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
            return failAt(
                word.place,
                lowered(word.text) +
                    (wanted == 2 ? "() takes 2 arguments, its parameter and a vector, not "
                                 : "() takes 1 argument, not ") +
                    std::to_string(node->operands.size()));
        }
        return node;
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
            if (node == nullptr || isSymbol(")"))
                break;
            if (!expectSymbol(",", "between arguments"))
                return nullptr;
            if (isSymbol(")"))
                return fail("expected an argument behind ',', found ')'");
        }
        if (node != nullptr)
            take();
        return node;
    }

    int nesting_ = 0;
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
