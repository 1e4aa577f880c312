// SPDX-License-Identifier: Apache-2.0
#include "agent/topology/call_times.h"

#include <algorithm>
#include <cmath>

namespace levee::topology {

void CallEvidence::add(const CallEvidence& other) {
    requests += other.requests;
    seen += other.seen;
    matched += other.matched;
    unmatched += other.unmatched;
    splitCalls += other.splitCalls;
    clientSeconds += other.clientSeconds;
    serverSeconds += other.serverSeconds;
    selfSeconds += other.selfSeconds;
    leastTransit = std::fmin(leastTransit, other.leastTransit);  // the number, when one is none
}

void CallTimes::add(const CallEvidence& seen, MonotonicTime now) {
    if (now - turned_ >= kTurn) {
        previous_ = now - turned_ < 2 * kTurn ? current_ : CallEvidence();
        current_ = {};
        turned_ = now;
    }
    current_.add(seen);
}

CallEvidence CallTimes::sum(MonotonicTime now) const {
    CallEvidence all;
    if (now - turned_ < 2 * kTurn)
        all = current_;
    if (now - turned_ < kTurn)
        all.add(previous_);
    return all;
}

LatencySplit CallTimes::split(MonotonicTime now) const {
    const CallEvidence all = sum(now);
    if (all.splitCalls == 0)
        return {};
    const auto calls = static_cast<double>(all.splitCalls);
    const double transit = std::max(all.clientSeconds - all.serverSeconds, 0.0) / calls;
    LatencySplit split;
    split.network = std::min(all.leastTransit, transit);
    split.queue = transit - split.network;
    split.processing = all.selfSeconds / calls;
    split.waiting = std::max(all.serverSeconds - all.selfSeconds, 0.0) / calls;
    return split;
}

TraceQuality CallTimes::quality(MonotonicTime now) const {
    const CallEvidence all = sum(now);
    TraceQuality quality;
    if (all.matched + all.unmatched > 0)
        quality.confidence = all.matched / (all.matched + all.unmatched);
    if (all.requests > 0)
        quality.sampled = static_cast<double>(all.seen) / static_cast<double>(all.requests);
    return quality;
}

}  // namespace levee::topology
