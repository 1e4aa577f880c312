// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/latency_compare.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "shared/stats/wilson.h"

namespace levee {
namespace {

struct Sides {
    std::uint64_t selected = 0;
    std::uint64_t rest = 0;

    void add(bool isSelected, std::uint64_t count) { (isSelected ? selected : rest) += count; }
};

using Values = std::map<std::pair<std::string, std::int64_t>, Sides>;

struct Dimension {
    Sides all;
    Values values;

    void add(const std::string& text, std::int64_t number, bool isSelected, std::uint64_t count) {
        values[{text, number}].add(isSelected, count);
    }
};

using Dimensions = std::map<LatencyDimension, Dimension>;

bool isInTime(const LatencyBox& box, std::int64_t millis) {
    return millis >= box.fromMillis && millis < box.toMillis;
}

bool isIn(const LatencyBox& box, std::int64_t millis, int bucket) {
    return isInTime(box, millis) && bucket >= box.lowBucket && bucket <= box.highBucket;
}

void addFacet(Dimensions& dimensions, const LatencyFacet& facet, bool isSelected,
              std::uint64_t count) {
    const auto add = [&](LatencyDimension dimension, const std::string& text, std::int64_t number) {
        dimensions[dimension].all.add(isSelected, count);
        dimensions[dimension].add(text, number, isSelected, count);
    };
    /// A yes or no is one value: the share of those with it.
    const auto addIf = [&](LatencyDimension dimension, bool isTrue) {
        dimensions[dimension].all.add(isSelected, count);
        if (isTrue)
            dimensions[dimension].add({}, 1, isSelected, count);
    };
    add(LatencyDimension::Outcome, {}, static_cast<std::int64_t>(facet.outcome));
    if (facet.status != 0)
        add(LatencyDimension::Status, {}, facet.status);
    if (!facet.instance.empty())
        add(LatencyDimension::Instance, facet.instance, 0);
    if (!facet.className.empty())
        add(LatencyDimension::Class, facet.className, 0);
    addIf(LatencyDimension::Retried, facet.isRetried);
    addIf(LatencyDimension::Queued, facet.isQueued);
    addIf(LatencyDimension::Held, facet.isHeld);
    if (facet.breaker != BreakerState::Disabled)
        add(LatencyDimension::Breaker, {}, static_cast<std::int64_t>(facet.breaker));
    add(LatencyDimension::Revision, {}, facet.revision);
}

template <typename Visit>
void forEachCell(const LatencyHistory::Stream& stream, std::int64_t from, std::int64_t to,
                 Visit visit) {
    for (const LatencySlice& slice : stream.slices)
        if (slice.millis >= from && slice.millis < to)
            for (const LatencyCell& cell : slice.cells)
                visit(slice, cell);
}

LatencyDifference differenceOf(LatencyDimension dimension,
                               const std::pair<std::string, std::int64_t>& value,
                               const Sides& sides, const Sides& all) {
    LatencyDifference each{dimension,    value.first, value.second, sides.selected,
                           all.selected, sides.rest,  all.rest};
    const auto selected = stats::wilsonBounds(each.selected, each.ofSelected);
    const auto rest = stats::wilsonBounds(each.rest, each.ofRest);
    each.isClear = selected.low > rest.high || rest.low > selected.high;
    return each;
}

}  // namespace

double LatencyDifference::selectedShare() const {
    return ofSelected > 0 ? static_cast<double>(selected) / static_cast<double>(ofSelected) : 0;
}

double LatencyDifference::restShare() const {
    return ofRest > 0 ? static_cast<double>(rest) / static_cast<double>(ofRest) : 0;
}

LatencyGrid latencyGrid(const LatencyHistory& history, const std::string& subject,
                        std::int64_t fromMillis, std::int64_t toMillis) {
    LatencyGrid grid;
    grid.sliceMillis = history.sliceMillis();
    grid.knownFrom = history.fromMillis();
    grid.knownUntil = history.untilMillis();
    if (history.isEmpty() || fromMillis >= toMillis)
        return grid;
    const std::int64_t first = fromMillis / grid.sliceMillis;
    const std::int64_t last = (toMillis - 1) / grid.sliceMillis;
    grid.fromMillis = first * grid.sliceMillis;
    grid.columns = static_cast<std::size_t>(last - first + 1);
    grid.counts.assign(grid.columns * kLatencyBuckets, 0);
    history.forEach(subject, [&](const LatencyHistory::Stream& stream) {
        forEachCell(stream, grid.fromMillis, toMillis,
                    [&](const LatencySlice& slice, const LatencyCell& cell) {
                        const auto column = static_cast<std::size_t>(
                            (slice.millis - grid.fromMillis) / grid.sliceMillis);
                        std::uint32_t& count = grid.counts[column * kLatencyBuckets + cell.bucket];
                        const std::uint64_t sum = std::uint64_t{count} + cell.count;
                        count = static_cast<std::uint32_t>(std::min<std::uint64_t>(
                            sum, std::numeric_limits<std::uint32_t>::max()));
                    });
    });
    return grid;
}

LatencyComparison compareLatency(const LatencyHistory& history, const std::string& subject,
                                 const LatencyBox& box, std::int64_t fromMillis,
                                 std::int64_t toMillis) {
    LatencyComparison result;
    Dimensions dimensions;
    history.forEach([&](const LatencyHistory::Stream& stream) {
        const std::size_t arrow = stream.subject.find("->");
        const bool isOwn = stream.subject == subject;
        const bool isCaller = !isOwn && arrow != std::string::npos &&
                              stream.subject.compare(arrow + 2, std::string::npos, subject) == 0;
        const bool isDependency =
            !isOwn && arrow != std::string::npos && stream.subject.compare(0, arrow, subject) == 0;
        forEachCell(stream, fromMillis, toMillis,
                    [&](const LatencySlice& slice, const LatencyCell& cell) {
                        const bool isSelected = isIn(box, slice.millis, cell.bucket);
                        if (isOwn) {
                            (isSelected ? result.selected : result.rest) += cell.count;
                            const LatencyFacet& facet = slice.facets[cell.facet];
                            if (!facet.isUnknown)
                                addFacet(dimensions, facet, isSelected, cell.count);
                            else if (isSelected)
                                result.unknown += cell.count;
                        }
                        if (isCaller) {
                            Dimension& callers = dimensions[LatencyDimension::Caller];
                            callers.all.add(isSelected, cell.count);
                            callers.add(stream.subject, 0, isSelected, cell.count);
                        }
                    });
        if (!isDependency || box.lowBucket == 0)
            return;
        // Each dependency against itself: at that time, and else.
        Sides slow;
        Sides all;
        forEachCell(stream, fromMillis, toMillis,
                    [&](const LatencySlice& slice, const LatencyCell& cell) {
                        const bool isThen = isInTime(box, slice.millis);
                        all.add(isThen, cell.count);
                        if (cell.bucket >= box.lowBucket)
                            slow.add(isThen, cell.count);
                    });
        Dimension& known = dimensions[LatencyDimension::Dependency];
        if (all.selected == 0 || all.rest == 0)
            return;
        const LatencyDifference each =
            differenceOf(LatencyDimension::Dependency, {stream.subject, 0}, slow, all);
        known.all = {1, 1};
        if (each.difference() >= kLeastDifference)
            result.differences.push_back(each);
    });
    for (const auto& [dimension, known] : dimensions) {
        if (known.all.selected == 0 || known.all.rest == 0)
            continue;
        for (const auto& [value, sides] : known.values) {
            const LatencyDifference each = differenceOf(dimension, value, sides, known.all);
            // What is less frequent here is more frequent there: one of the two says it.
            if (each.difference() >= kLeastDifference)
                result.differences.push_back(each);
        }
        if (std::ranges::none_of(result.differences, [&](const LatencyDifference& each) {
                return each.dimension == dimension;
            }))
            result.same.push_back(dimension);
    }
    // What may be chance stands behind what is not.
    std::ranges::stable_sort(result.differences, [](const auto& a, const auto& b) {
        return std::make_tuple(!a.isClear, -a.difference()) <
               std::make_tuple(!b.isClear, -b.difference());
    });
    if (result.differences.size() > kMostDifferences)
        result.differences.resize(kMostDifferences);
    return result;
}

}  // namespace levee
