// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/adaptive_limit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "shared/guard/adaptive_limit_numbers.h"

namespace levee {

using namespace adaptive;

AdaptiveLimit::AdaptiveLimit(const LimiterSettings& settings, LimitLoop loop)
    : settings_(settings),
      loop_(loop),
      limit_(std::clamp<double>(kInitialLimit, settings.minLimit, settings.maxLimit)),
      probePause_(kFirstProbePause),
      risePause_(kFirstRisePause),
      refused_(300ms),
      selfShare_(kShareMemory) {}

void AdaptiveLimit::onWindow(const WindowSample& sample, MonotonicTime now) {
    if (!isUsable(sample, now)) {
        return;
    }
    const LimitDecision inForce = decision();
    if (epoch_.isCalm() && Epoch::isPressed(sample, inForce.maxInFlight())) {
        endCalm(now);  // or the beginning of an overload would be learned as calm
    }
    const double rounded = loop_.waitsInside ? 1 : inForce.maxInFlight() / inForce.limit;
    epoch_.add(sample, inForce.maxInFlight(), rounded * limit_);
    if (!isEnough()) {
        return;
    }
    const Measurement m = measure();
    epoch_.clear();
    judge(m, now);
}

/// What an epoch says, of queueing by the shift of the median where that is known better than that
/// of the mean: rare slow requests move the mean of the others' epochs by more than a queue would.
/// Then requests in flight are those that were counted, and their number, not the throughput of few
/// slow requests, says how many answers a second that is.
Measurement AdaptiveLimit::measure() const {
    Measurement m = epoch_.measure();
    const bool isKnown = median_ > 0 && baselineWeight_ >= kFewestKnown;
    if (!m.pressed || m.timedOut || !isKnown || !selfShare_.isEmpty()) {
        return m;
    }
    const double off = std::hypot(m.medianError, medianError_);
    if (off > kMuchBetter * std::hypot(m.error * m.latency, baselineError() * baseline_)) {
        return m;
    }
    m.isByMedian = true;
    m.latency = std::max(baseline_ + m.median - median_, baseline_ / 2);
    m.error = off / m.latency;
    m.inFlight = std::min(m.present, m.limit);
    m.throughput = m.inFlight / m.latency;
    return m;
}

void AdaptiveLimit::endCalm(MonotonicTime now) {
    const Measurement m = epoch_.measure();
    epoch_.clear();
    if (m.seconds >= kShortestCalm && m.samples >= kFewestSamples && !rise_ && probe_ <= 0) {
        judge(m, now);
    }
}

bool AdaptiveLimit::isUsable(const WindowSample& sample, MonotonicTime now) {
    if (sample.length <= Duration::zero() || (lastWindow_ && now <= *lastWindow_)) {
        return false;
    }
    const bool afterGap =
        sample.length > kGap || (lastWindow_ && now - *lastWindow_ > sample.length + kGap);
    lastWindow_ = now;
    const auto ended = static_cast<double>(sample.completed + sample.timedOut);
    const auto shed = static_cast<double>(sample.shed);
    refused_.add(ended + shed > 0 ? shed / (ended + shed) : 0, now, std::max(1.0, ended + shed));
    takeSelfShare(sample, now);
    if (afterGap) {  // what was gathered is too old, and the limit may not have been in force
        epoch_.clear();
        settledAt_ = now;
        return false;
    }
    if (ended + shed == 0 && sample.maxInFlight == 0) {
        return false;  // idle
    }
    // A third of a window of the old limit is tolerated, or each change would cost one more window.
    return now - sample.length * 2 / 3 >= settledAt_;
}

void AdaptiveLimit::takeSelfShare(const WindowSample& sample, MonotonicTime now) {
    const bool isKnown = sample.selfShare > 0 && sample.selfShare <= 1;
    if (!isKnown && sample.latency.isEmpty()) {
        return;  // nothing was answered, so there is no share that could be known
    }
    const double before = unit();
    if (!isKnown) {
        selfShare_.clear();
    } else if (sample.completed > 0) {
        const bool isNew = selfShare_.isEmpty();
        selfShare_.add(sample.selfShare, now, static_cast<double>(sample.completed));
        if (!isNew) {
            return;
        }
    }
    changeUnit(unit() / before);
}

/// What was learned of whole requests is from now on about the service's own part, or back.
void AdaptiveLimit::changeUnit(double factor) {
    if (factor == 1) {
        return;
    }
    limit_ *= factor;
    baseline_ *= factor;
    confirmedBaseline_ *= factor;
    calm_ *= factor;
    rise_.reset();
    isColdStart_ = false;
    probe_ = 0;
    high_.reset();
    low_.reset();
    last_.reset();
    known_.reset();
    epoch_.clear();
}

/// One request, as so much work of the service's own.
double AdaptiveLimit::unit() const {
    return selfShare_.isEmpty() ? 1 : std::max(selfShare_.value(), kLeastShare);
}

bool AdaptiveLimit::isEnough() const {
    if (epoch_.windows() >= Epoch::kMaxWindows || epoch_.seconds() >= 10 * kMostSeconds) {
        return true;
    }
    const std::size_t windows = growths_ > 0 || !saturated_ || rise_ ? 1 : kWindows;
    if (epoch_.windows() < windows || epoch_.samples() < kFewestSamples) {
        return false;
    }
    const Measurement m = measure();
    if (epoch_.seconds() < (m.pressed ? kShortest : kShortestCalm)) {
        return false;
    }
    // Those that end first are the short ones: what they say of the latency is too little.
    if (epoch_.seconds() < std::min(kFewestLatencies * m.wholeLatency, kLongEnough)) {
        return m.timedOut;
    }
    if (m.unended > kUnended * (1 + 2 * m.error)) {
        return epoch_.seconds() >= kMostSeconds;
    }
    if (rise_) {
        const double needed = isColdStart_  ? kColdRiseSamples
                              : isByMedian_ ? kRiseSamples
                                            : kRiseSamples * unevenness();
        return epoch_.samples() >= needed || epoch_.seconds() >= kMostSeconds;
    }
    const double enough = probe_ > 0 ? kEnoughErrorToLearn : kEnoughError;
    return epoch_.seconds() >= kMostSeconds || m.error <= enough || hasChanged(m);
}

void AdaptiveLimit::judge(const Measurement& m, MonotonicTime now) {
    if (m.samples <= 0) {
        return;
    }
    const double spread = m.meanError * std::sqrt(m.samples);
    passing_ = m.wholeLatency * (1 + std::min(spread * spread, kMostUneven));
    if (m.failing) {
        reason_ = LimitReason::Failing;
        return;
    }
    waiting_ = baseline_ > 0 ? std::max(0.0, m.inFlight * (1 - baseline_ / m.latency)) : kUnknown;
    if (probe_ > 0) {
        finishProbe(m, now);
    } else if (rise_ && isColdStart_) {
        finishColdRise(m, now);
    } else if (rise_) {
        finishRise(m, now);
    } else if (m.pressed && (!(baseline_ > 0) || m.inFlight >= kUsed * m.limit)) {
        judgePressed(m, now);
    } else {  // met now and then at most: by bursts of a load that is no overload

        growths_ = 0;
        reason_ = LimitReason::AppLimited;
        if (m.throughput > throughput_ * (1 + 2 * m.error)) {  // it can do more than was thought
            saturated_ = false;
        }
        if (m.pressed) {
            pressedAt_ = now;
        } else if (!isKneeKnown_ || !pressedAt_ || now - *pressedAt_ >= kLeastCalm) {
            learnUnpressed(m);
        }
        makeRoomForBursts(m, now);
        leaveRoomForOthers(m, now);
    }
}

/// Where others limit the same service and requests queue there, a limit that is not used up is a
/// claim on what they do without: it falls to what is in flight and the slack.
void AdaptiveLimit::leaveRoomForOthers(const Measurement& m, MonotonicTime now) {
    const double used = m.inFlight + slackOf(m.inFlight);
    const bool isQueued =
        baseline_ > 0 && m.latency * (1 - kDoubt * m.error) > baseline_ * (1 + kQueued * kSlack);
    if (loop_.isShared && isQueued && used < limit_) {
        setLimit(std::max(used, limit_ * kLeave), now);
    }
}

/// A limit that refuses the peaks of a load which the service bears without queueing is too low,
/// even if it is met now and then only.
void AdaptiveLimit::makeRoomForBursts(const Measurement& m, MonotonicTime now) {
    if (m.refused && baseline_ > 0 && !m.timedOut &&
        m.latency <= baseline_ * (1 + kQueued * kSlack)) {
        reason_ = LimitReason::Growing;
        setLimit(std::max(limit_ * kBurstGrowth, limit_ + unit()), now);
    }
}

void AdaptiveLimit::judgePressed(const Measurement& m, MonotonicTime now) {
    pressedAt_ = now;
    isByMedian_ = m.isByMedian;
    if (!(baseline_ > 0)) {  // a start under load: what is seen may be mostly queue
        setBaseline(m);
        baselineWeight_ *= kHint;
        throughput_ = m.throughput;
        remember(m, now);
        isColdStart_ = true;
        startRise(m, kColdRise, now);
        return;
    }
    useful_.add(m);
    const bool wasLowered = last_ && m.limit < 0.97 * last_->limit;
    remember(m, now);
    const bool unqueued = learnFromAnchors(now);
    if (!unqueued && wasLowered && isCutInVain()) {
        reason_ = LimitReason::Balanced;  // a second look at this limit decides
        return;
    }
    if (m.latency < baseline_ * (1 - kSurest * std::max(m.error, 0.04))) {
        baseline_ = (baseline_ + m.latency) / 2;
        baselineWeight_ = std::min(baselineWeight_, kLoadedWeight);
        calm_ = m.inFlight;
        doubt(now);
    }
    const double share = throughput_ > 0 ? slackOf(knee()) / knee() : kSlack;
    // Half of the requests find less of the queue than the mean does.
    const double queued = (m.isByMedian ? kMedianQueued : kQueued) * share;
    if (!unqueued && m.latency * (1 + doubtOfGrowth() * m.error) > baseline_ * (1 + queued)) {
        approachKnee(m, now);
    } else {
        searchUpwards(m, now);
    }
}

/// Standard errors of the latency that count as a queue (negative: as none). Where the knee is not
/// known a queue has to be beyond doubt: one further step shows it all the same, and a knee that is
/// found too low takes seconds to leave. Below a known one the way is free; above it, growth has to
/// be well founded; and once it grows, so has the end of it. But the first step of a standing
/// overload may be noise's. Not with few slots, where it is less than one of them and shows with
/// the second, nor where the latencies are so uneven that an epoch hardly tells a queue.
double AdaptiveLimit::doubtOfGrowth() const {
    if (!saturated_) {
        return -kSearchDoubt;
    }
    if (growths_ > 0) {
        const bool isFirst = growths_ == 1 && limit_ >= kFewSlots * unit();
        const bool isNoise = refusedShare() >= kStandingOverload && unevenness() < kVeryUneven;
        return isFirst && isNoise ? 0 : -kDoubt;
    }
    return limit_ < target() - unit() / 2 ? 0 : kDoubt;
}

void AdaptiveLimit::approachKnee(const Measurement& m, MonotonicTime now) {
    growths_ = 0;
    const bool isFirst = !std::exchange(saturated_, true);
    // A queue that the median has let grow long: neighbours in it wait alike, which the error of
    // the median does not know, and a knee that is found too low is where the next such queue
    // begins.
    const bool isOvergrown =
        m.isByMedian && unevenness() >= kVeryUneven && m.limit > kFarAbove * target();
    const bool jumped =
        !(throughput_ > 0) ||
        (!isOvergrown && std::abs(m.throughput / throughput_ - 1) > 3 * m.error + 0.1);
    throughputWeight_ = jumped ? 0 : std::min(throughputWeight_, throughputMemory());
    const double gain = m.samples / (m.samples + throughputWeight_);
    throughput_ += gain * (m.throughput - throughput_);
    throughputWeight_ += m.samples;
    if (m.isByMedian && m.limit > kFarAbove * target()) {
        // Of a long queue the shift of the median is too little.
        throughputWeight_ *= kFarWeight;
    }
    if (!std::exchange(isKneeKnown_, true) && !isLearnedCalm(knee())) {
        // It was learned when nobody knew that this was near the knee.
        baselineWeight_ = std::min(baselineWeight_, kLoadedWeight);
    }
    if (!confirmed_ && isWellKnown() && isLearnedCalm(knee())) {
        recallKnown();
        confirmed_ = true;
        confirmedBaseline_ = baseline_;
    }
    if (isFirst) {
        nextRise_ = now + (confirmed_ ? kConfirmedRisePause : kFirstRisePause);
    }
    if (!confirmed_ && now >= nextProbe_ && limit_ <= target() * 1.1) {
        startProbe(kProbeShare, now);
        return;
    }
    // A baseline of a few samples may be far off: then half the way, to see whether it helps.
    const double wanted =
        std::max(target(), baselineWeight_ < m.samples ? limit_ * kCautiousCut : 0);
    const bool isUseful = !loop_.isShared || m.latency >= kOwnRise * baseline_;
    if (now >= nextRise_ && std::abs(wanted - limit_) < unit() && !m.timedOut && isUseful) {
        startRise(m, kRise, now);
        return;
    }
    reason_ = wanted < limit_ * 0.95 ? LimitReason::Shrinking : LimitReason::Balanced;
    setLimit(wanted, now);
}

void AdaptiveLimit::searchUpwards(const Measurement& m, MonotonicTime now) {
    if (m.throughput > throughput_ * (1 + m.error)) {
        throughput_ += (throughput_ > 0 ? 0.5 : 1) * (m.throughput - throughput_);
    }
    if (m.timedOut) {
        growths_ = 0;
        reason_ = LimitReason::Balanced;
        return;
    }
    reason_ = LimitReason::Growing;
    ++growths_;
    saturated_ = saturated_ && limit_ < kRefuted * target();
    const double known = std::min(target(), 2 * limit_);
    // The median sees no queue of moments in which all servers are slow: it may not go on and on.
    const double most =
        m.isByMedian ? kMostUseful * useful_.perSecond * baseline_ : settings_.maxLimit;
    setLimit(std::min(std::max(limit_ * growth(), known), std::max(limit_, most)), now);
}

/// The first step is no more than the slack, and the next ones go with it: what the median cannot
/// bear to wait it cannot bear to try either.
double AdaptiveLimit::growth() const {
    if (!saturated_ || growths_ > static_cast<int>(kSteps.size())) {
        return 2;
    }
    const double step = std::min(std::max(slackOf(knee()) / knee(), unit() / limit_), kSlack);
    return 1 + kSteps[static_cast<std::size_t>(growths_ - 1)] * step;
}

void AdaptiveLimit::Useful::add(const Measurement& m) {
    const double kept = std::min(samples, kThroughputMemory);
    perSecond += m.samples / (kept + m.samples) * (m.samples / m.seconds - perSecond);
    samples = kept + m.samples;
}

double AdaptiveLimit::throughputMemory() const {
    return std::min(kThroughputMemory * unevenness(), kMostThroughputMemory);
}

/// Above the knee, by how far it may be off at least.
double AdaptiveLimit::slackOf(double knee) const {
    const double off =
        isByMedian_ ? kBaselineErrors * medianError_ / baseline_
                    : std::hypot(kBaselineErrors * baselineError(),
                                 kThroughputErrors * spread_ / std::sqrt(throughputMemory()));
    const double root = kRootSlack * (1 - refusedShare()) * std::sqrt(knee * unit());
    const double wanted = std::max(root, knee * std::clamp(off, kSlack, kMostSlack));
    if (!(median_ > 0) || !selfShare_.isEmpty() || refusedShare() < kOverload) {
        return std::max(unit(), wanted);
    }
    // What waits, at the service and before it, may cost the median no more than this.
    const double most = isByMedian_ ? kMostWaitByMedian : kMostWait;
    const double bearable = most * knee * median_ / baseline_ - (1 + shortestQueue()) / 2;
    const double least = knee > kManySlots * unit() ? kLeastSlack * unit() : unit();
    return std::max({least, std::min(wanted, bearable), knee * std::min(off, kMostSlack) / 2});
}

double AdaptiveLimit::target() const {
    return knee() + slackOf(knee());
}

void AdaptiveLimit::setLimit(double limit, MonotonicTime now) {
    const double before = limit_;
    limit_ = std::clamp<double>(limit, settings_.minLimit * unit(), settings_.maxLimit);
    const double change = std::abs(std::round(limit_ / unit()) - std::round(before / unit()));
    const bool isSmall = change * unit() < kSmallChange * before;
    if (change < 1 || (isSmall && growths_ == 0)) {
        return;
    }
    // The change is in force after kActuation; then a surplus drains, or new requests pass through.
    const double drain = throughput_ > 0 ? std::max(0.0, before - limit_) / throughput_ : 0;
    const Duration settling = fromSeconds(std::max(drain, std::min(passing_, 10.0)));
    settledAt_ = now + loop_.actuation + std::min(settling, kLongestSettling);
    epoch_.clear();
}

LimitDecision AdaptiveLimit::decision() const {
    LimitDecision d;
    d.ownLimit = limit_;
    d.limit = std::clamp<double>(limit_ / unit(), settings_.minLimit, settings_.maxLimit);
    d.baseline = baseline_ > 0 ? baseline_ : kUnknown;
    d.waitingAtService = waiting_;
    d.reason = reason_;
    d.queueLimit =
        settings_.queue >= 0 ? static_cast<std::uint32_t>(settings_.queue) : ownQueueLimit();
    if (loop_.waitsInside) {
        // What a rise lets in is not refused, which is no reason to let a burst wait besides.
        const bool isRise = rise_ && !isColdStart_;
        d.limit += probe_ > 0 ? 0 : isRise ? std::min(d.queueLimit, queueBelow_) : d.queueLimit;
        d.queueLimit = 0;
    }
    return d;
}

double AdaptiveLimit::refusedShare() const {
    return refused_.isEmpty() ? 0 : refused_.value();
}

double AdaptiveLimit::shortestQueue() const {
    return refusedShare() > kHardOverload ? 1 : limit_ / unit() < kFewSlots ? 3 : 2;
}

/// A burst may wait; a standing overload may not. The harder the overload, the sooner a freed slot
/// finds a request: then one waiting request keeps the service as busy as many would.
std::uint32_t AdaptiveLimit::ownQueueLimit() const {
    const double slots = limit_ / unit();
    const double refused = refusedShare();
    const double burst = std::max(slots / 2, kFewestBurst) * std::max(0.0, 1 - refused / kOverload);
    return static_cast<std::uint32_t>(std::max(shortestQueue(), std::ceil(burst)));
}

void AdaptiveLimit::reconfigure(const LimiterSettings& settings) {
    settings_ = settings;
    limit_ = std::clamp<double>(limit_, settings.minLimit * unit(), settings.maxLimit);
}

LimitMemory AdaptiveLimit::save() const {
    return {limit_ / unit(), baseline_ / unit(), throughput_};  // of whole requests
}

void AdaptiveLimit::restore(const LimitMemory& memory) {
    const auto isValid = [](double v) { return std::isfinite(v) && v > 0; };
    if (isValid(memory.limit)) {
        limit_ = unit() * std::clamp<double>(memory.limit, settings_.minLimit, settings_.maxLimit);
    }
    if (isValid(memory.baseline)) {
        baseline_ = unit() * memory.baseline;
        baselineWeight_ = kMostWeight / 10;
        throughput_ = isValid(memory.throughput) ? memory.throughput : 0;
    }
    confirmed_ = false;
    known_.reset();
    probe_ = 0;
    rise_.reset();
    high_.reset();
    low_.reset();
    epoch_.clear();
}

}  // namespace levee
