// SPDX-License-Identifier: Apache-2.0
#include "agent/control/rate_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rules/lang/scalar_reader.h"
#include "shared/base/units.h"

namespace levee {

void RateGuard::configure(const RateSettings& settings, GuardMode mode) {
    settings_ = settings;
    mode_ = mode;
}

std::uint32_t RateGuard::requestsInWindow() const {
    if (settings_.perSecond <= 0 || mode_ == GuardMode::Off)
        return 0;
    constexpr double kMost = 4e9;
    return static_cast<std::uint32_t>(
        std::clamp(std::round(settings_.perSecond * toSeconds(settings_.window)), 1.0, kMost));
}

void RateGuard::add(const RequestRecord& record) {
    if (record.outcome == Outcome::ShedRate) {
        refusals_.addRefused();
    } else if (record.isOverRate) {
        refusals_.addInShadow();
        ++wouldHaveRefused_;
    } else {
        refusals_.addPassed(record.weight);
    }
}

void RateGuard::tick(Duration elapsed, MonotonicTime now) {
    const double seconds = toSeconds(elapsed);
    const Shedding& episode = refusals_.episode();
    switch (refusals_.tick(elapsed, now)) {
        case Shedding::News::None:
            break;
        case Shedding::News::Begun: {
            const std::uint64_t refused = refusals_.refusedInWindow();
            report(EventSeverity::Warning,
                   fmt::format("rate: {} of {} requests refused in {:.0f} ms, above {} by {}",
                               refused, refused + refusals_.passedInWindow(), seconds * 1e3,
                               formatPerSecond(settings_.perSecond), settings_.key),
                   refused, seconds);
            break;
        }
        case Shedding::News::Over:
            report(EventSeverity::Notice,
                   fmt::format("rate: over, {} requests refused in {:.1f} s", episode.refused(),
                               episode.seconds()),
                   episode.refused(), episode.seconds());
            break;
    }
}

void RateGuard::report(EventSeverity severity, std::string text, std::uint64_t refused,
                       double seconds) {
    GuardEvent event;
    event.kind = EventKind::Limit;
    event.severity = severity;
    event.text = std::move(text);
    event.mode = mode_;
    event.why.inputs = fmt::format("refused={} passed={} seconds={:.1f}", refused,
                                   refusals_.passedInWindow(), seconds);
    event.why.thresholds =
        fmt::format("limit={} window={} key={}", formatPerSecond(settings_.perSecond),
                    formatDuration(settings_.window), settings_.key);
    event.why.distance = 0;
    events_.push_back(std::move(event));
}

RateState RateGuard::state() const {
    RateState state;
    if (settings_.perSecond <= 0)
        return state;
    state.limit = settings_.perSecond;
    state.key = settings_.key;
    state.refusedRate = mode_ == GuardMode::Enforce ? refusals_.perSecond() : 0;
    state.refused = static_cast<std::int64_t>(refusals_.refused());
    return state;
}

}  // namespace levee
