// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/presence.h"

#include <iterator>

#include "rules/promql/functions.h"
#include "shared/stats/stale_marker.h"

namespace levee::promql {
namespace {

using Kind = Expression::Kind;
using Missing = std::vector<std::string>;

bool hasSamples(const Selector& selector, const SeriesSource& source, Millis now) {
    bool isThere = false;
    source.select(selector.matchers, now - selector.reach(), now - selector.offset,
                  SeriesSource::Depth::Newest, [&](Labels&&, std::span<const Sample> samples) {
                      isThere = !samples.empty() && !stats::isStaleMarker(samples.back().value);
                      return !isThere;
                  });
    return isThere;
}

void append(Missing& to, Missing from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

Missing missingOf(const Expression& e, const SeriesSource& source, Millis now) {
    if (e.kind == Kind::Selector)
        return hasSamples(e.selector, source, now) ? Missing() : Missing{text(e.selector)};
    if (e.kind == Kind::Call &&
        (e.function->name == "absent" || e.function->name == "absent_over_time"))
        return {};
    const bool isBinary = e.kind == Kind::Binary;
    if (isBinary && e.binary == BinaryOp::Unless)
        return missingOf(*e.operands[0], source, now);
    Missing all;
    for (const auto& operand : e.operands) {
        Missing missing = missingOf(*operand, source, now);
        if (isBinary && e.binary == BinaryOp::Or && missing.empty())
            return {};
        append(all, std::move(missing));
    }
    return all;
}

}  // namespace

std::vector<std::string> missingSeries(const Expression& expression, const SeriesSource& source,
                                       Millis now) {
    return missingOf(expression, source, now);
}

std::string text(const Selector& selector) {
    std::string matchers;
    const std::string_view name = exactName(selector.matchers);
    for (const Matcher& matcher : selector.matchers) {
        if (matcher.name() != kMetricName || name.empty())
            matchers += (matchers.empty() ? "" : ",") + matcher.text();
    }
    return std::string(name) + (matchers.empty() ? "" : "{" + matchers + "}");
}

}  // namespace levee::promql
