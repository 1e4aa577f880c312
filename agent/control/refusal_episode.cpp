// SPDX-License-Identifier: Apache-2.0
#include "agent/control/refusal_episode.h"

#include <cmath>
#include <utility>

namespace levee {

Shedding::News RefusalEpisode::tick(Duration elapsed, MonotonicTime now) {
    refusedBefore_ = std::exchange(refusedNow_, 0);
    passedBefore_ = std::exchange(passedNow_, 0);
    if (const double seconds = toSeconds(elapsed); seconds > 0) {
        const double keep = std::exp(-seconds);
        perSecond_ = keep * perSecond_ + (1 - keep) * static_cast<double>(refusedBefore_) / seconds;
    }
    WindowSample sample;
    sample.length = elapsed;
    sample.shed = refusedBefore_;
    sample.completed = passedBefore_;
    return episode_.onWindow(sample, now);
}

}  // namespace levee
