// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/sample_window.h"

#include <algorithm>
#include <utility>

namespace levee {

std::optional<WindowSample> SampleWindow::add(const WindowSample& sample) {
    const double before = toSeconds(joined_.length);
    const double added = toSeconds(sample.length);
    joined_.length += sample.length;
    joined_.completed += sample.completed;
    joined_.failed += sample.failed;
    joined_.timedOut += sample.timedOut;
    joined_.shed += sample.shed;
    joined_.queued += sample.queued;
    joined_.maxInFlight = std::max(joined_.maxInFlight, sample.maxInFlight);
    joined_.inFlight = (joined_.inFlight * before + sample.inFlight * added) / (before + added);
    if (sample.leastQueueWait > 0 || sample.completed + sample.timedOut > 0) {
        joined_.leastQueueWait = hasWait_ ? std::min(joined_.leastQueueWait, sample.leastQueueWait)
                                          : sample.leastQueueWait;
        hasWait_ = true;
    }
    joined_.timeout = sample.timeout;
    joined_.selfShare = sample.selfShare;
    const auto count = static_cast<double>(joined_.latency.count() + sample.latency.count());
    const double seen = static_cast<double>(joined_.latency.count()) / joined_.weight +
                        static_cast<double>(sample.latency.count()) / sample.weight;
    joined_.weight = seen > 0 ? count / seen : 1;
    joined_.latency.merge(sample.latency);
    if (joined_.length < length_) {
        return std::nullopt;
    }
    WindowSample whole = std::move(joined_);
    clear();
    return whole;
}

void SampleWindow::clear() {
    joined_ = WindowSample();
    joined_.length = Duration::zero();
    hasWait_ = false;
}

stats::Histogram answersAndTimeouts(const WindowSample& sample) {
    stats::Histogram all = sample.latency;
    if (sample.timeout > Duration::zero()) {
        all.record(toSeconds(sample.timeout), sample.timedOut);
    }
    return all;
}

}  // namespace levee
