// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/trip_rule.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/base/units.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLongestSilence = 60s;
constexpr std::uint32_t kEagerCalls = 5;
constexpr std::uint32_t kMostInARow = 1'000;  ///< the highest setting

std::size_t lastCallsOf(const BreakerSettings& settings) {
    return settings.windowCalls > 0 ? settings.windowCalls
                                    : std::max<std::size_t>(1, settings.minimumCalls);
}

}  // namespace

TripRule::TripRule(const BreakerSettings& settings)
    : settings_(settings), recent_(settings.window), last_(lastCallsOf(settings)) {}

void TripRule::record(bool failed, Duration latency, MonotonicTime now, CallWeight weight) {
    const bool isByTime = settings_.windowCalls == 0;
    if (isByTime && lastCall_ && now - *lastCall_ > kLongestSilence) {
        last_.clear();
    }
    lastCall_ = now;
    const bool slow = settings_.slowerThan > Duration::zero() && latency > settings_.slowerThan;
    const stats::CallOutcome outcome{failed, slow};
    for (std::uint32_t i = 0; i < weight.calls; ++i) {
        recent_.record(outcome, now);
        last_.record(outcome);
    }
    inARow_ = failed ? inARow_ + weight.calls : 0;
    run_ = failed ? run_ + static_cast<double>(weight.calls) / weight.good : 0;
}

/// Sums of fractions end a little beside whole numbers.
std::uint32_t TripRule::wholeRun() const {
    constexpr double kRounding = 1e-6;
    return static_cast<std::uint32_t>(std::min(run_ + kRounding, 1e9));
}

std::uint32_t TripRule::inARowLimit(bool eager) const {
    const std::uint32_t limit = settings_.consecutiveFailures;
    return eager && limit > 0 ? std::min(limit, kEagerCalls) : limit;
}

std::uint32_t TripRule::minimumCalls(bool eager) const {
    const std::uint32_t minimum = settings_.windowCalls > 0
                                      ? std::min(settings_.minimumCalls, settings_.windowCalls)
                                      : settings_.minimumCalls;
    return eager ? std::min(minimum, kEagerCalls) : minimum;
}

TripRule::Basis TripRule::basis(MonotonicTime now) const {
    const stats::WindowCounts last = last_.snapshot();
    if (settings_.windowCalls > 0) {
        return {last, true};
    }
    const stats::WindowCounts recent = recent_.snapshot(now);
    const bool isFresh = lastCall_ && now - *lastCall_ <= kLongestSilence;
    if (recent.calls < settings_.minimumCalls && last.calls > recent.calls && isFresh) {
        return {last, true};
    }
    return {recent, false};
}

stats::WindowCounts TripRule::counts(MonotonicTime now) const {
    return settings_.windowCalls > 0 ? last_.snapshot() : recent_.snapshot(now);
}

std::string TripRule::spanText(bool isByCount) const {
    if (!isByCount) {
        return " within " + formatDuration(settings_.window);
    }
    return settings_.windowCalls > 0 ? "" : " of late";
}

std::optional<TripReason> TripRule::check(bool eager, MonotonicTime now) const {
    const Basis b = basis(now);
    const stats::WindowCounts& c = b.counts;
    const std::uint32_t rowLimit = inARowLimit(eager);
    const std::uint32_t row = wholeRun();
    const bool byRow = rowLimit > 0 && row >= rowLimit;
    const bool isEnough = c.calls >= minimumCalls(eager);
    const bool byFailures =
        isEnough && c.failures > 0 && c.failureShare() >= settings_.failureShare;
    const bool bySlow = isEnough && c.slow > 0 && c.slowShare() >= settings_.slowShare;

    std::vector<Condition> conditions;
    std::string text;
    if (byRow) {
        text = fmt::format("{} of the last {} calls failed (limit {} in a row{})", inARow_, inARow_,
                           rowLimit, inARow_ > row ? ", more while good calls are sampled" : "");
        const bool isSettable = row < (eager ? kEagerCalls : kMostInARow);
        conditions.push_back(
            isSettable ? Condition{"consecutiveFailures", Condition::Relation::AtLeast, row + 1.0}
                       : Condition{"consecutive", Condition::Relation::AtMost, rowLimit - 1.0});
    }
    const std::string span = spanText(b.isByCount);
    if (byFailures) {
        text = !text.empty() ? text
                             : fmt::format("{:.0f} % of {} calls failed{} (limit {:.0f} %)",
                                           100 * c.failureShare(), c.calls, span,
                                           100 * settings_.failureShare);
        conditions.push_back(
            belowShare("failureShare", "failed", c.failures, c.calls, settings_.failureShare));
    }
    if (bySlow) {
        text = !text.empty()
                   ? text
                   : fmt::format(
                         "{:.0f} % of {} calls took longer than {}{} (limit "
                         "{:.0f} %)",
                         100 * c.slowShare(), c.calls, formatDuration(settings_.slowerThan), span,
                         100 * settings_.slowShare);
        conditions.push_back(belowShare("slowShare", "slow", c.slow, c.calls, settings_.slowShare));
    }
    if (conditions.empty()) {
        return std::nullopt;
    }
    return TripReason{
        std::move(text),
        {.inputs = fmt::format("calls={} failed={} slow={} consecutive={}", c.calls, c.failures,
                               c.slow, inARow_),
         .thresholds = fmt::format("consecutiveFailures={} minimumCalls={} failureShare={} "
                                   "slowShare={} slowerThan={}",
                                   rowLimit, minimumCalls(eager), settings_.failureShare,
                                   settings_.slowShare, formatDuration(settings_.slowerThan)),
         .distance = 0,
         .counterfactual = {eager ? "gone on" : "stayed closed", std::move(conditions), ""}}};
}

double TripRule::distance(bool eager, MonotonicTime now) const {
    double distance = 1;
    if (const std::uint32_t limit = inARowLimit(eager); limit > 0) {
        distance = std::min(distance, 1 - run_ / limit);
    }
    // A share trips only with enough calls, so the farther of the two counts.
    const stats::WindowCounts c = basis(now).counts;
    const double calls =
        1 - static_cast<double>(c.calls) / std::max<std::uint32_t>(1, minimumCalls(eager));
    const double failed = 1 - c.failureShare() / settings_.failureShare;
    const double slow = 1 - c.slowShare() / settings_.slowShare;
    distance = std::min(distance, std::max(calls, std::min(failed, slow)));
    return std::clamp(distance, 0.0, 1.0);
}

void TripRule::clear() {
    recent_.clear();
    last_.clear();
    inARow_ = 0;
    run_ = 0;
    lastCall_.reset();
}

void TripRule::reconfigure(const BreakerSettings& settings, MonotonicTime now) {
    if (settings.window != settings_.window) {
        recent_.resize(settings.window, now);
    }
    if (lastCallsOf(settings) != last_.size()) {
        last_.resize(lastCallsOf(settings));
    }
    settings_ = settings;
}

}  // namespace levee
