// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "shared/base/units.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr double kLimitMoved = 0.5;
constexpr double kLeastLimitMoved = 2;
constexpr Duration kLimitReportPause = 10s;
constexpr double kBaselineMoved = 0.5;
constexpr Duration kBaselineReportPause = 1min;
constexpr std::size_t kMostEvents = 64;

std::string milliseconds(double seconds) {
    return fmt::format("{:.3g} ms", seconds * 1e3);
}

}  // namespace

Guard::Guard(std::string subject, GuardParts parts, const GuardSettings& settings,
             std::uint64_t seed, MonotonicTime now)
    : subject_(std::move(subject)), parts_(parts), settings_(settings), tickedAt_(now) {
    if (parts.limiter) {
        limit_ = makeLimit(settings.limiter, {.isShared = parts_.isShared});
    }
    if (parts.breaker) {
        breaker_ = std::make_unique<Breaker>(settings.breaker, seed, now);
    }
    if (parts.ejection) {
        ejection_ = std::make_unique<Ejection>(settings.ejection, seed + 1, now);
    }
}

void Guard::reconfigure(const GuardSettings& settings, MonotonicTime now) {
    collectEvents();  // they happened in the mode of before
    const GuardSettings before = std::exchange(settings_, settings);
    if (ejection_ && settings.ejection != before.ejection) {
        ejection_->reconfigure(settings.ejection, now);
    }
    if (breaker_ && settings.breaker != before.breaker) {
        breaker_->reconfigure(settings.breaker, now);
    }
    if (!parts_.limiter || settings.limiter == before.limiter) {
        return;
    }
    if (limit_ && settings.limiter.kind == before.limiter.kind) {
        limit_->reconfigure(settings.limiter);
        return;
    }
    memory_ = save();
    limit_ = makeLimit(settings.limiter, {.isShared = parts_.isShared});
    restore(memory_);
}

LimitMemory Guard::save() const {
    const LimitMemory learned = limit_ ? limit_->save() : LimitMemory{};
    return learned.isEmpty() ? memory_ : learned;
}

void Guard::onWindow(const WindowSample& sample, MonotonicTime now) {
    if (settings_.mode == GuardMode::Off || !limit_) {
        return;
    }
    if (hold_ && now >= hold_->until) {
        endHold(now);
    }
    const double seconds = toSeconds(sample.length);
    shedRate_ = seconds > 0 ? static_cast<double>(sample.shed) / seconds : 0;
    inFlight_ = sample.inFlight;
    const LimitDecision before = limit_->decision();
    if (settings_.mode == GuardMode::Shadow) {
        const double room = double(before.maxInFlight()) + before.queueLimit;
        wouldHaveShed_ +=
            std::max(0.0, sample.maxInFlight - room) +
            (1 - before.admitShare) * static_cast<double>(sample.completed + sample.timedOut);
    }
    if (!hold_) {  // under a hold the limit in force is not ours: nothing is to be learned from it
        if (std::isnan(reportedLimit_)) {
            reportedLimit_ = before.limit;
            limitReportedAt_ = now;
        }
        limit_->onWindow(sample, now);
        reportLimit(now);
    }
    reportShedding(sample, before, now);
    reportBaseline(now);
}

void Guard::reportShedding(const WindowSample& sample, const LimitDecision& limit,
                           MonotonicTime now) {
    switch (shedding_.onWindow(sample, now)) {
        case Shedding::News::None:
            return;
        case Shedding::News::Begun:
            report(
                EventSeverity::Warning,
                fmt::format("shedding: {} of {} requests refused in {:.0f} ms, at {} in flight "
                            "and {} waiting",
                            sample.shed, sample.shed + sample.completed + sample.timedOut,
                            toSeconds(sample.length) * 1e3, limit.maxInFlight(), limit.queueLimit),
                whyShedding(sample, limit));
            return;
        case Shedding::News::Over:
            report(EventSeverity::Notice,
                   fmt::format("shedding over: {} requests refused in {:.1f} s",
                               shedding_.refused(), shedding_.seconds()),
                   whyShedding(sample, limit));
            return;
    }
}

Decision Guard::whyShedding(const WindowSample& sample, const LimitDecision& limit) const {
    const LimitNeeded needed = shedding_.limitNeeded();
    Decision why;
    why.inputs = fmt::format(
        "refused={} seconds={:.1f} shed={} completed={} maxInFlight={} baselineMs={:.3f} reason={} "
        "limitNeededAtSameLatency={} limitNeededAtSameThroughput={}",
        shedding_.refused(), shedding_.seconds(), sample.shed, sample.completed, sample.maxInFlight,
        limit.baseline * 1e3, name(limit.reason), needed.atSameLatency, needed.atSameThroughput);
    why.thresholds = fmt::format("limit={:.1f} queue={} admitShare={:.3g}", limit.limit,
                                 limit.queueLimit, limit.admitShare);
    why.distance = 0;
    why.counterfactual.outcome = "passed";
    std::vector<Condition>& conditions = why.counterfactual.conditions;
    if (limit.admitShare < 1) {
        conditions.push_back({"admitShare", Condition::Relation::AtLeast, 1});
    }
    if (limit.admitShare == 1 || needed.atSameThroughput > limit.limit) {
        conditions.push_back({"limit", Condition::Relation::AtLeast, needed.atSameThroughput});
    }
    if (conditions.back().name == "limit" && needed.atSameLatency < needed.atSameThroughput) {
        why.counterfactual.given =
            fmt::format("or at about {} had the service answered as fast", needed.atSameLatency);
    }
    return why;
}

