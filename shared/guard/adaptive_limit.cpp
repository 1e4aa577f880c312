// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/adaptive_limit.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr double kInitialLimit = 16;
constexpr double kSlack = 0.06;  ///< above the knee, as a share of it; at least one request
constexpr double kRootSlack = 0.6;
constexpr double kMostWait = 0.25;       ///< of the median: what the wait for a slot may add to it
constexpr double kBaselineErrors = 2.5;  ///< or so many standard errors of the baseline, and
constexpr double kThroughputErrors = 1.8;
constexpr double kMostSlack = 0.3;     ///< at most
constexpr double kEnoughError = 0.08;  ///< relative standard error at which an epoch is enough
constexpr double kEnoughErrorToLearn = 0.05;
constexpr double kMostSeconds = 3;      ///< an epoch ends after this with what it has, and
constexpr double kShortest = 0.095;     ///< of windows that can be shorter, in process: the slow
constexpr double kShortestCalm = 0.3;   ///< requests end last
constexpr double kFewestLatencies = 4;  ///< or requests that run in step would be miscounted
constexpr double kLongEnough = 1;       ///< seconds, however long a latency is
constexpr double kUnended = 1.3;        ///< times what has ended: too many have not
constexpr double kFewestSamples = 10;   ///< after ten times this even with fewer than these
constexpr std::size_t kWindows = 3;     ///< so that one spoilt window does not count
constexpr double kFewestKnown = 300;    ///< samples of the baseline, for shifts of its median
constexpr double kMuchBetter = 0.5;  ///< the standard error of the median's shift over the mean's
constexpr double kQueued = 0.65;     ///< of the slack: latency above it shows a queue
constexpr double kMedianQueued = 0.35;
constexpr double kUsed = 0.8;     ///< mean concurrency of a limit that is really used
constexpr double kRefuted = 1.5;  ///< times the target without a queue: the knee is elsewhere
constexpr double kDoubt = 0.7;    ///< standard errors of latency that growth allows for
constexpr double kThroughputMemory = 2'000;  ///< samples
constexpr double kMostThroughputMemory = 5'000;
constexpr double kMostWeight = 5'000;  ///< samples: the memory of the baseline
constexpr double kMostUneven = 25;
constexpr double kCalm = 0.5;      ///< of the knee: below it hardly anything queues
constexpr double kFewestCalm = 3;  ///< unless the service has very few workers
constexpr double kCautiousCut = 0.5;
constexpr double kCut = 0.7;  ///< a cut of a good part: to this share or less
constexpr double kSameLimit = 0.1;
constexpr double kFlat = 0.4;        ///< below this elasticity latency does not follow the limit
constexpr double kProbeShare = 0.7;  ///< of the knee
constexpr double kStartProbeShare = 0.5;
constexpr double kOverload = 0.1;  ///< share refused from which on a queue would be a standing one
constexpr double kHardOverload = 0.4;
constexpr double kFewSlots = 10;
constexpr double kManySlots = 32;   ///< from which on half a request more is enough
constexpr double kFewestBurst = 8;  ///< may wait as long as hardly anything is refused
constexpr double kBurstGrowth = 1.15;
constexpr double kSmallChange = 0.1;
constexpr Duration kLongestSettling = 2s;
constexpr Duration kFirstProbePause = 1s;
constexpr Duration kLongestProbePause = 60s;
constexpr double kRise = 1.5;         ///< a rise goes to this multiple, and by one at least
constexpr double kRiseSamples = 100;  ///< for its throughput to be known to a tenth
constexpr double kHint = 0.2;     ///< weight of a baseline seen near the knee: a probe outweighs it
constexpr double kOwnRise = 1.4;  ///< times the baseline: among several, so far below the knee
constexpr double kColdRise = 2;
constexpr double kColdRiseSamples = 50;
constexpr double kColdRiseGain = 0.5;  ///< share of the rise that throughput has to follow
constexpr double kRiseGain = 0.12;     ///< least gain in throughput that matters
constexpr double kSure = 4;            ///< standard errors, for tests that are repeated all day
constexpr double kSurest = 6;         ///< the same from one epoch: in a queue neighbours wait alike
constexpr double kLeastSpread = 0.3;  ///< of latencies: stalls are not in their standard error
constexpr Duration kFirstRisePause = 2s;
constexpr Duration kConfirmedRisePause = 5s;  ///< the first, where the baseline is not in doubt
constexpr Duration kLongestRisePause = 30s;
constexpr Duration kAnchorLife = 60s;
constexpr Duration kGap = 1s;
constexpr Duration kShareMemory = 500ms;
constexpr double kLeastShare = 0.02;  ///< of own work: bounds what may wait for dependencies

}  // namespace

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
    const std::size_t windows = growths_ > 0 || !saturated_ ? 1 : kWindows;
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
        if (!m.pressed) {
            learnUnpressed(m);
        }
        makeRoomForBursts(m, now);
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
    const bool wasLowered = last_ && m.limit < 0.97 * last_->limit;
    remember(m, now);
    const bool unqueued = learnFromAnchors(now);
    if (!unqueued && wasLowered && isCutInVain()) {
        reason_ = LimitReason::Balanced;  // a second look at this limit decides
        return;
    }
    if (m.latency < baseline_ * (1 - kSurest * std::max(m.error, 0.04))) {
        baseline_ = (baseline_ + m.latency) / 2;
        doubt(now);
    }
    const double share = throughput_ > 0 ? slackOf(knee()) / knee() : kSlack;
    // Below the knee that is known the way is free; above it, growth has to be well founded.
    // Once it grows, so has the end of it.
    const double doubtful = growths_ > 0                     ? -kDoubt * m.error
                            : limit_ < target() - unit() / 2 ? 0
                                                             : kDoubt * m.error;
    // Half of the requests find less of the queue than the mean does.
    const double queued = (m.isByMedian ? kMedianQueued : kQueued) * share;
    if (!unqueued && m.latency * (1 + doubtful) > baseline_ * (1 + queued)) {
        approachKnee(m, now);
    } else {
        searchUpwards(m, now);
    }
}

