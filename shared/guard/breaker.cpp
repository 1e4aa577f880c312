// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/breaker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "shared/base/units.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kSpentPatience = std::chrono::seconds(1);
constexpr double kRampStart = 0.1;
constexpr double kJitter = 0.1;
constexpr double kProbeSeconds = 0.5;      ///< the probes are let through in about this time, and
constexpr double kMoreProbeSeconds = 0.2;  ///< where results are missing, more of them in this
constexpr std::uint64_t kFailuresInARow = 3;  ///< probes that all failed: no need for more
constexpr std::size_t kMostEvents = 64;
constexpr Duration kFleetShareKept = std::chrono::seconds(10);
constexpr Duration kSuppressedPause = std::chrono::seconds(10);  ///< it is told once in this time

Duration toWholeMillis(Duration d) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(d);
}

}  // namespace

Breaker::Breaker(const BreakerSettings& settings, std::uint64_t seed, MonotonicTime now)
    : settings_(settings),
      random_(seed),
      rule_(settings),
      state_(settings.enabled ? BreakerState::Closed : BreakerState::Disabled),
      enteredAt_(now),
      lastTick_(now) {}

void Breaker::onResult(const CallResult& result, MonotonicTime startedAt, MonotonicTime now) {
    const bool isStraggler = halfOpenAt_ && startedAt < *halfOpenAt_;
    if (result.kind == CallResult::Kind::Ignored || isStraggler || state_ == BreakerState::Open ||
        state_ == BreakerState::ForcedOpen) {
        return;
    }
    const bool failed = result.kind == CallResult::Kind::Failure;
    const bool slow = settings_.slowerThan > 0ns && result.latency > settings_.slowerThan;
    rule_.record(failed, result.latency, now, result.weight);
    if (state_ == BreakerState::HalfOpen) {
        countProbe(failed, slow, result.weight.calls, now);
        return;
    }
    const bool isRamp = state_ == BreakerState::Ramp;
    if ((!failed && !slow) || (state_ != BreakerState::Closed && !isRamp)) {
        return;
    }
    lastBadCall_ = now;
    if (auto reason = rule_.check(isRamp, now)) {
        trip(std::move(*reason), now);
    }
}

void Breaker::setFleetOpenShare(double share, MonotonicTime now) {
    fleetOpenShare_ = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : kUnknown;
    fleetShareAt_ = now;
}

bool Breaker::isCapped(MonotonicTime now) const {
    return settings_.maxOpenShare < 1 && now - fleetShareAt_ <= kFleetShareKept &&
           fleetOpenShare_ >= settings_.maxOpenShare;  // false where it is not known
}

void Breaker::trip(TripReason reason, MonotonicTime now) {
    if (isCapped(now)) {
        suppress(std::move(reason), now);
        return;
    }
    open(state_ == BreakerState::Ramp ? BreakerEvent::RampFailed : BreakerEvent::Trip,
         std::move(reason), now);
}

void Breaker::suppress(TripReason reason, MonotonicTime now) {
    if (suppressedAt_) {
        return;
    }
    suppressedAt_ = now;
    ++tripsSuppressed_;
    reason.why.inputs += fmt::format(" fleetOpenShare={:.3g}", fleetOpenShare_);
    reason.why.thresholds += fmt::format(" maxOpenShare={}", settings_.maxOpenShare);
    // At 1 the cap is off, however many are open.
    const auto relation =
        fleetOpenShare_ < 1 ? Condition::Relation::Above : Condition::Relation::AtLeast;
    reason.why.counterfactual = {"opened", {{"maxOpenShare", relation, fleetOpenShare_}}, ""};
    report(EventSeverity::Warning,
           fmt::format("not opened, although {}: {:.0f} % of the fleet's breakers on this service "
                       "are open (cap {:.0f} %)",
                       reason.text, 100 * fleetOpenShare_, 100 * settings_.maxOpenShare),
           std::move(reason.why), false);
}

