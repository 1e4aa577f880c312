// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/map_query.h"

#include <algorithm>
#include <cmath>

#include "dashboard/model/map_query_fields.h"

namespace levee {

using query::Field;
using query::Flag;
using query::Operator;

struct MapQuery::Term {
    enum class Kind { And, Or, Not, Number, Text, Flag };
    Kind kind = Kind::Flag;
    std::shared_ptr<const Term> left;
    std::shared_ptr<const Term> right;
    Field field = Field::Name;
    Operator op = Operator::Equal;
    double number = 0;
    QString text;
    Flag flag = Flag::Ok;
};

namespace {

using Term = MapQuery::Term;
using TermPtr = std::shared_ptr<const Term>;

struct Token {
    enum class Kind { Word, Quoted, Operator, Open, Close, And, Or, Not, End };
    Kind kind = Kind::End;
    int position = 0;
    int length = 0;
    QString text;
};

bool isSpecial(QChar c) {
    return c.isSpace() || QStringLiteral("()!&|<>=~:\"").contains(c);
}

/// Thrown nowhere: the first error stops the parser by filling `error`.
class Parser {
public:
    explicit Parser(const QString& text) : text_(text) { advance(false); }

    TermPtr parseAll() {
        if (token_.kind == Token::Kind::End)
            return nullptr;
        TermPtr term = parseOr(0);
        if (!error && token_.kind != Token::Kind::End)
            fail(token_, MapQuery::tr("\"%1\" is not expected here").arg(token_.text));
        return error ? nullptr : term;
    }

    std::optional<QueryError> error;

private:
    void fail(const Token& at, const QString& why) {
        if (!error)
            error = QueryError{at.position, at.length, why};
    }

    TermPtr join(Term::Kind kind, TermPtr left, TermPtr right) {
        Term term;
        term.kind = kind;
        term.left = std::move(left);
        term.right = std::move(right);
        return count(std::move(term));
    }

    TermPtr count(Term term) {
        if (++terms_ > MapQuery::kMostTerms)
            fail(token_, MapQuery::tr("more than %1 terms").arg(MapQuery::kMostTerms));
        return std::make_shared<const Term>(std::move(term));
    }

    TermPtr parseOr(int level) {
        TermPtr left = parseAnd(level);
        while (!error && token_.kind == Token::Kind::Or) {
            advance(false);
            left = join(Term::Kind::Or, left, parseAnd(level));
        }
        return left;
    }

    TermPtr parseAnd(int level) {
        TermPtr left = parseTerm(level);
        while (!error && token_.kind == Token::Kind::And) {
            advance(false);
            left = join(Term::Kind::And, left, parseTerm(level));
        }
        return left;
    }

    TermPtr parseTerm(int level) {
        if (level > MapQuery::kMostLevels) {
            fail(token_, MapQuery::tr("more than %1 levels").arg(MapQuery::kMostLevels));
            return nullptr;
        }
        switch (token_.kind) {
            case Token::Kind::Not:
                advance(false);
                return join(Term::Kind::Not, parseTerm(level + 1), nullptr);
            case Token::Kind::Open:
                return parseGroup(level);
            case Token::Kind::Word:
            case Token::Kind::Quoted:
                return parseComparison();
            case Token::Kind::End:
                fail(token_, MapQuery::tr("something is missing at the end"));
                return nullptr;
            default:
                fail(token_, MapQuery::tr("a field, a flag or a name is expected here"));
                return nullptr;
        }
    }

    TermPtr parseGroup(int level) {
        const Token open = token_;
        advance(false);
        TermPtr inner = parseOr(level + 1);
        if (!error && token_.kind != Token::Kind::Close)
            fail(open, MapQuery::tr("this parenthesis is not closed"));
        advance(false);
        return inner;
    }

    TermPtr parseComparison() {
        const Token word = token_;
        advance(false);
        if (word.kind == Token::Kind::Quoted || token_.kind != Token::Kind::Operator)
            return wordTerm(word);
        const auto field = query::fieldOf(word.text);
        if (!field) {
            fail(word, unknownField(word.text));
            return nullptr;
        }
        const Token sign = token_;
        const Operator op = query::operatorOf(sign.text);
        if (!query::isAllowed(*field, op)) {
            fail(sign, MapQuery::tr("%1 does not go with %2").arg(sign.text, word.text));
            return nullptr;
        }
        advance(true);
        const Token value = token_;
        if (value.kind != Token::Kind::Word && value.kind != Token::Kind::Quoted) {
            fail(value, MapQuery::tr("a value for %1 is missing").arg(word.text));
            return nullptr;
        }
        advance(false);
        return valueTerm(*field, op, word, value);
    }

