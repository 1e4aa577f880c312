// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "rules/promql/expression.h"
#include "rules/promql/token_stream.h"

namespace levee::promql {

/// The part of the grammar that names series: name{label="value"}[range] offset duration.
/// Confined to one thread.
class SelectorParser : public TokenStream {
public:
    using TokenStream::TokenStream;

    /// The stream stands at the metric's name, or at the { of a selector without one (`metric` is
    /// "" then). Null after a mistake of syntax.
    std::unique_ptr<Expression> parseSelector(const std::string& metric);
    /// Range, offset and @ behind an expression, as many as stand there. Behind anything but a
    /// selector they are mistakes.
    void parseSuffixes(Expression& node, bool isSelector);

private:
    void parseRange(Expression& node, bool isSelector);
    void refuseSubquery(Expression& node, const SourcePlace& place, Millis range);
    void parseOffset(Expression& node, bool isSelector, const SourcePlace& place);
    void parseAt(const SourcePlace& place);
    bool parseMatcher(Expression& node, bool hasName);
    void addMatcher(Expression& node, Matcher::Kind kind, std::string name, std::string value,
                    const SourcePlace& place);
    void checkReach(const Expression& node);

    bool hasBadMatcher_ = false;  ///< of the selector that is being read
};

}  // namespace levee::promql