/// While it searches the limit moves; what people want to know is where it came to rest.
void Guard::reportLimit(MonotonicTime now) {
    const LimitDecision d = limit_->decision();
    if (d.reason == LimitReason::Fixed || d.reason == LimitReason::Start ||
        d.reason == LimitReason::Growing || d.reason == LimitReason::Probing) {
        return;
    }
    const double before = reportedLimit_;
    const double high = std::max(before, d.limit);
    const double low = std::min(before, d.limit);
    if (now - limitReportedAt_ < kLimitReportPause || high < low * (1 + kLimitMoved) ||
        high - low < kLeastLimitMoved) {
        return;
    }
    reportedLimit_ = d.limit;
    limitReportedAt_ = now;
    const bool isLower = d.limit < before;
    report(EventSeverity::Info,
           fmt::format("limit is now {:.0f} (was {:.0f}): {}", d.limit, before, name(d.reason)),
           {.inputs = fmt::format("limit={:.1f} before={:.1f} inFlight={:.1f} baselineMs={:.3f} "
                                  "waitingAtService={:.1f} reason={}",
                                  d.limit, before, inFlight_, d.baseline * 1e3, d.waitingAtService,
                                  name(d.reason)),
            .thresholds = fmt::format("min={} max={}", settings_.limiter.minLimit,
                                      settings_.limiter.maxLimit),
            .distance = std::clamp(1 - inFlight_ / d.limit, 0.0, 1.0),
            .counterfactual = {"stayed there",
                               {isLower ? Condition{"min", Condition::Relation::AtLeast, before}
                                        : Condition{"max", Condition::Relation::AtMost, before}},
                               ""}});
}

void Guard::reportBaseline(MonotonicTime now) {
    const LimitDecision d = limit_->decision();
    if (std::isnan(d.baseline) || d.reason == LimitReason::Probing) {
        return;
    }
    if (std::isnan(reportedBaseline_)) {
        reportedBaseline_ = d.baseline;
        baselineReportedAt_ = now;
        return;
    }
    // While it is still being learned it moves; what people want to know is where it came to rest.
    if (now - baselineReportedAt_ < kBaselineReportPause) {
        return;
    }
    const double moved = d.baseline / reportedBaseline_;
    if (moved < 1 + kBaselineMoved && moved > 1 / (1 + kBaselineMoved)) {
        return;
    }
    report(EventSeverity::Info,
           fmt::format("unloaded latency is now {} (was {}); limit {:.0f}",
                       milliseconds(d.baseline), milliseconds(reportedBaseline_), d.limit),
           {.inputs = fmt::format("baselineMs={:.3f} beforeMs={:.3f} limit={:.1f}",
                                  d.baseline * 1e3, reportedBaseline_ * 1e3, d.limit)});
    reportedBaseline_ = d.baseline;
    baselineReportedAt_ = now;
}

void Guard::report(EventSeverity severity, std::string text, Decision why, bool byHand) {
    collect({{EventKind::Limit, severity, std::move(text), std::move(why),
              byHand ? std::optional(GuardMode::Enforce) : std::nullopt}});
}

/// Events bear the mode in which they happened.
void Guard::collect(std::vector<GuardEvent> events) {
    for (GuardEvent& event : events) {
        if (events_.size() < kMostEvents) {
            event.isByHand = event.mode.has_value();
            event.mode = event.mode.value_or(settings_.mode);
            events_.push_back(std::move(event));
        }
    }
}

void Guard::collectEvents() {
    if (breaker_) {
        collect(breaker_->takeEvents());
    }
    if (ejection_) {
        collect(ejection_->takeEvents());
    }
}

void Guard::onResult(const CallResult& result, MonotonicTime startedAt, MonotonicTime now) {
    if (settings_.mode != GuardMode::Off && breaker_) {
        breaker_->onResult(result, startedAt, now);
    }
}

void Guard::onTick(double offeredPerSecond, MonotonicTime now) {
    if (hold_ && now >= hold_->until) {
        endHold(now);
    }
    if (breaker_) {  // when switched off too: holds expire
        if (settings_.mode == GuardMode::Shadow && !breaker_->isForced()) {
            wouldHaveShed_ += std::max(0.0, offeredPerSecond) * toSeconds(now - tickedAt_) *
                              (1 - breaker_->admitShare());
        }
        breaker_->setOfferedRate(offeredPerSecond);
        breaker_->onTick(now);
    }
    if (ejection_) {
        ejection_->onTick(now);
    }
    tickedAt_ = now;
}

