// SPDX-License-Identifier: Apache-2.0
// The part of an edge's evidence that only traces give: how far they can be believed, and where the
// time of its calls went. Kept apart from the traffic, of which the gateway knows more.
#pragma once

#include <cstdint>

#include "shared/base/time.h"
#include "shared/model/topology.h"

namespace levee::topology {

/// What one report of traces says, as sums.
struct CallEvidence {
    std::uint64_t requests = 0;
    std::uint64_t seen = 0;        ///< of those, that spans came for: the rest is from sampling
    double matched = 0;            ///< both halves came
    double unmatched = 0;          ///< halves without a partner
    std::uint64_t splitCalls = 0;  ///< those whose time is known part by part
    double clientSeconds = 0;      ///< of these: as the caller saw them,
    double serverSeconds = 0;      ///< as the answering service did,
    double selfSeconds = 0;        ///< and its own work
    double leastTransit = kUnknown;

    void add(const CallEvidence& other);
};

/// The reports of the last 5 to 10 s: two sums take turns. Confined to one thread.
class CallTimes {
public:
    static constexpr Duration kTurn = std::chrono::seconds(5);

    void add(const CallEvidence& seen, MonotonicTime now);
    LatencySplit split(MonotonicTime now) const;
    TraceQuality quality(MonotonicTime now) const;

private:
    CallEvidence sum(MonotonicTime now) const;

    CallEvidence current_;
    CallEvidence previous_;
    MonotonicTime turned_{};
};

}  // namespace levee::topology
