// SPDX-License-Identifier: Apache-2.0
// Requests by when they ended and how long they took, with what may have made them slow: what a
// heatmap shows, and what a part of it is compared by. Plain values.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/guard_state.h"
#include "shared/model/request_record.h"

namespace levee {

/// Two buckets an octave: bucket k holds (2^((k - 28) / 2), 2^((k - 27) / 2)] seconds. The first
/// one (up to 86 us) takes everything below it too, the last one everything above it (91 s).
constexpr int kLatencyBuckets = 42;

/// Seconds: the exclusive lower bound of bucket `bucket`, the upper one of the bucket before.
inline double latencyBound(int bucket) {
    return std::exp2((bucket - 28) / 2.0);
}

/// How a request was answered. Equal ones are counted together.
struct LatencyFacet {
    bool isUnknown = false;  ///< of a trace, or one kind too many: the rest means nothing
    Outcome outcome = Outcome::Success;             ///< Success, Failure or Timeout
    std::uint16_t status = 0;                       ///< 0: there was none
    std::string instance = {};                      ///< "": not known
    std::string className = {};                     ///< of its priority; "": there are no classes
    bool isRetried = false;                         ///< by the gateway
    bool isQueued = false;                          ///< waited at the gateway
    BreakerState breaker = BreakerState::Disabled;  ///< at that time; Disabled where there is none
    bool isHeld = false;                            ///< the guard was held by hand
    std::int64_t revision = 0;                      ///< of the rules

    bool operator==(const LatencyFacet&) const = default;
};

/// So many requests of one facet in one bucket.
struct LatencyCell {
    std::uint8_t bucket = 0;
    std::uint8_t facet = 0;  ///< index into the table that stands beside it
    std::uint32_t count = 0;

    bool operator==(const LatencyCell&) const = default;
};

/// Requests that ended in [millis, millis + LatencyMap::sliceMillis).
struct LatencySlice {
    std::int64_t millis = 0;  ///< wall time
    std::vector<LatencyFacet> facets;
    std::vector<LatencyCell> cells;  ///< by bucket, facet; none twice
};

/// Of a service ("payment") as its own listener saw it, or of an edge ("checkout->payment") as its
/// caller's listener did; where there is no listener, as traces tell. Answered requests only.
struct LatencyStream {
    std::string subject;
    bool isFromTraces = false;
    std::vector<LatencySlice> slices;  ///< ascending; a time without any request has none
};

/// What an agent keeps about a service and the edges around it.
struct LatencyMap {
    std::int64_t sliceMillis = 0;
    std::int64_t keptFromMillis = 0;          ///< of the requests from here on nothing is forgotten
    std::int64_t untilMillis = 0;             ///< all slices that began before this are told
    std::vector<LatencyStream> streams = {};  ///< of the subject itself first
    int streamsLeftOut = 0;                   ///< beyond the bound of an answer
};

}  // namespace levee
