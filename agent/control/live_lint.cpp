// SPDX-License-Identifier: Apache-2.0
#include "agent/control/live_lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rules/lang/scalar_reader.h"
#include "shared/base/suggestion.h"
#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee {
namespace {

class LiveLint {
public:
    LiveLint(const Rule& rule, const LiveFacts& facts, Diagnostics& found)
        : rule_(rule), facts_(facts), found_(found) {}

    void run() {
        const GuardState* guard = guardOf(rule_.subject());
        if (guard == nullptr) {
            noMatch();
            return;
        }
        if (guard->heldBy)
            held(*guard->heldBy);
        if (rule_.settings.mode == GuardMode::Off)
            return;
        if (rule_.client.empty()) {
            fixedLimit(*guard);
        } else {
            minimumCalls();
            smallGroup();
        }
    }

private:
    const GuardState* guardOf(const std::string& subject) const {
        const auto found =
            std::find_if(facts_.guards.begin(), facts_.guards.end(),
                         [&](const GuardState& guard) { return guard.subject == subject; });
        return found != facts_.guards.end() ? &*found : nullptr;
    }

    void warn(std::string code, std::string message) {
        found_.push_back({Severity::Warning, std::move(code), std::move(message), rule_.place});
    }

    void noMatch();
    void held(const Override& by);
    void fixedLimit(const GuardState& guard);
    void minimumCalls();
    void smallGroup();

    const Rule& rule_;
    const LiveFacts& facts_;
    Diagnostics& found_;
};

void LiveLint::noMatch() {
    std::vector<std::string> subjects;
    for (const GuardState& guard : facts_.guards)
        subjects.push_back(guard.subject);
    const std::string subject = rule_.subject();
    const std::string near = nearestWord(subject, subjects);
    warn("live-no-match",
         fmt::format("rule {} is for {}, and no listener of this agent is: here it does nothing{}",
                     rule_.name, subject,
                     near.empty() ? std::string() : fmt::format("; is {} meant?", near)));
}

void LiveLint::held(const Override& by) {
    warn("live-overridden",
         fmt::format("{} is {}{} for another {} ({}: {}): rule {} decides only after that",
                     by.subject, describe(by), isByAutomation(by) ? "" : " by hand",
                     formatDuration(std::chrono::seconds(std::llround(by.remainingSeconds))),
                     by.author, by.reason, rule_.name));
}

void LiveLint::fixedLimit(const GuardState& guard) {
    const LimiterSettings& limiter = rule_.settings.limiter;
    const bool isFixed = limiter.kind == LimiterKind::Fixed || limiter.kind == LimiterKind::Codel;
    const std::uint32_t most = isFixed ? limiter.limit : limiter.maxLimit;
    if (limiter.kind == LimiterKind::Off)
        return;
    double peak = facts_.peak(guard.subject).concurrency;
    if (std::isfinite(guard.inFlight) && !(peak >= guard.inFlight))
        peak = guard.inFlight;
    if (!(peak > most))
        return;
    warn("live-below-peak",
         fmt::format("spec.limiter.{} is {}; {} had about {:.0f} requests in flight at today's "
                     "peak, so it would have refused some; {}",
                     isFixed ? "limit" : "max", most, guard.subject, std::ceil(peak),
                     isFixed ? fmt::format("raise it to {:.0f} or more, or let kind: adaptive find "
                                           "it",
                                           std::ceil(peak))
                             : fmt::format("raise it to {:.0f} or more", std::ceil(peak))));
}

void LiveLint::minimumCalls() {
    const BreakerSettings& breaker = rule_.settings.breaker;
    if (!breaker.enabled || breaker.windowCalls > 0)
        return;
    const std::string subject = rule_.subject();
    const double peak = facts_.peak(subject).requestRate;
    const double reached = peak * toSeconds(breaker.window);
    if (!(reached < breaker.minimumCalls))
        return;
    warn("live-unreachable",
         fmt::format(
             "spec.breaker.minimumCalls {} in a window of {} is never reached: {} had at most "
             "{:.3g} "
             "calls/s today, {:.3g} in a window; {}; lower it to {:.0f}, lengthen the window, or "
             "count over calls with windowCalls",
             breaker.minimumCalls, formatDuration(breaker.window), subject, peak, reached,
             breaker.consecutiveFailures > 0
                 ? fmt::format("only {} failures in a row open the breaker",
                               breaker.consecutiveFailures)
                 : std::string("the breaker never opens"),
             std::max(1.0, std::floor(reached))));
}

void LiveLint::smallGroup() {
    const EjectionSettings& ejection = rule_.settings.ejection;
    const auto node = std::find_if(facts_.nodes.begin(), facts_.nodes.end(),
                                   [&](const Node& each) { return each.name == rule_.service; });
    if (!ejection.enabled || node == facts_.nodes.end() || node->instances == 0)
        return;
    if (node->instances == 1)
        warn("live-small-group",
             fmt::format("spec.ejection has nothing to choose from: {} has a single instance",
                         rule_.service));
    else if (ejection.maxEjectedShare * node->instances < 1)
        warn(
            "live-small-group",
            fmt::format("spec.ejection.maxEjectedShare is {}; one of the {} instances of {} is {}, "
                        "and one goes all the same",
                        formatShare(ejection.maxEjectedShare), node->instances, rule_.service,
                        fmt::format("{:.0f}%", 100.0 / node->instances)));
}

}  // namespace

Diagnostics lintLive(const RuleSet& rules, const LiveFacts& facts) {
    Diagnostics found;
    for (const Rule& rule : rules.rules)
        LiveLint(rule, facts, found).run();
    for (const Automation& automation : rules.automations)
        lintLive(automation, facts, found);
    return found;
}

}  // namespace levee