void Guard::setFleetOpenShare(double share, MonotonicTime now) {
    if (breaker_) {
        breaker_->setFleetOpenShare(share, now);
    }
}

bool Guard::addInstance(const std::string& instance, MonotonicTime now) {
    return ejection_ && ejection_->add(instance, now);
}

void Guard::removeInstance(std::string_view instance, MonotonicTime now) {
    if (ejection_) {
        ejection_->remove(instance, now);
    }
}

void Guard::onInstanceResult(std::string_view instance, const CallResult& result,
                             MonotonicTime startedAt, MonotonicTime now) {
    if (settings_.mode != GuardMode::Off && ejection_) {
        ejection_->onResult(instance, result, startedAt, now);
    }
}

bool Guard::forceOpen(MonotonicTime until, MonotonicTime now) {
    if (breaker_) {
        breaker_->forceOpen(until, now);
    }
    return breaker_ != nullptr;
}

bool Guard::forceClosed(MonotonicTime until, MonotonicTime now) {
    if (breaker_) {
        breaker_->forceClosed(until, now);
    }
    return breaker_ != nullptr;
}

bool Guard::holdLimit(std::uint32_t limit, MonotonicTime until, MonotonicTime now) {
    if (!parts_.limiter) {
        return false;
    }
    hold_ = Hold{std::max<std::uint32_t>(1, limit), until};
    const std::string span = holdSpan(until - now);
    report(EventSeverity::Warning, fmt::format("limit held at {} for {}", hold_->limit, span),
           {.inputs = fmt::format("limit={} expiresIn={}", hold_->limit, span)}, true);
    return true;
}

void Guard::release(MonotonicTime now) {
    if (hold_) {
        endHold(now);
    }
    if (breaker_) {
        breaker_->releaseForce(now);
    }
}

void Guard::endHold(MonotonicTime now) {
    const bool isExpired = now >= hold_->until;
    hold_.reset();
    report(
        EventSeverity::Notice,
        isExpired ? "the hold of the limit has expired" : "the hold of the limit was released",
        {.inputs = limit_ ? fmt::format("limit={:.1f}", limit_->decision().limit) : std::string()},
        true);
}

GuardDesired Guard::decided() const {
    GuardDesired d;
    if (breaker_) {
        d.admitShare = breaker_->admitShare();
    }
    if (hold_) {
        d.maxInFlight = hold_->limit;
        d.queueLimit = std::max<std::uint32_t>(1, hold_->limit / 2);
    } else if (limit_) {
        const LimitDecision limit = limit_->decision();
        d.admitShare *= limit.admitShare;
        d.maxInFlight = limit.maxInFlight();
        d.queueLimit = limit.queueLimit;
    }
    if (ejection_) {
        d.instances = ejection_->shares();
    }
    return d;
}

GuardDesired Guard::desired() const {
    GuardDesired d = decided();
    if (settings_.mode == GuardMode::Enforce) {
        return d;
    }
    // Only what a person holds.
    d.admitShare = breaker_ && breaker_->isForced() ? breaker_->admitShare() : 1;
    d.maxInFlight = hold_ ? d.maxInFlight : 0;
    d.queueLimit = hold_ ? d.queueLimit : 0;
    d.instances.clear();
    return d;
}

GuardState Guard::state(MonotonicTime now) const {
    GuardState s;
    s.subject = subject_;
    s.mode = settings_.mode;
    s.hasBreaker = breaker_ != nullptr;
    if (breaker_) {
        s.breaker = breaker_->state();
        s.distanceToTrip = breaker_->distanceToTrip(now);
        s.failureShare = breaker_->failureShare(now);
        s.slowShare = breaker_->slowShare(now);
        s.reopenInSeconds = breaker_->reopenIn(now);
        s.trips = breaker_->trips();
        s.tripsSuppressed = breaker_->tripsSuppressed();
    }
    if (ejection_) {
        s.instances = ejection_->instances(now);
    }
    s.hasLimit = limit_ != nullptr || hold_.has_value();
    const GuardDesired d = decided();
    s.admitShare = d.admitShare;
    if (s.hasLimit) {
        s.limit = d.maxInFlight;
        s.queueLimit = d.queueLimit;
    }
    if (limit_) {
        s.baseline = limit_->decision().baseline;
        s.inFlight = inFlight_;
    }
    s.shedRate = shedRate_;
    s.wouldHaveShed = wouldHaveShed_;
    return s;
}

std::vector<GuardEvent> Guard::takeEvents() {
    collectEvents();
    return std::exchange(events_, {});
}

void Guard::restore(const LimitMemory& memory) {
    memory_ = memory;
    if (limit_ && !memory.isEmpty()) {
        limit_->restore(memory);
    }
}

}  // namespace levee