    TermPtr wordTerm(const Token& word) {
        Term term;
        const auto flag =
            word.kind == Token::Kind::Quoted ? std::nullopt : query::flagOf(word.text);
        if (flag) {
            term.kind = Term::Kind::Flag;
            term.flag = *flag;
        } else {
            term.kind = Term::Kind::Text;
            term.field = Field::Name;
            term.op = Operator::Contains;
            term.text = word.text;
        }
        return count(std::move(term));
    }

    TermPtr valueTerm(Field field, Operator op, const Token& word, const Token& value) {
        Term term;
        term.field = field;
        term.op = op;
        if (query::isNumber(field)) {
            const auto number = query::numberOf(field, value.text);
            if (!number) {
                fail(value, MapQuery::tr("\"%1\" is no value for %2: write %3")
                                .arg(value.text, word.text, query::exampleOf(field)));
                return nullptr;
            }
            term.kind = Term::Kind::Number;
            term.number = *number;
            return count(std::move(term));
        }
        if (field == Field::State) {
            const auto flag = query::flagOf(value.text);
            if (!flag) {
                fail(value, MapQuery::tr("no state is called \"%1\": %2")
                                .arg(value.text, query::flagNames().join(QStringLiteral(", "))));
                return nullptr;
            }
            term.kind = Term::Kind::Flag;
            term.flag = *flag;
            TermPtr made = count(std::move(term));
            return op == Operator::NotEqual ? join(Term::Kind::Not, made, nullptr) : made;
        }
        if (field == Field::Kind && !query::kindNames().contains(value.text, Qt::CaseInsensitive)) {
            fail(value, MapQuery::tr("no kind is called \"%1\": %2")
                            .arg(value.text, query::kindNames().join(QStringLiteral(", "))));
            return nullptr;
        }
        term.kind = Term::Kind::Text;
        term.text = value.text;
        return count(std::move(term));
    }

    static QString unknownField(const QString& word) {
        return MapQuery::tr(
                   "no field is called \"%1\": %2. A name with such a sign goes in quotes.")
            .arg(word, query::fieldNames().join(QStringLiteral(", ")));
    }

    /// `isValue`: everything up to a space or a closing parenthesis is one word.
    void advance(bool isValue) {
        while (at_ < text_.size() && text_[at_].isSpace())
            ++at_;
        token_ = {Token::Kind::End, int(at_), 0, {}};
        if (at_ >= text_.size())
            return;
        const QChar c = text_[at_];
        if (c == QLatin1Char('"'))
            return takeQuoted();
        if (isValue && c != QLatin1Char(')') && c != QLatin1Char('('))
            return takeWhile(Token::Kind::Word, [](QChar x) {
                return !x.isSpace() && !QStringLiteral("()&|").contains(x);
            });
        if (!isSpecial(c))
            return takeWord();
        takeSign();
    }

    template <typename Belongs>
    void takeWhile(Token::Kind kind, Belongs belongs) {
        const auto from = at_;
        while (at_ < text_.size() && belongs(text_[at_]))
            ++at_;
        token_ = {kind, int(from), int(at_ - from), text_.mid(from, at_ - from)};
    }

    void takeWord() {
        takeWhile(Token::Kind::Word, [](QChar c) { return !isSpecial(c); });
        const QString word = token_.text.toLower();
        if (word == QLatin1String("and"))
            token_.kind = Token::Kind::And;
        else if (word == QLatin1String("or"))
            token_.kind = Token::Kind::Or;
        else if (word == QLatin1String("not"))
            token_.kind = Token::Kind::Not;
    }

    void takeQuoted() {
        const auto from = at_++;
        const auto end = text_.indexOf(QLatin1Char('"'), at_);
        if (end < 0) {
            token_ = {Token::Kind::Quoted, int(from), int(text_.size() - from),
                      text_.mid(from + 1)};
            fail(token_, MapQuery::tr("this quotation mark is not closed"));
            at_ = text_.size();
            return;
        }
        token_ = {Token::Kind::Quoted, int(from), int(end + 1 - from), text_.mid(at_, end - at_)};
        at_ = end + 1;
    }