void AdaptiveLimit::approachKnee(const Measurement& m, MonotonicTime now) {
    growths_ = 0;
    const bool isFirst = !std::exchange(saturated_, true);
    const bool jumped =
        !(throughput_ > 0) || std::abs(m.throughput / throughput_ - 1) > 3 * m.error + 0.1;
    throughputWeight_ = jumped ? 0 : std::min(throughputWeight_, throughputMemory());
    const double gain = m.samples / (m.samples + throughputWeight_);
    throughput_ += gain * (m.throughput - throughput_);
    throughputWeight_ += m.samples;
    if (!confirmed_ && isLearnedCalm(knee())) {
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

/// Whether the baseline was learned far below a knee of that height.
bool AdaptiveLimit::isLearnedCalm(double knee) const {
    return calm_ > 0 && knee >= kFewestCalm * unit() && calm_ <= kCalm * knee;
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
    const double factor = !saturated_ || growths_ > 3 ? 2
                          : growths_ > 2              ? 1.5
                          : growths_ > 1              ? 1.15
                                                      : 1.06;
    const double known = std::min(target(), 2 * limit_);
    setLimit(std::max(limit_ * factor, known), now);
}

/// Only a window far below the knee shows the service alone; one of higher load can still show that
/// the service is faster than was thought, since queueing only adds.
void AdaptiveLimit::learnUnpressed(const Measurement& m) {
    if (m.timedOut) {
        return;
    }
    if (!(baseline_ > 0)) {
        setBaseline(m);
        calm_ = m.inFlight;
        return;
    }
    const double off = std::hypot(m.error, baselineError());
    const bool faster = m.latency < baseline_ * (1 - kSurest * off);
    const bool slower = m.latency > baseline_ * (1 + 3 * off);
    const double calm = kCalm * (saturated_ ? knee() : std::min(limit_, kInitialLimit));
    if (m.inFlight > calm && (saturated_ ? !faster : slower)) {
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
    baseline_ = m.mean;
    baselineWeight_ = m.samples;
    spread_ = m.meanError * std::sqrt(m.samples);
    median_ = m.median;
    medianError_ = m.medianError;
    calm_ = 0;
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

double AdaptiveLimit::baselineError() const {
    return baselineWeight_ > 0 ? spread_ / std::sqrt(baselineWeight_) : 0;
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
    const double bearable = kMostWait * knee * median_ / baseline_ - (1 + shortestQueue()) / 2;
    const double least = knee > kManySlots * unit() ? unit() / 2 : unit();
    return std::max({least, std::min(wanted, bearable), knee * std::min(off, kMostSlack) / 2});
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
        confirmed_ = true;
        confirmedBaseline_ = baseline_;
    }
    reason_ = LimitReason::Growing;
    setLimit(target(), now);
}

/// A limit that is too low proves itself right: what is refused is not missed in the throughput,
/// and K = X * B follows. So once in a while more is let in, and the throughput says who is right.
void AdaptiveLimit::startRise(const Measurement& m, double factor, MonotonicTime now) {
    rise_ = m;
    rise_->limit = limit_;
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
    const double gained = below.throughput > 0 ? m.throughput / below.throughput - 1 : 0;
    const double share = m.samples / (riseSamples_ + m.samples);
    riseGain_ += share * (gained - riseGain_);
    riseSamples_ += m.samples;
    // Both throughputs are off: that below by its memory, that above by all rises together.
    const double spread = isByMedian_ ? kLeastSpread : std::max(spread_, kLeastSpread);
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

double AdaptiveLimit::target() const {
    return knee() + slackOf(knee());
}

void AdaptiveLimit::setLimit(double limit, MonotonicTime now) {
    const double before = limit_;
    limit_ = std::clamp<double>(limit, settings_.minLimit * unit(), settings_.maxLimit);
    const double change = std::abs(std::round(limit_ / unit()) - std::round(before / unit()));
    const bool isSmall = change * unit() < kSmallChange * before;
    if (change < 1 || (isSmall && !(growths_ > 0 && isByMedian_))) {
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
        d.limit += probe_ > 0 ? 0 : d.queueLimit;
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
    probe_ = 0;
    rise_.reset();
    high_.reset();
    low_.reset();
    epoch_.clear();
}

}  // namespace levee