/// Trips as soon as the cap allows, without waiting for another call, but not on old evidence.
void Breaker::reviewSuppressed(MonotonicTime now) {
    if (!suppressedAt_ || (state_ != BreakerState::Closed && state_ != BreakerState::Ramp)) {
        return;
    }
    auto reason = rule_.check(state_ == BreakerState::Ramp, now);
    if (reason && now - lastBadCall_ <= settings_.window) {
        trip(std::move(*reason), now);
    } else if (now - *suppressedAt_ >= kSuppressedPause) {
        suppressedAt_.reset();
    }
}

void Breaker::setOfferedRate(double perSecond) {
    offeredRate_ = std::isfinite(perSecond) ? std::max(0.0, perSecond) : 0;
}

void Breaker::onTick(MonotonicTime now) {
    if (isForced() && now >= until_) {
        releaseForce(now);
    }
    if (state_ == BreakerState::Open && now >= until_) {
        go(BreakerEvent::OpenElapsed, now, EventSeverity::Notice,
           fmt::format("half-open: letting about {} calls through", settings_.probes),
           {.thresholds = fmt::format("openFor={} probes={} probeFor={}",
                                      formatDuration(toWholeMillis(now - enteredAt_)),
                                      settings_.probes, formatDuration(settings_.probeFor))});
    }
    reviewSuppressed(now);
    if (state_ == BreakerState::HalfOpen) {
        admitted_ += admitShare_ * offeredRate_ * toSeconds(now - lastTick_);
        if (now - enteredAt_ >= settings_.probeFor) {
            endProbing(now);
        } else {
            admitShare_ = probeShare(now);
            endIfSpent(now);
        }
    }
    if (state_ == BreakerState::Ramp) {
        const double part =
            settings_.ramp > 0ns ? toSeconds(now - enteredAt_) / toSeconds(settings_.ramp) : 1;
        if (part >= 1) {
            failedRecoveries_ = 0;
            go(BreakerEvent::RampDone, now, EventSeverity::Notice, "closed: all traffic is let in");
        } else {
            admitShare_ = kRampStart + (1 - kRampStart) * part;
        }
    }
    lastTick_ = now;
}

/// What was risked by reckoning may be a call or two short of the probes: what came back decides.
void Breaker::endIfSpent(MonotonicTime now) {
    if (admitShare_ > 0) {
        spentAt_.reset();
        return;
    }
    if (!spentAt_) {
        spentAt_ = now;
    }
    if (now - *spentAt_ >= kSpentPatience && 2 * probes_.calls >= settings_.probes) {
        endProbing(now);
    }
}

/// The share that lets the missing probes through soon. Results can be long in coming, so what has
/// been let through is reckoned, and no more than twice the probes are risked.
double Breaker::probeShare(MonotonicTime now) {
    const double probes = settings_.probes;
    const bool isLate = now - enteredAt_ >= fromSeconds(kProbeSeconds);
    const double budget = isLate ? 2 * probes : probes;
    const double missing =
        std::min(budget - admitted_, probes - static_cast<double>(probes_.calls));
    if (missing <= 0) {
        return 0;
    }
    const double span = isLate ? kMoreProbeSeconds : kProbeSeconds;
    return offeredRate_ > 0 ? std::min(1.0, missing / (offeredRate_ * span)) : 1;
}

void Breaker::countProbe(bool failed, bool slow, std::uint32_t calls, MonotonicTime now) {
    for (std::uint32_t i = 0; i < calls; ++i) {
        probes_.add(stats::CallOutcome{failed, slow});
    }
    const bool allFailed = probes_.failures == probes_.calls && probes_.failures >= kFailuresInARow;
    if (allFailed || probes_.failures >= hitsAtShare(settings_.failureShare, settings_.probes) ||
        probes_.slow >= hitsAtShare(settings_.slowShare, settings_.probes) ||
        probes_.calls >= settings_.probes) {
        endProbing(now);
    }
}

/// From opening again.
double Breaker::probesDistance() const {
    const auto left = [](std::uint64_t hits, std::uint64_t limit) {
        return 1 - static_cast<double>(hits) / static_cast<double>(limit);
    };
    double distance =
        std::min(left(probes_.failures, hitsAtShare(settings_.failureShare, settings_.probes)),
                 left(probes_.slow, hitsAtShare(settings_.slowShare, settings_.probes)));
    if (probes_.failures == probes_.calls) {
        distance = std::min(distance, left(probes_.failures, kFailuresInARow));
    }
    return std::max(0.0, distance);
}