    void takeSign() {
        const QStringView rest = QStringView(text_).mid(at_);
        struct Sign {
            const char* text;
            Token::Kind kind;
        };
        static constexpr Sign kSigns[] = {
            {"&&", Token::Kind::And},      {"||", Token::Kind::Or},
            {">=", Token::Kind::Operator}, {"<=", Token::Kind::Operator},
            {"==", Token::Kind::Operator}, {"!=", Token::Kind::Operator},
            {"!~", Token::Kind::Operator}, {"&", Token::Kind::And},
            {"|", Token::Kind::Or},        {">", Token::Kind::Operator},
            {"<", Token::Kind::Operator},  {"=", Token::Kind::Operator},
            {"~", Token::Kind::Operator},  {":", Token::Kind::Operator},
            {"!", Token::Kind::Not},       {"(", Token::Kind::Open},
            {")", Token::Kind::Close}};
        for (const Sign& sign : kSigns) {
            if (!rest.startsWith(QLatin1String(sign.text)))
                continue;
            const QString text = QString::fromLatin1(sign.text);
            token_ = {sign.kind, int(at_), int(text.size()), text};
            at_ += text.size();
            return;
        }
    }

    const QString& text_;
    qsizetype at_ = 0;
    Token token_;
    int terms_ = 0;
};

bool evaluate(const Term& term, const MapSubject& subject) {
    switch (term.kind) {
        case Term::Kind::And:
            return evaluate(*term.left, subject) && evaluate(*term.right, subject);
        case Term::Kind::Or:
            return evaluate(*term.left, subject) || evaluate(*term.right, subject);
        case Term::Kind::Not:
            return !evaluate(*term.left, subject);
        case Term::Kind::Number:
            return query::compare(query::numberIn(subject, term.field), term.op, term.number);
        case Term::Kind::Text:
            return query::compare(query::textsIn(subject, term.field), term.op, term.text);
        case Term::Kind::Flag:
            return query::has(subject, term.flag);
    }
    return false;
}

}  // namespace

MapQuery::Parsed MapQuery::parse(const QString& text) {
    Parsed parsed;
    if (text.size() > kMostCharacters) {
        parsed.error = QueryError{kMostCharacters, int(text.size()) - kMostCharacters,
                                  tr("longer than %1 characters").arg(kMostCharacters)};
        return parsed;
    }
    Parser parser(text);
    parsed.query.root_ = parser.parseAll();
    parsed.error = parser.error;
    if (parsed.error)
        parsed.query.root_.reset();
    return parsed;
}

bool MapQuery::matches(const MapSubject& subject) const {
    return !root_ || evaluate(*root_, subject);
}

QueryCompletion completeQuery(const QString& text, int cursor, const QueryVocabulary& vocabulary) {
    constexpr qsizetype kMostWords = 20;
    const QString before = text.left(cursor);
    qsizetype from = before.size();
    while (from > 0 && !isSpecial(before[from - 1]))
        --from;
    QueryCompletion completion{int(from), {}};
    const QString typed = before.mid(from);
    qsizetype signEnd = from;
    while (signEnd > 0 && before[signEnd - 1].isSpace())
        --signEnd;
    qsizetype sign = signEnd;
    while (sign > 0 && QStringLiteral("<>=~:!").contains(before[sign - 1]))
        --sign;
    qsizetype wordEnd = sign;
    while (wordEnd > 0 && before[wordEnd - 1].isSpace())
        --wordEnd;
    qsizetype word = wordEnd;
    while (word > 0 && !isSpecial(before[word - 1]))
        --word;
    const auto field =
        sign < signEnd ? query::fieldOf(before.mid(word, wordEnd - word)) : std::nullopt;
    const QStringList offered =
        field ? query::valuesOf(*field, vocabulary) : query::wordsToBeginWith(vocabulary, typed);
    for (const QString& candidate : offered) {
        if (completion.words.size() >= kMostWords)
            break;
        if (candidate.startsWith(typed, Qt::CaseInsensitive) &&
            candidate.compare(typed, Qt::CaseInsensitive) != 0)
            completion.words << candidate;
    }
    return completion;
}

std::string namespaceOf(const Node& node) {
    if (!node.owner.nameSpace.empty())
        return node.owner.nameSpace;
    const std::string& name = node.name;
    const auto end = name.find_first_of("/.");
    // A name that ends or begins with the sign, or is an address, belongs to nobody.
    if (end == std::string::npos || end == 0 || end + 1 >= name.size())
        return {};
    const std::string first = name.substr(0, end);
    const bool isAddress =
        std::ranges::all_of(first, [](unsigned char c) { return c >= '0' && c <= '9'; });
    return isAddress ? std::string() : first;
}

}  // namespace levee
