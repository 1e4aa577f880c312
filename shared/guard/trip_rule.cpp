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
constexpr std::size_t kMostLastCalls = 1'000;

std::size_t lastCallsOf(const BreakerSettings& settings) {
    return std::clamp<std::size_t>(settings.minimumCalls, 1, kMostLastCalls);
}

}  // namespace

TripRule::TripRule(const BreakerSettings& settings)
    : settings_(settings), recent_(settings.window), last_(lastCallsOf(settings)) {}

void TripRule::record(bool failed, Duration latency, MonotonicTime now) {
    if (lastCall_ && now - *lastCall_ > kLongestSilence) {
        last_.clear();
    }
    lastCall_ = now;
    const bool slow = settings_.slowerThan > Duration::zero() && latency > settings_.slowerThan;
    const stats::CallOutcome outcome{failed, slow};
    recent_.record(outcome, now);
    last_.record(outcome);
    inARow_ = failed ? inARow_ + 1 : 0;
}

std::uint32_t TripRule::inARowLimit(bool eager) const {
    const std::uint32_t limit = settings_.consecutiveFailures;
    return eager && limit > 0 ? std::min(limit, kEagerCalls) : limit;
}

std::uint32_t TripRule::minimumCalls(bool eager) const {
    return eager ? std::min(settings_.minimumCalls, kEagerCalls) : settings_.minimumCalls;
}

TripRule::Basis TripRule::basis(MonotonicTime now) const {
    const stats::WindowCounts recent = recent_.snapshot(now);
    const stats::WindowCounts last = last_.snapshot();
    const bool isFresh = lastCall_ && now - *lastCall_ <= kLongestSilence;
    if (recent.calls < settings_.minimumCalls && last.calls > recent.calls && isFresh) {
        return {last, true};
    }
    return {recent, false};
}

std::optional<TripReason> TripRule::check(bool eager, MonotonicTime now) const {
    if (const std::uint32_t limit = inARowLimit(eager); limit > 0 && inARow_ >= limit) {
        return TripReason{fmt::format("{} of the last {} calls failed (limit {} in a row)", inARow_,
                                      inARow_, limit),
                          fmt::format("consecutive={} limit={}", inARow_, limit)};
    }
    const Basis b = basis(now);
    const stats::WindowCounts& c = b.counts;
    if (c.calls < minimumCalls(eager)) {
        return std::nullopt;
    }
    const std::string span =
        b.isByCount ? std::string("of late") : "within " + formatDuration(settings_.window);
    const std::string detail = fmt::format(
        "calls={} failed={} slow={} minimum={} failure_limit={} slow_limit={}", c.calls, c.failures,
        c.slow, minimumCalls(eager), settings_.failureShare, settings_.slowShare);
    if (c.failures > 0 && c.failureShare() >= settings_.failureShare) {
        return TripReason{
            fmt::format("{:.0f} % of {} calls failed {} (limit {:.0f} %)", 100 * c.failureShare(),
                        c.calls, span, 100 * settings_.failureShare),
            detail};
    }
    if (c.slow > 0 && c.slowShare() >= settings_.slowShare) {
        return TripReason{
            fmt::format("{:.0f} % of {} calls took longer than {} {} (limit {:.0f} %)",
                        100 * c.slowShare(), c.calls, formatDuration(settings_.slowerThan), span,
                        100 * settings_.slowShare),
            detail};
    }
    return std::nullopt;
}

double TripRule::distance(bool eager, MonotonicTime now) const {
    double distance = 1;
    if (const std::uint32_t limit = inARowLimit(eager); limit > 0) {
        distance = std::min(distance, 1 - static_cast<double>(inARow_) / limit);
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