/// REQUIRES: they did.
TripReason Breaker::probesFailed() const {
    TripReason reason;
    std::vector<Condition>& conditions = reason.why.counterfactual.conditions;
    reason.why.counterfactual.outcome = "ramped up";
    reason.why.distance = 0;
    if (probes_.calls == 0) {
        reason.text = "no probe came back within " + formatDuration(settings_.probeFor);
        conditions = {{"probes that came back", Condition::Relation::AtLeast, 1}};
        return reason;
    }
    if (probes_.slowShare() >= settings_.slowShare) {
        reason.text = fmt::format("{} of {} probes were slow", probes_.slow, probes_.calls);
        conditions.push_back(
            belowShare("slowShare", "slow", probes_.slow, probes_.calls, settings_.slowShare));
    }
    if (probes_.failureShare() >= settings_.failureShare) {
        reason.text = fmt::format("{} of {} probes failed", probes_.failures, probes_.calls);
        conditions.push_back(belowShare("failureShare", "failed", probes_.failures, probes_.calls,
                                        settings_.failureShare));
    }
    return reason;
}

void Breaker::endProbing(MonotonicTime now) {
    const std::string inputs =
        fmt::format("probes={} failed={} slow={} admitted={:.0f} offered={:.1f}/s", probes_.calls,
                    probes_.failures, probes_.slow, admitted_, offeredRate_);
    const std::string thresholds =
        fmt::format("failureShare={} slowShare={} probes={}", settings_.failureShare,
                    settings_.slowShare, settings_.probes);
    const bool isSilent = probes_.calls == 0 && offeredRate_ > 0;
    const bool isBad = probes_.calls > 0 && (probes_.failureShare() >= settings_.failureShare ||
                                             probes_.slowShare() >= settings_.slowShare);
    if (isSilent || isBad) {
        TripReason reason = probesFailed();
        reason.why.inputs = inputs;
        reason.why.thresholds = thresholds;
        open(BreakerEvent::ProbesFailed, std::move(reason), now);
        return;
    }
    Decision why{.inputs = inputs, .thresholds = thresholds, .distance = probesDistance()};
    if (probes_.calls > 0) {
        why.counterfactual = {
            "opened again",
            {{"failed", Condition::Relation::AtLeast,
              static_cast<double>(hitsAtShare(settings_.failureShare, probes_.calls))}},
            ""};
    }
    go(BreakerEvent::ProbesPassed, now, EventSeverity::Notice,
       probes_.calls == 0 ? std::string("ramping up: no call came to probe with")
                          : fmt::format("ramping up: {} of {} probes succeeded",
                                        probes_.calls - probes_.failures, probes_.calls),
       std::move(why));
}

void Breaker::open(BreakerEvent event, TripReason reason, MonotonicTime now) {
    failedRecoveries_ = event == BreakerEvent::Trip ? 0 : std::min(failedRecoveries_ + 1, 32);
    trips_ += event == BreakerEvent::ProbesFailed ? 0 : 1;
    const double longest = toSeconds(std::max(settings_.maxOpenFor, settings_.openFor));
    const double wanted = toSeconds(settings_.openFor) * std::ldexp(1.0, failedRecoveries_);
    const double jitter = 1 + kJitter * (2 * random_.uniform() - 1);
    const Duration openFor = toWholeMillis(fromSeconds(std::min(wanted, longest) * jitter));
    const bool again = event != BreakerEvent::Trip;
    reason.why.inputs +=
        fmt::format(" openFor={} failedRecoveries={}", formatDuration(openFor), failedRecoveries_);
    go(event, now, EventSeverity::Critical,
       fmt::format("{}: {}; next try in {:.1f} s", again ? "opened again" : "opened", reason.text,
                   toSeconds(openFor)),
       std::move(reason.why));
    until_ = now + openFor;
}

void Breaker::go(BreakerEvent event, MonotonicTime now, EventSeverity severity, std::string text,
                 Decision why) {
    const std::optional<BreakerState> to = nextState(state_, event);
    if (!to) {
        return;
    }
    const bool wasForced = isForced();
    enter(*to, now);
    report(severity, std::move(text), std::move(why), wasForced || isForced());
}

