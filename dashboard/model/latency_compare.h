// SPDX-License-Identifier: GPL-3.0-or-later
// A heatmap out of what agents told, and what differs between a part of it and the rest: which
// callers, instances, answers, states of the guard are more frequent there. Counts and shares, and
// no verdict: what goes together need not be the cause. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dashboard/model/latency_history.h"

namespace levee {

/// Requests that ended in [fromMillis, toMillis) and fell into buckets [lowBucket, highBucket].
struct LatencyBox {
    std::int64_t fromMillis = 0;
    std::int64_t toMillis = 0;
    int lowBucket = 0;
    int highBucket = kLatencyBuckets - 1;

    bool operator==(const LatencyBox&) const = default;
};

/// Counts by column (a slice of time) and bucket.
struct LatencyGrid {
    std::int64_t fromMillis = 0;  ///< where the first column begins
    std::int64_t sliceMillis = 0;
    std::size_t columns = 0;
    std::vector<std::uint32_t> counts;  ///< column after column, kLatencyBuckets each
    std::int64_t knownFrom = 0;         ///< what lies outside of these two was not told: not zero
    std::int64_t knownUntil = 0;

    std::uint32_t at(std::size_t column, int bucket) const {
        return counts[column * kLatencyBuckets + static_cast<std::size_t>(bucket)];
    }
    bool operator==(const LatencyGrid&) const = default;
};

/// Of the subject itself. The columns reach over [fromMillis, toMillis).
LatencyGrid latencyGrid(const LatencyHistory& history, const std::string& subject,
                        std::int64_t fromMillis, std::int64_t toMillis);

enum class LatencyDimension {
    Caller,      ///< value: the edge, "checkout->payment"; as its own listener measured
    Dependency,  ///< value: the edge; its calls that took as long as the box begins, by time alone
    Instance,
    Outcome,
    Status,
    Class,
    Retried,
    Queued,
    Breaker,
    Held,
    Revision,
};

/// How frequent one value is among the selected requests, and among the rest.
struct LatencyDifference {
    LatencyDimension dimension = LatencyDimension::Caller;
    std::string text;         ///< the edge, the instance, the class; "" where a number tells
    std::int64_t number = 0;  ///< Outcome, status, BreakerState, revision
    std::uint64_t selected = 0;
    std::uint64_t ofSelected = 0;
    std::uint64_t rest = 0;
    std::uint64_t ofRest = 0;
    /// The intervals in which the two true shares lie (95 % each) do not meet.
    bool isClear = false;

    double selectedShare() const;
    double restShare() const;
    double difference() const { return selectedShare() - restShare(); }

    bool operator==(const LatencyDifference&) const = default;
};

struct LatencyComparison {
    std::uint64_t selected = 0;  ///< requests of the subject in the box
    std::uint64_t rest = 0;      ///< in the window, outside of the box
    std::uint64_t unknown = 0;   ///< of the selected: how they were answered is not known
    std::vector<LatencyDifference> differences;  ///< what is more frequent in the box, most first
    std::vector<LatencyDimension> same;          ///< known, and nothing in them differs

    bool operator==(const LatencyComparison&) const = default;
};

/// Fewer requests than this on a side are too few to tell anything.
constexpr std::uint64_t kFewRequests = 20;
constexpr double kLeastDifference = 0.02;  ///< of shares; smaller ones are none
constexpr std::size_t kMostDifferences = 20;

/// The box against all else in [fromMillis, toMillis).
LatencyComparison compareLatency(const LatencyHistory& history, const std::string& subject,
                                 const LatencyBox& box, std::int64_t fromMillis,
                                 std::int64_t toMillis);

}  // namespace levee
