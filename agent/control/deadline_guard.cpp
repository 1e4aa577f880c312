// SPDX-License-Identifier: Apache-2.0
#include "agent/control/deadline_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

std::uint32_t roundedMicros(double seconds) {
    constexpr double kMost = 4e9;
    const double micros = seconds * 1e6;
    if (!(micros >= 1))
        return 0;
    const double unit = std::pow(10.0, std::floor(std::log10(micros)) - 1);
    return static_cast<std::uint32_t>(std::min(kMost, std::floor(micros / unit) * unit));
}

}  // namespace

void DeadlineGuard::configure(const DeadlineSettings& settings, GuardMode mode) {
    settings_ = settings;
    mode_ = mode;
    if (!isAsking()) {
        leastMicros_ = 0;
        turnMicros_ = 0;
    }
}

void DeadlineGuard::add(const RequestRecord& record) {
    if (record.outcome == Outcome::ShedDeadline) {
        refusals_.addRefused();
    } else if (record.isTooLate) {
        refusals_.addInShadow();
        ++wouldHaveRefused_;
    } else {
        refusals_.addPassed(record.weight);
    }
    if (record.outcome == Outcome::Success && !settings_.header.empty())
        now_.record(static_cast<double>(
                        std::max<std::int64_t>(0, record.durationMicros - record.queueMicros)) *
                    1e-6);
}

void DeadlineGuard::tick(Duration elapsed, std::uint32_t limit, MonotonicTime now) {
    if (settings_.header.empty())
        return;
    age_ += elapsed;
    // Each second is often enough to tell the gateway.
    if (isAsking() && age_ / std::chrono::seconds(1) != (age_ - elapsed) / std::chrono::seconds(1))
        learn(limit);
    if (age_ >= kHalf) {
        before_ = std::exchange(now_, {});
        age_ = Duration::zero();
    }
    const double seconds = toSeconds(elapsed);
    const Shedding& episode = refusals_.episode();
    switch (refusals_.tick(elapsed, now)) {
        case Shedding::News::None:
            break;
        case Shedding::News::Begun: {
            const std::uint64_t refused = refusals_.refusedInWindow();
            report(EventSeverity::Warning,
                   fmt::format("deadline: {} of {} requests refused in {:.0f} ms: their callers "
                               "wait no longer than the answer takes",
                               refused, refused + refusals_.passedInWindow(), seconds * 1e3),
                   refused, seconds);
            break;
        }
        case Shedding::News::Over:
            report(EventSeverity::Notice,
                   fmt::format("deadline: over, {} requests refused in {:.1f} s", episode.refused(),
                               episode.seconds()),
                   episode.refused(), episode.seconds());
            break;
    }
}

void DeadlineGuard::learn(std::uint32_t limit) {
    stats::Histogram recent = before_;
    recent.merge(now_);
    // Of a service that answers nothing now, what is known stays: it is no faster than it was.
    if (recent.count() < kEnough)
        return;
    constexpr double kFastest = 0.1;
    leastMicros_ = roundedMicros(recent.quantile(kFastest));
    turnMicros_ = limit > 0 ? roundedMicros(recent.mean() / limit) : 0;
}

void DeadlineGuard::report(EventSeverity severity, std::string text, std::uint64_t refused,
                           double seconds) {
    GuardEvent event;
    event.kind = EventKind::Limit;
    event.severity = severity;
    event.text = std::move(text);
    event.mode = mode_;
    event.why.inputs = fmt::format("refused={} passed={} seconds={:.1f} turn={}us", refused,
                                   refusals_.passedInWindow(), seconds, turnMicros_);
    event.why.thresholds = fmt::format("header={} least={}us", settings_.header, leastMicros_);
    event.why.distance = 0;
    events_.push_back(std::move(event));
}

DeadlineState DeadlineGuard::state() const {
    DeadlineState state;
    if (answer() > Duration::zero())
        state.answer = toSeconds(answer());
    if (!isAsking())
        return state;
    state.header = settings_.header;
    if (leastMicros_ > 0)
        state.least = leastMicros_ * 1e-6;
    state.refusedRate = acts() ? refusals_.perSecond() : 0;
    state.refused = static_cast<std::int64_t>(refusals_.refused());
    return state;
}

}  // namespace levee
