// SPDX-License-Identifier: Apache-2.0
// What the limiter knows of the service: the baseline, probes that check it, and what epochs at
// different limits tell.
#include <algorithm>
#include <cmath>
#include <utility>

#include "shared/guard/adaptive_limit.h"
#include "shared/guard/adaptive_limit_numbers.h"

namespace levee {

using namespace adaptive;

/// Whether the baseline was learned far below a knee of that height.
bool AdaptiveLimit::isLearnedCalm(double knee) const {
    return calm_ > 0 && knee >= kFewestCalm * unit() && calm_ <= kCalm * knee;
}

/// Only a window far below the knee shows the service alone; one of higher load can still show that
/// the service is faster than was thought, since queueing only adds.
void AdaptiveLimit::learnUnpressed(const Measurement& m) {
    if (m.timedOut) {
        return;
    }
    if (!(baseline_ > 0)) {
        setBaseline(m);
        return;
    }
    const double off = std::hypot(m.error, baselineError());
    const bool faster = m.latency < baseline_ * (1 - kSurest * off);
    const bool slower = m.latency > baseline_ * (1 + 3 * off);
    // Not saturated_, which a moment of luck takes back: what is learned near a knee has a queue in
    // it.
    const double calm = kCalm * (isKneeKnown_ ? knee() : std::min(limit_, kInitialLimit));
    // By what was asked for: by the requests in flight, those epochs would be taken whose latency
    // is low by chance.
    const double load = isKneeKnown_ ? m.throughput * baseline_ : m.inFlight;
    if (load > calm && (isKneeKnown_ ? !faster : slower)) {
        return;
    }
    if (faster) {
        baselineWeight_ = std::min(baselineWeight_, m.samples);
    }
    const double share = m.samples / (baselineWeight_ + m.samples);
    calm_ += share * (m.inFlight - calm_);
    learn(m);
    if (confirmed_ && std::abs(baseline_ / confirmedBaseline_ - 1) > 0.1) {
        confirmed_ = false;
    }
}

void AdaptiveLimit::setBaseline(const Measurement& m) {
    calm_ = m.inFlight;
    if (m.isByMedian) {  // its own mean is chance; what it knows is how far all have moved
        baseline_ = m.latency;
        median_ = m.median;
        medianError_ = m.medianError;
        return;
    }
    baseline_ = m.mean;
    baselineWeight_ = m.samples;
    spread_ = m.meanError * std::sqrt(m.samples);
    median_ = m.median;
    medianError_ = m.medianError;
}

/// Before something else is taken for the baseline.
void AdaptiveLimit::keepKnown() {
    if (confirmed_) {
        known_ = Known{baseline_, baselineWeight_, baselineError()};
    }
}

/// A baseline that was taken for wrong, and that a probe finds again, was right: what is known of
/// it is more than the probe.
void AdaptiveLimit::recallKnown() {
    const std::optional<Known> known = std::exchange(known_, std::nullopt);
    if (!known || std::abs(baseline_ / known->baseline - 1) >
                      kAgreed * std::hypot(baselineError(), known->error)) {
        return;
    }
    const double share = known->weight / (known->weight + baselineWeight_);
    baseline_ += share * (known->baseline - baseline_);
    baselineWeight_ = std::min(baselineWeight_ + known->weight, kMostWeight * unevenness());
}

void AdaptiveLimit::learn(const Measurement& m) {
    const double share = m.samples / (baselineWeight_ + m.samples);
    baseline_ += share * (m.mean - baseline_);
    spread_ += share * (m.meanError * std::sqrt(m.samples) - spread_);
    median_ += share * (m.median - median_);
    medianError_ = std::hypot(share * m.medianError, (1 - share) * medianError_);
    baselineWeight_ = std::min(baselineWeight_ + m.samples, kMostWeight * unevenness());
}

/// How many times the samples are needed that service times of an ordinary spread need.
double AdaptiveLimit::unevenness() const {
    return std::clamp(spread_ * spread_, 1.0, kMostUneven);
}

bool AdaptiveLimit::isWellKnown() const {
    return baselineWeight_ >= kFewestConfirmed || baselineError() <= kConfirmedError;
}

double AdaptiveLimit::baselineError() const {
    return baselineWeight_ > 0 ? spread_ / std::sqrt(baselineWeight_) : 0;
}

void AdaptiveLimit::startProbe(double share, MonotonicTime now) {
    probe_ = share;
    growths_ = 0;
    reason_ = LimitReason::Probing;
    setLimit(share * knee(), now);
}

/// A queue gives way in proportion to the limit, an honest baseline does not: what lies nearer to
/// which decides. A probe that has found a queue goes on from there.
void AdaptiveLimit::finishProbe(const Measurement& m, MonotonicTime now) {
    const double share = probe_;
    // In shadow mode, or when the gateway refused the limit, nothing was stepped down.
    const bool valid = m.pressed && !m.timedOut && m.inFlight <= 1.2 * limit_ + unit();
    const bool queued = valid && m.latency < baseline_ * std::sqrt(share);
    if (queued) {
        setBaseline(m);
        if (decision().maxInFlight() > settings_.minLimit) {
            startProbe(kStartProbeShare, now);
            return;
        }
    }
    probe_ = 0;
    high_.reset();
    low_.reset();
    probePause_ = std::min(2 * probePause_, kLongestProbePause);
    nextProbe_ = now + probePause_;
    if (valid) {
        if (m.isByMedian) {
            // The baseline is of more samples than the probe.
        } else if (m.latency < baseline_ * (1 - 2 * m.error)) {
            setBaseline(m);
        } else {
            learn(m);
        }
        recallKnown();
        confirmed_ = isWellKnown();
        confirmedBaseline_ = baseline_;
    }
    reason_ = LimitReason::Growing;
    setLimit(target(), now);
}

/// Whether latency stayed the same while the limit was very different: then nothing queued at the
/// lower limit. Both epochs pressed, so their limits are their concurrency; limits are exact,
/// whereas Little's law would bring in the noise of the throughput.
bool AdaptiveLimit::isFlat(const Measurement& low, const Measurement& high) const {
    if (low.limit > kCut * high.limit || high.inFlight > 1.5 * high.limit + unit() ||
        low.inFlight > 1.5 * low.limit + unit()) {
        return false;  // too near each other, or the limit is not enforced
    }
    const double apart = std::log(high.limit / low.limit);
    const double rose = std::log(high.latency / low.latency);
    // In a queue neighbours wait alike: their spread hides how far the mean may be off.
    const double spread = std::max(spread_, kLeastSpread);
    const double lowError = std::max(low.error, spread / std::sqrt(low.samples));
    const double highError = std::max(high.error, spread / std::sqrt(high.samples));
    return rose < kFlat * apart && rose < apart - kSure * std::hypot(lowError, highError);
}

/// What the anchors teach, if they differ enough. A limit that was cut without effect: the service
/// itself has become slower. A limit that was raised and brought as much more throughput: what was
/// seen at the lower one was no queue, if the baseline is in doubt. True: nothing queues.
bool AdaptiveLimit::learnFromAnchors(MonotonicTime now) {
    if (!low_ || !high_ || !isFlat(low_->m, high_->m)) {
        return false;
    }
    const bool wasCut = low_->at > high_->at;
    const Measurement low = low_->m;
    const double throughput = std::max(high_->m.throughput, low.throughput);
    const bool isInDoubt = !confirmed_ && !isLearnedCalm(throughput * baseline_);
    const bool isSlower = isCutInVain() && low_->epochs > 1;
    if (wasCut ? !isSlower : !isInDoubt) {
        return false;
    }
    low_.reset();
    high_.reset();
    if (wasCut) {
        keepKnown();
        setBaseline(low);
        throughput_ = throughput;
        doubt(now);
    } else {
        learn(low);
    }
    return true;
}

/// The lower limit did not lower the latency, which is well above the baseline.
bool AdaptiveLimit::isCutInVain() const {
    return !loop_.isShared && low_ && high_ && low_->at > high_->at && isFlat(low_->m, high_->m) &&
           low_->m.latency >= baseline_ * (1.15 + kSure * low_->m.error);
}

void AdaptiveLimit::remember(const Measurement& m, MonotonicTime now) {
    if (hasChanged(m)) {  // what was seen before, at whatever limit, was another service
        high_.reset();
        low_.reset();
        forgetRises();
        throughputWeight_ = 0;
    }
    last_ = m;
    const bool hasRisen =  // though the limit has not: the service changed in between
        high_ && m.latency > high_->m.latency * (1 + 3 * std::hypot(m.error, high_->m.error));
    if (!high_ || m.limit > high_->m.limit * 1.03 || hasRisen || now - high_->at > kAnchorLife) {
        high_ = Anchor{m, now};
    } else {
        pool(*high_, m, now);
    }
    if (!low_ || m.limit < low_->m.limit * 0.97 || now - low_->at > kAnchorLife) {
        low_ = Anchor{m, now};
    } else {
        pool(*low_, m, now);
    }
}

/// Whether latency differs from that of the last epoch, which had about the same limit.
bool AdaptiveLimit::hasChanged(const Measurement& m) const {
    return last_ && std::abs(m.limit / last_->limit - 1) <= kSameLimit &&
           std::abs(m.latency / last_->latency - 1) >
               kSameLimit + kSure * std::hypot(m.error, last_->error);
}

/// Epochs under the same limit that agree are one measurement; where they do not, the service has
/// changed and only the newer counts.
void AdaptiveLimit::pool(Anchor& anchor, const Measurement& m, MonotonicTime now) {
    Measurement& a = anchor.m;
    if (std::abs(m.limit - a.limit) > 0.03 * a.limit) {
        return;
    }
    if (std::abs(m.latency / a.latency - 1) > 2.5 * std::hypot(m.error, a.error)) {
        anchor = {m, now};
        return;
    }
    ++anchor.epochs;
    const double share = m.samples / (std::min(a.samples, throughputMemory()) + m.samples);
    a.latency += share * (m.latency - a.latency);
    a.mean += share * (m.mean - a.mean);
    a.meanError = std::hypot(share * m.meanError, (1 - share) * a.meanError);
    a.throughput += share * (m.throughput - a.throughput);
    a.inFlight += share * (m.inFlight - a.inFlight);
    a.error = std::hypot(share * m.error, (1 - share) * a.error);
    a.samples = std::min(a.samples, throughputMemory()) + m.samples;
}

void AdaptiveLimit::doubt(MonotonicTime now) {
    confirmed_ = false;
    if (now - nextProbe_ > 2 * kLongestProbePause) {
        probePause_ = kFirstProbePause;
    }
    nextProbe_ = std::max(nextProbe_, now + kFirstProbePause);
}

}  // namespace levee