void Breaker::report(EventSeverity severity, std::string text, Decision why, bool byHand) {
    if (events_.size() < kMostEvents) {
        events_.push_back({EventKind::Breaker, severity, std::move(text), std::move(why),
                           byHand ? std::optional(GuardMode::Enforce) : std::nullopt});
    }
}

void Breaker::enter(BreakerState state, MonotonicTime now) {
    state_ = state;
    enteredAt_ = now;
    suppressedAt_.reset();
    switch (state) {
        case BreakerState::Open:
        case BreakerState::ForcedOpen:
            admitShare_ = 0;
            break;
        case BreakerState::HalfOpen:
            halfOpenAt_ = now;
            rule_.clear();
            probes_ = {};
            admitted_ = 0;
            spentAt_.reset();
            lastTick_ = now;
            admitShare_ = probeShare(now);
            break;
        case BreakerState::Ramp:
            admitShare_ = settings_.ramp > 0ns ? kRampStart : 1;
            break;
        case BreakerState::Disabled:
        case BreakerState::Closed:
        case BreakerState::ForcedClosed:
            admitShare_ = 1;
            break;
    }
}

bool Breaker::isForced() const {
    return state_ == BreakerState::ForcedOpen || state_ == BreakerState::ForcedClosed;
}

void Breaker::force(BreakerEvent event, MonotonicTime until, MonotonicTime now) {
    const bool isOpen = event == BreakerEvent::ForceOpen;
    const std::string hold = holdSpan(until - now);
    go(event, now, EventSeverity::Warning,
       fmt::format("forced {} for {}", isOpen ? "open" : "closed", hold),
       {.inputs = fmt::format("expiresIn={}", hold)});
    until_ = until;
}

void Breaker::forceOpen(MonotonicTime until, MonotonicTime now) {
    force(BreakerEvent::ForceOpen, until, now);
}

void Breaker::forceClosed(MonotonicTime until, MonotonicTime now) {
    force(BreakerEvent::ForceClosed, until, now);
}

void Breaker::releaseForce(MonotonicTime now) {
    if (!isForced()) {
        return;
    }
    const bool isExpired = now >= until_;
    const std::string text = isExpired ? "the hold has expired" : "the hold was released";
    failedRecoveries_ = 0;
    go(settings_.enabled ? BreakerEvent::ForceEnds : BreakerEvent::Disable, now,
       EventSeverity::Notice, text);
}

void Breaker::reconfigure(const BreakerSettings& settings, MonotonicTime now) {
    const bool wasEnabled = settings_.enabled;
    settings_ = settings;
    rule_.reconfigure(settings, now);
    if (state_ ==
        BreakerState::Open) {  // a shorter time takes effect at once, a longer one from the next
        until_ = std::min(until_, now + settings.openFor);
    }
    if (settings.enabled == wasEnabled || isForced()) {
        return;
    }
    go(settings.enabled ? BreakerEvent::Enable : BreakerEvent::Disable, now, EventSeverity::Notice,
       settings.enabled ? "switched on" : "switched off");
}

double Breaker::distanceToTrip(MonotonicTime now) const {
    switch (state_) {
        case BreakerState::Closed:
            return rule_.distance(false, now);
        case BreakerState::Ramp:
            return rule_.distance(true, now);
        case BreakerState::HalfOpen:
            return probesDistance();
        case BreakerState::Open:
            return 0;
        case BreakerState::Disabled:
        case BreakerState::ForcedOpen:
        case BreakerState::ForcedClosed:
            return kUnknown;
    }
    return kUnknown;
}

double Breaker::failureShare(MonotonicTime now) const {
    const stats::WindowCounts c = rule_.counts(now);
    return c.calls > 0 ? c.failureShare() : kUnknown;
}

double Breaker::slowShare(MonotonicTime now) const {
    const stats::WindowCounts c = rule_.counts(now);
    return c.calls > 0 ? c.slowShare() : kUnknown;
}

double Breaker::reopenIn(MonotonicTime now) const {
    if (state_ != BreakerState::Open && state_ != BreakerState::ForcedOpen) {
        return kUnknown;
    }
    return std::max(0.0, toSeconds(until_ - now));
}

}  // namespace levee
