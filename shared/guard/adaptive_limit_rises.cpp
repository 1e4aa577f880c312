// SPDX-License-Identifier: Apache-2.0
// Letting more in for a moment, to see whether it brings more: the way out of a limit that is too
// low, and the start.
#include <algorithm>
#include <cmath>

#include "shared/guard/adaptive_limit.h"
#include "shared/guard/adaptive_limit_numbers.h"

namespace levee {

using namespace adaptive;

/// A limit that is too low proves itself right: what is refused is not missed in the throughput,
/// and K = X * B follows. So once in a while more is let in, and the throughput says who is right.
void AdaptiveLimit::startRise(const Measurement& m, double factor, MonotonicTime now) {
    rise_ = m;
    rise_->limit = limit_;
    queueBelow_ = ownQueueLimit();
    rise_->throughput = throughput_;
    reason_ = LimitReason::Growing;
    setLimit(std::max(limit_ * factor, limit_ + unit()), now);
    if (limit_ < rise_->limit + unit() / 2) {  // at the upper bound of the settings
        rise_.reset();
        nextRise_ = now + kLongestRisePause;
        if (isColdStart_) {
            endColdStart(now);
        }
    }
}

void AdaptiveLimit::finishRise(const Measurement& m, MonotonicTime now) {
    const Measurement below = *rise_;
    rise_.reset();
    if (m.samples <= 0 || m.timedOut) {
        pauseRises(below, now);
        return;
    }
    double gained = below.throughput > 0 ? m.throughput / below.throughput - 1 : 0;
    if (m.isByMedian) {  // the median does not see that all servers are slow now and then
        gained = std::min(gained, m.samples / m.seconds / useful_.perSecond - 1);
    }
    const double share = m.samples / (riseSamples_ + m.samples);
    riseGain_ += share * (gained - riseGain_);
    riseSamples_ += m.samples;
    // Both throughputs are off: that below by its memory, that above by all rises together.
    const double spread = std::max(spread_, kLeastSpread);
    const double off =
        spread * std::sqrt(1 / riseSamples_ + 1 / (throughputMemory() + riseSamples_));
    const bool mayBeTheirs = loop_.isShared && below.latency < kOwnRise * baseline_;
    if (mayBeTheirs || riseGain_ < std::max(kRiseGain, kSure * off)) {
        if (m.pressed) {
            pauseRises(below, now);
        } else {  // all that is asked for fits in
            nextRise_ = now + risePause_;
            reason_ = LimitReason::AppLimited;
        }
        return;
    }
    // More was let in and more was done: nothing queued below, so its latency is the baseline.
    throughput_ = std::max(throughput_, m.throughput);
    if (below.latency > baseline_) {
        keepKnown();
        setBaseline(below);
        baselineWeight_ *= kHint;  // what queued there counts in it
        doubt(now);
    }
    forgetRises();
    nextRise_ = now;
    reason_ = LimitReason::Growing;
}

void AdaptiveLimit::pauseRises(const Measurement& below, MonotonicTime now) {
    if (riseGain_ < kRiseGain) {  // else it may be worth while: the next will tell
        risePause_ = std::min(3 * risePause_, kLongestRisePause);
    }
    nextRise_ = now + risePause_;
    reason_ = LimitReason::Balanced;
    setLimit(below.limit, now);
}

void AdaptiveLimit::forgetRises() {
    riseGain_ = riseSamples_ = 0;
    risePause_ = kFirstRisePause;
}

/// From a start under load the limit doubles as long as throughput follows the requests in flight
/// by more than half. What is seen then may be mostly queue, so it is halved as long as latency
/// follows.
void AdaptiveLimit::finishColdRise(const Measurement& m, MonotonicTime now) {
    const Measurement below = *rise_;
    rise_.reset();
    const double rose = m.inFlight / below.inFlight - 1;
    const double gained = below.throughput > 0 ? m.throughput / below.throughput - 1 : 0;
    const double doubtful = 1 / std::sqrt(std::max(m.samples, 1.0));
    if (!m.pressed || (rose > 0 && gained > kColdRiseGain * rose && m.inFlight < kUsed * m.limit)) {
        isColdStart_ = false;  // all that is asked for fits in
    } else if (m.samples > 0 && !m.timedOut && gained > kColdRiseGain * rose + doubtful) {
        throughput_ = std::max(throughput_, m.throughput);
        // Not learned from: of requests that have just been let in the short ones end first.
        startRise(m, kColdRise, now);
    } else {
        setLimit(below.limit, now);
        endColdStart(now);
    }
}

void AdaptiveLimit::endColdStart(MonotonicTime now) {
    isColdStart_ = false;
    startProbe(kStartProbeShare, now);
}

}  // namespace levee
