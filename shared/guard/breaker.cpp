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
    rule_.record(failed, result.latency, now);
    if (state_ == BreakerState::HalfOpen) {
        countProbe(failed, slow, now);
        return;
    }
    const bool isRamp = state_ == BreakerState::Ramp;
    if ((!failed && !slow) || (state_ != BreakerState::Closed && !isRamp)) {
        return;
    }
    if (const auto reason = rule_.check(isRamp, now)) {
        open(isRamp ? BreakerEvent::RampFailed : BreakerEvent::Trip, reason->text, reason->detail,
             now);
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
           fmt::format("probes={} within={}", settings_.probes,
                       formatDuration(settings_.probeFor)));
    }
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

std::uint64_t Breaker::probesToFail(double share) const {
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::ceil(share * settings_.probes - 1e-9)));
}

void Breaker::countProbe(bool failed, bool slow, MonotonicTime now) {
    probes_.add(stats::CallOutcome{failed, slow});
    const bool allFailed = probes_.failures == probes_.calls && probes_.failures >= kFailuresInARow;
    if (allFailed || probes_.failures >= probesToFail(settings_.failureShare) ||
        probes_.slow >= probesToFail(settings_.slowShare) || probes_.calls >= settings_.probes) {
        endProbing(now);
    }
}

void Breaker::endProbing(MonotonicTime now) {
    const std::string detail =
        fmt::format("probes={} failed={} slow={} admitted={:.0f} offered={:.1f}/s", probes_.calls,
                    probes_.failures, probes_.slow, admitted_, offeredRate_);
    if (probes_.calls == 0 && offeredRate_ > 0) {
        open(BreakerEvent::ProbesFailed,
             "no probe came back within " + formatDuration(settings_.probeFor), detail, now);
        return;
    }
    if (probes_.calls > 0 && (probes_.failureShare() >= settings_.failureShare ||
                              probes_.slowShare() >= settings_.slowShare)) {
        const bool byFailure = probes_.failureShare() >= settings_.failureShare;
        open(BreakerEvent::ProbesFailed,
             fmt::format("{} of {} probes {}", byFailure ? probes_.failures : probes_.slow,
                         probes_.calls, byFailure ? "failed" : "were slow"),
             detail, now);
        return;
    }
    go(BreakerEvent::ProbesPassed, now, EventSeverity::Notice,
       probes_.calls == 0 ? std::string("ramping up: no call came to probe with")
                          : fmt::format("ramping up: {} of {} probes succeeded",
                                        probes_.calls - probes_.failures, probes_.calls),
       detail);
}

void Breaker::open(BreakerEvent event, const std::string& why, const std::string& detail,
                   MonotonicTime now) {
    failedRecoveries_ = event == BreakerEvent::Trip ? 0 : std::min(failedRecoveries_ + 1, 32);
    trips_ += event == BreakerEvent::ProbesFailed ? 0 : 1;
    const double longest = toSeconds(std::max(settings_.maxOpenFor, settings_.openFor));
    const double wanted = toSeconds(settings_.openFor) * std::ldexp(1.0, failedRecoveries_);
    const double jitter = 1 + kJitter * (2 * random_.uniform() - 1);
    const Duration openFor = toWholeMillis(fromSeconds(std::min(wanted, longest) * jitter));
    const bool again = event != BreakerEvent::Trip;
    go(event, now, EventSeverity::Critical,
       fmt::format("{}: {}; next try in {:.1f} s", again ? "opened again" : "opened", why,
                   toSeconds(openFor)),
       fmt::format("{} open_for={} failed_recoveries={}", detail, formatDuration(openFor),
                   failedRecoveries_));
    until_ = now + openFor;
}

void Breaker::go(BreakerEvent event, MonotonicTime now, EventSeverity severity, std::string text,
                 std::string detail) {
    const std::optional<BreakerState> to = nextState(state_, event);
    if (!to) {
        return;
    }
    enter(*to, now);
    if (events_.size() < kMostEvents) {
        events_.push_back({EventKind::Breaker, severity, std::move(text), std::move(detail)});
    }
}

void Breaker::enter(BreakerState state, MonotonicTime now) {
    state_ = state;
    enteredAt_ = now;
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
    const std::string hold = formatDuration(toWholeMillis(until - now));
    go(event, now, EventSeverity::Warning,
       fmt::format("forced {} for {}", isOpen ? "open" : "closed", hold),
       fmt::format("expires_in={}", hold));
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
            return std::max(0.0, 1 - static_cast<double>(probes_.failures) /
                                         static_cast<double>(probesToFail(settings_.failureShare)));
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
