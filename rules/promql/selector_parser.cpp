// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/selector_parser.h"

#include <algorithm>
#include <array>

#include "rules/promql/parser.h"

namespace levee::promql {
namespace {

using Kind = Expression::Kind;

}  // namespace

void SelectorParser::parseSuffixes(Expression& node, bool isSelector) {
    while (!hasFailed()) {
        const SourcePlace place = token().place;
        if (isSymbol("["))
            parseRange(node, isSelector);
        else if (takeWord("offset"))
            parseOffset(node, isSelector, place);
        else if (takeSymbol("@"))
            parseAt(place);
        else
            break;
    }
    if (node.kind == Kind::Selector)
        checkReach(node);
}

void SelectorParser::checkReach(const Expression& node) {
    const Selector& selector = node.selector;
    if (selector.range > kMaxReach || selector.offset > kMaxReach ||
        selector.range + selector.offset > kMaxReach)
        mistake(node.place,
                "range and offset reach further back than 24h, the most that can "
                "be asked for");
}

void SelectorParser::parseRange(Expression& node, bool isSelector) {
    const SourcePlace place = take().place;
    if (token().kind != TokenKind::Duration) {
        fail("expected a duration such as 5m in the range, found " + shown(token()));
        return;
    }
    const Millis range = take().millis;
    if (token().kind == TokenKind::Identifier && token().text.starts_with(':')) {
        refuseSubquery(node, place, range);
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

void SelectorParser::refuseSubquery(Expression& node, const SourcePlace& place, Millis range) {
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
}

void SelectorParser::parseOffset(Expression& node, bool isSelector, const SourcePlace& place) {
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

void SelectorParser::parseAt(const SourcePlace& place) {
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

std::unique_ptr<Expression> SelectorParser::parseSelector(const std::string& metric) {
    auto node = std::make_unique<Expression>();
    node->kind = Kind::Selector;
    node->place = token().place;
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

bool SelectorParser::parseMatcher(Expression& node, bool hasName) {
    const Token label = token();
    const auto expected = [this](const char* what) {
        fail(std::string("expected ") + what + ", found " + shown(token()));
        return false;
    };
    if (label.kind == TokenKind::String)
        refuse(label.place, "quoted names are not supported; write {__name__=\"...\"}");
    else if (!isLabelName(label.text))
        return expected("a label name");
    take();
    if (label.kind == TokenKind::String && (isSymbol(",") || isSymbol("}"))) {
        hasBadMatcher_ = true;
        return true;
    }
    constexpr std::array<std::string_view, 4> kSigns{"=", "!=", "=~", "!~"};
    const auto sign = std::find(kSigns.begin(), kSigns.end(), token().text);
    if (token().kind != TokenKind::Symbol || sign == kSigns.end())
        return expected("one of = != =~ !~ behind the label");
    take();
    if (token().kind != TokenKind::String)
        return expected("a string in quotes");
    const Token value = take();
    if (hasName && label.text == kMetricName)
        mistake(label.place, "the metric's name is given twice");
    addMatcher(node, static_cast<Matcher::Kind>(sign - kSigns.begin()), label.text, value.text,
               value.place);
    return true;
}

void SelectorParser::addMatcher(Expression& node, Matcher::Kind kind, std::string name,
                                std::string value, const SourcePlace& place) {
    auto matcher = Matcher::make(kind, std::move(name), std::move(value));
    if (matcher) {
        node.selector.matchers.push_back(*std::move(matcher));
    } else {
        hasBadMatcher_ = true;
        mistake(place, matcher.error().message);
    }
}

}  // namespace levee::promql
