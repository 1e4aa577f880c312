// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/guard_account.h"

#include <fmt/format.h>

#include <cmath>

#include "agent/cli/table.h"
#include "rules/lang/scalar_reader.h"
#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

std::string line(std::string_view title, const std::string& text) {
    return fmt::format("  {:<10}{}\n", title, text);
}

bool isEdge(const std::string& subject) {
    return subject.find("->") != std::string::npos;
}

std::string serviceOf(const std::string& subject) {
    const std::size_t arrow = subject.find("->");
    return arrow == std::string::npos ? subject : subject.substr(arrow + 2);
}

std::string secondsText(double seconds) {
    return formatDuration(std::chrono::seconds(std::llround(seconds)));
}

std::string breakerWords(const GuardState& guard) {
    std::string words = fmt::format("{}, lets {} through", name(guard.breaker),
                                    levee::cli::formatShare(guard.admitShare));
    if (std::isfinite(guard.reopenInSeconds) && !guard.heldBy)
        words += fmt::format(", tries again in {:.1f} s", guard.reopenInSeconds);
    if (std::isfinite(guard.distanceToTrip))
        words +=
            fmt::format("; {} away from opening", levee::cli::formatShare(guard.distanceToTrip));
    return words;
}

/// What it has seen against what would open it.
std::string breakerThresholds(const GuardState& guard, const BreakerSettings& settings) {
    const std::string window = settings.windowCalls > 0
                                   ? fmt::format("the last {} calls", settings.windowCalls)
                                   : formatDuration(settings.window);
    std::string words =
        fmt::format("failed {} (opens at {})", levee::cli::formatShare(guard.failureShare),
                    levee::formatShare(settings.failureShare));
    if (settings.slowerThan > Duration::zero())
        words += fmt::format(
            ", slower than {} {} (opens at {})", formatDuration(settings.slowerThan),
            levee::cli::formatShare(guard.slowShare), levee::formatShare(settings.slowShare));
    words += fmt::format(", once {} calls are in {}", settings.minimumCalls, window);
    if (settings.consecutiveFailures > 0)
        words += fmt::format("; or at {} failures in a row", settings.consecutiveFailures);
    if (std::isnan(guard.failureShare))
        words += "; no calls in the window: it has nothing to go by";
    return words;
}

std::string limitWords(const GuardState& guard, const LimiterSettings& settings) {
    std::string words = fmt::format(
        "{} at once ({}), {} in flight, {} may wait, {} refused a second",
        formatNumber(guard.limit),
        guard.heldBy && guard.heldBy->kind == OverrideKind::Limit
            ? std::string("held")
            : std::string(name(settings.kind)),
        formatNumber(guard.inFlight), formatNumber(guard.queueLimit), formatRate(guard.shedRate));
    if (std::isfinite(guard.baseline))
        words += fmt::format("; unloaded it answers in {}", formatLatency(guard.baseline));
    if (guard.inFlight < guard.limit && guard.shedRate == 0)
        words += "; it does not act: there is room";
    return words;
}

std::string rateWords(const RateState& rate) {
    std::string words = fmt::format("{:g}/s of {}: {} refused so far, {} a second", rate.limit,
                                    rate.key == "all" ? "all requests" : "each " + rate.key,
                                    rate.refused, formatRate(rate.refusedRate));
    if (rate.key != "all")
        words += fmt::format("; {} of {} keys are remembered", rate.keys, rate.mostKeys);
    if (rate.timesFull > 0)
        words += fmt::format(", old ones were forgotten {} times for want of room", rate.timesFull);
    return words;
}

std::string deadlineWords(const DeadlineState& deadline) {
    std::string words = std::isfinite(deadline.answer)
                            ? fmt::format("an answer may take {}", formatLatency(deadline.answer))
                            : std::string("an answer may take as long as the listener says");
    if (deadline.header.empty())
        return words;
    words += fmt::format(", or as long as its caller waits by {}: {} refused so far, {} a second",
                         deadline.header, deadline.refused, formatRate(deadline.refusedRate));
    if (std::isfinite(deadline.least))
        words += fmt::format("; the fastest answers take {}", formatLatency(deadline.least));
    return words;
}

std::string classWords(const std::vector<ClassState>& classes) {
    std::string words;
    for (const ClassState& each : classes)
        words +=
            fmt::format("{}{} {} let through of {} a second", words.empty() ? "" : ", ", each.name,
                        levee::cli::formatShare(each.share), formatRate(each.arrivalRate));
    return words;
}

