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

constexpr Duration kCalm = 5s;                  ///< without a refusal: the shedding is over
constexpr std::uint64_t kSheddingMatters = 20;  ///< refusals in a row before it is an event
constexpr double kBaselineMoved = 0.5;
constexpr Duration kBaselineReportPause = 1min;
constexpr std::size_t kMostEvents = 64;

std::string milliseconds(double seconds) {
    return fmt::format("{:.3g} ms", seconds * 1e3);
}

}  // namespace

Guard::Guard(std::string subject, GuardParts parts, const GuardSettings& settings,
             std::uint64_t seed, MonotonicTime now)
    : subject_(std::move(subject)), parts_(parts), settings_(settings) {
    if (parts.limiter) {
        limit_ = makeLimit(settings.limiter);
    }
    if (parts.breaker) {
        breaker_ = std::make_unique<Breaker>(settings.breaker, seed, now);
    }
}

void Guard::reconfigure(const GuardSettings& settings, MonotonicTime now) {
    const GuardSettings before = std::exchange(settings_, settings);
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
    limit_ = makeLimit(settings.limiter);
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
        const std::uint64_t room = std::uint64_t{before.maxInFlight()} + before.queueLimit;
        wouldHaveShed_ += sample.maxInFlight > room ? sample.maxInFlight - room : 0;
    }
    if (!hold_) {  // under a hold the limit in force is not ours: nothing is to be learned from it
        limit_->onWindow(sample, now);
    }
    reportShedding(sample, now);
    reportBaseline(now);
}

/// A few refusals in a burst are no event; a row of them is one, with a beginning and an end.
void Guard::reportShedding(const WindowSample& sample, MonotonicTime now) {
    if (sample.shed > 0) {
        if (!sheddingSince_) {
            sheddingSince_ = now;
            shedCount_ = 0;
            isSheddingReported_ = false;
        }
        lastShed_ = now;
        shedCount_ += sample.shed;
        if (!isSheddingReported_ && shedCount_ >= kSheddingMatters) {
            isSheddingReported_ = true;
            reportSheddingBegun(sample);
        }
    } else if (sheddingSince_ && now - lastShed_ >= kCalm) {
        const double lasted = toSeconds(lastShed_ - *sheddingSince_);
        if (isSheddingReported_) {
            report(
                EventSeverity::Notice,
                fmt::format("shedding over: {} requests refused in {:.1f} s", shedCount_, lasted),
                fmt::format("shed={} seconds={:.1f} limit={:.1f}", shedCount_, lasted,
                            limit_->decision().limit));
        }
        sheddingSince_.reset();
    }
}

void Guard::reportSheddingBegun(const WindowSample& sample) {
    const LimitDecision d = limit_->decision();
    report(EventSeverity::Warning,
           fmt::format(
               "shedding: {} of {} requests refused in {:.0f} ms, at {} in flight and {} waiting",
               sample.shed, sample.shed + sample.completed + sample.timedOut,
               toSeconds(sample.length) * 1e3, d.maxInFlight(), d.queueLimit),
           fmt::format("limit={:.1f} queue={} shed={} completed={} max_in_flight={} "
                       "baseline_ms={:.3f} reason={}",
                       d.limit, d.queueLimit, sample.shed, sample.completed, sample.maxInFlight,
                       d.baseline * 1e3, name(d.reason)));
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
           fmt::format("baseline_ms={:.3f} before_ms={:.3f} limit={:.1f}", d.baseline * 1e3,
                       reportedBaseline_ * 1e3, d.limit));
    reportedBaseline_ = d.baseline;
    baselineReportedAt_ = now;
}

void Guard::report(EventSeverity severity, std::string text, std::string detail) {
    if (events_.size() < kMostEvents) {
        events_.push_back({EventKind::Limit, severity, std::move(text), std::move(detail)});
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
        breaker_->setOfferedRate(offeredPerSecond);
        breaker_->onTick(now);
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
    if (!limit_) {
        return false;
    }
    hold_ = Hold{std::max<std::uint32_t>(1, limit), until};
    const std::string span =
        formatDuration(std::chrono::duration_cast<std::chrono::milliseconds>(until - now));
    report(EventSeverity::Warning, fmt::format("limit held at {} for {}", hold_->limit, span),
           fmt::format("limit={} expires_in={}", hold_->limit, span));
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
    report(EventSeverity::Notice,
           isExpired ? "the hold of the limit has expired" : "the hold of the limit was released",
           limit_ ? fmt::format("limit={:.1f}", limit_->decision().limit) : std::string());
}

GuardDesired Guard::decided() const {
    GuardDesired d;
    if (breaker_) {
        d.admitShare = breaker_->admitShare();
    }
    if (limit_) {
        const LimitDecision limit = limit_->decision();
        d.maxInFlight = hold_ ? hold_->limit : limit.maxInFlight();
        d.queueLimit = hold_ ? std::max<std::uint32_t>(1, hold_->limit / 2) : limit.queueLimit;
    }
    return d;
}

GuardDesired Guard::desired() const {
    const GuardDesired all = decided();
    const bool enforced = settings_.mode == GuardMode::Enforce;
    GuardDesired d;
    if (enforced || (breaker_ && breaker_->isForced())) {
        d.admitShare = all.admitShare;
    }
    if (enforced || hold_) {
        d.maxInFlight = all.maxInFlight;
        d.queueLimit = all.queueLimit;
    }
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
    }
    s.hasLimit = limit_ != nullptr;
    const GuardDesired d = decided();
    s.admitShare = d.admitShare;
    if (limit_) {
        s.limit = d.maxInFlight;
        s.queueLimit = d.queueLimit;
        s.baseline = limit_->decision().baseline;
        s.inFlight = inFlight_;
    }
    s.shedRate = shedRate_;
    return s;
}

std::vector<GuardEvent> Guard::takeEvents() {
    std::vector<GuardEvent> events = std::exchange(events_, {});
    if (breaker_) {
        for (GuardEvent& event : breaker_->takeEvents()) {
            events.push_back(std::move(event));
        }
    }
    return events;
}

void Guard::restore(const LimitMemory& memory) {
    memory_ = memory;
    if (limit_ && !memory.isEmpty()) {
        limit_->restore(memory);
    }
}

}  // namespace levee
