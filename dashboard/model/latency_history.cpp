// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/latency_history.h"

#include <algorithm>
#include <limits>

namespace levee {

void LatencyHistory::take(std::size_t agent, const LatencyMap& map) {
    if (map.sliceMillis <= 0)
        return;
    sliceMillis_ = map.sliceMillis;
    Told& told = told_[agent];
    // A clock that was set back: what it said before is not this past.
    if (map.untilMillis < told.until)
        std::erase_if(streams_, [&](const auto& each) { return each.first.first == agent; });
    told = {map.keptFromMillis, map.untilMillis, map.streamsLeftOut};
    for (const LatencyStream& incoming : map.streams) {
        Stream& stream = streams_[{agent, incoming.subject}];
        stream.subject = incoming.subject;
        stream.isFromTraces = incoming.isFromTraces;
        for (const LatencySlice& slice : incoming.slices)
            if (stream.slices.empty() || slice.millis > stream.slices.back().millis)
                stream.slices.push_back(slice);
    }
    forgetOld();
}

void LatencyHistory::forgetOld() {
    until_ = 0;
    from_ = std::numeric_limits<std::int64_t>::max();
    for (const auto& [agent, told] : told_) {
        from_ = std::min(from_, told.from);
        until_ = std::max(until_, told.until);
    }
    const std::int64_t oldest = until_ - kKeptMillis;
    from_ = std::clamp(from_, oldest, until_);
    for (auto& [key, stream] : streams_)
        while (!stream.slices.empty() && stream.slices.front().millis < oldest)
            stream.slices.pop_front();
}

std::int64_t LatencyHistory::untilOf(std::size_t agent) const {
    const auto found = told_.find(agent);
    return found != told_.end() ? found->second.until : 0;
}

int LatencyHistory::streamsLeftOut() const {
    int sum = 0;
    for (const auto& [agent, told] : told_)
        sum += told.leftOut;
    return sum;
}

}  // namespace levee