std::string retryWords(const GuardState& guard) {
    return fmt::format("{} of the calls were tried again lately; {} may be",
                       levee::cli::formatShare(guard.retryShare),
                       levee::cli::formatShare(guard.retriesAllowed));
}

std::string instanceWords(const InstanceState& instance) {
    std::string words = instance.instance;
    words += instance.status == InstanceStatus::Ejected
                 ? " gets nothing"
                 : fmt::format(" gets {} of its share", levee::cli::formatShare(instance.share));
    if (std::isfinite(instance.backInSeconds))
        words += fmt::format(" for {}", secondsText(instance.backInSeconds));
    return instance.reason.empty() ? words : words + ": " + instance.reason;
}

std::string modeWords(const GuardState& guard) {
    switch (guard.mode) {
        case GuardMode::Off:
            return "mode off: it does not even look";
        case GuardMode::Shadow:
            return fmt::format(
                "mode shadow: it decides and changes nothing; it would have refused "
                "{:.0f} requests so far",
                guard.wouldHaveShed);
        case GuardMode::Enforce:
            break;
    }
    return {};
}

std::string enforcementWords(const GuardState& guard) {
    return std::string(name(guard.enforcement)) +
           (guard.enforcementDetail.empty() ? "" : ": " + guard.enforcementDetail);
}

}  // namespace

std::vector<RuleNotUsed> rulesNotUsed(const GuardState& guard, const RuleSet& rules) {
    std::vector<RuleNotUsed> others;
    for (const Rule& rule : rules.rules) {
        if (rule.service != serviceOf(guard.subject) || rule.subject() == guard.subject)
            continue;
        if (rule.client.empty())
            others.push_back(
                {rule.name, "it is for the service itself, and does not reach the calls to it"});
        else if (isEdge(guard.subject))
            others.push_back({rule.name, "it is for the calls of another: " + rule.subject()});
        else
            others.push_back({rule.name, "it is for calls to the service, " + rule.subject() +
                                             ", not for the service"});
    }
    return others;
}

std::string guardAccount(const GuardState& guard, const RuleSet& rules) {
    const Rule* rule = rules.find(guard.rule);
    const GuardSettings settings = rule != nullptr ? rule->settings : GuardSettings{};
    std::string text =
        rule != nullptr
            ? line("rule", fmt::format("{} (revision {}): it is for exactly this", guard.rule,
                                       guard.revision))
            : line("rule", fmt::format("none (revision {}): the defaults decide", guard.revision));
    for (const RuleNotUsed& other : rulesNotUsed(guard, rules))
        text += line("not", other.rule + ": " + other.why);
    if (const std::string mode = modeWords(guard); !mode.empty())
        text += line("", mode);
    if (guard.heldBy)
        text += line("held", fmt::format("{} for {} by {}: {}; the rule decides after that",
                                         describe(*guard.heldBy),
                                         secondsText(guard.heldBy->remainingSeconds),
                                         guard.heldBy->author, guard.heldBy->reason));
    if (guard.hasBreaker) {
        text += line("breaker", breakerWords(guard));
        if (settings.breaker.enabled && settings.mode != GuardMode::Off && !guard.heldBy)
            text += line("", breakerThresholds(guard, settings.breaker));
    }
    if (guard.hasLimit)
        text += line("limit", limitWords(guard, settings.limiter));
    if (std::isfinite(guard.rate.limit))
        text += line("rate", rateWords(guard.rate));
    if (isGiven(guard.deadline))
        text += line("deadline", deadlineWords(guard.deadline));
    if (!guard.classes.empty())
        text += line("classes", classWords(guard.classes));
    if (std::isfinite(guard.retryShare))
        text += line("retries", retryWords(guard));
    for (const InstanceState& instance : guard.instances)
        if (instance.status != InstanceStatus::In)
            text += line("instance", instanceWords(instance));
    return text + line("enforced", enforcementWords(guard));
}

std::string eventAccount(const std::vector<Event>& events) {
    std::string text;
    for (const Event& event : events) {
        text += fmt::format("    {}  {}\n", formatDate(event.millis), event.text);
        for (const std::string& more : {event.counterfactual, event.detail}) {
            if (!more.empty())
                text += fmt::format("    {:19}  {}\n", "", more);
        }
    }
    return text;
}

}  // namespace levee::cli
