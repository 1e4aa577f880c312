// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/ejection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "shared/base/units.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr double kRampStart = 0.1;
constexpr double kBackShare = 0.5;  ///< from here on it no longer counts as out
constexpr double kJitter = 0.1;
constexpr std::uint32_t kEagerFailures = 3;
constexpr std::uint32_t kMostInARow = 1'000;                 ///< the highest setting
constexpr int kMostEjections = 1'000;                        ///< that are counted
constexpr Duration kKeptInPause = std::chrono::seconds(10);  ///< it is told once in this time
constexpr std::size_t kMostEvents = 64;

}  // namespace

Ejection::Ejection(const EjectionSettings& settings, std::uint64_t seed, MonotonicTime now)
    : settings_(settings), random_(seed), windowEnd_(now + settings.window) {}

bool Ejection::add(const std::string& instance, MonotonicTime now) {
    if (instances_.contains(instance)) {
        return true;
    }
    if (instances_.size() >= kMostInstances) {
        ++refused_;
        return false;
    }
    instances_[instance].since = now;
    return true;
}

void Ejection::remove(std::string_view instance, MonotonicTime now) {
    const auto found = instances_.find(instance);
    if (found != instances_.end()) {
        instances_.erase(found);
        letInWhoIsTooMany(now);
    }
}

std::size_t Ejection::mostOut() const {
    const auto n = static_cast<double>(instances_.size());
    const double wanted = std::max(1.0, std::floor(settings_.maxEjectedShare * n + 1e-9));
    return std::min(static_cast<std::size_t>(wanted), instances_.size() / 2);
}

std::size_t Ejection::countOut() const {
    return static_cast<std::size_t>(
        std::count_if(instances_.begin(), instances_.end(),
                      [](const Entry& entry) { return entry.second.share < kBackShare; }));
}

std::uint32_t Ejection::inARowLimit(const Instance& instance) const {
    const std::uint32_t limit = settings_.consecutiveFailures;
    return instance.status == InstanceStatus::Ramp ? std::min(limit, kEagerFailures) : limit;
}

bool Ejection::isBad(const Instance& instance) const {
    const std::uint32_t limit = inARowLimit(instance);
    return (limit > 0 && instance.inARow >= limit) ||
           (instance.window.calls >= settings_.minimumCalls &&
            2 * instance.window.failures >= instance.window.calls);
}

bool Ejection::isEveryOneBad() const {
    return std::all_of(instances_.begin(), instances_.end(), [&](const Entry& entry) {
        return entry.second.status == InstanceStatus::Ejected || isBad(entry.second);
    });
}

void Ejection::onResult(std::string_view instance, const CallResult& result,
                        MonotonicTime startedAt, MonotonicTime now) {
    const auto found = instances_.find(instance);
    if (!settings_.enabled || found == instances_.end() ||
        result.kind == CallResult::Kind::Ignored) {
        return;
    }
    Instance& it = found->second;
    if (it.status == InstanceStatus::Ejected || (it.backAt && startedAt < *it.backAt)) {
        return;
    }
    ++it.window.calls;
    if (result.kind == CallResult::Kind::Success) {
        it.inARow = 0;
        it.window.latency.record(toSeconds(result.latency));
        return;
    }
    ++it.window.failures;
    ++it.inARow;
    const std::uint32_t limit = inARowLimit(it);
    if (limit == 0 || it.inARow % limit != 0) {  // one that had to stay in is looked at again
        return;
    }
    const bool isSettable = limit == settings_.consecutiveFailures && it.inARow < kMostInARow;
    consider(
        *found, fmt::format("{} failures in a row (limit {})", it.inARow, limit),
        {.inputs = fmt::format("consecutive={}", it.inARow),
         .thresholds = fmt::format("consecutiveFailures={}", limit),
         .distance = 0,
         .counterfactual = {"stayed in",
                            {isSettable ? Condition{"consecutiveFailures",
                                                    Condition::Relation::AtLeast, it.inARow + 1.0}
                                        : Condition{"consecutive", Condition::Relation::AtMost,
                                                    limit - 1.0}},
                            ""}},
        now);
}

void Ejection::onTick(MonotonicTime now) {
    if (!settings_.enabled) {
        return;
    }
    for (Entry& entry : instances_) {
        advance(entry, now);
    }
    if (now >= windowEnd_) {
        judge(now);
        windowEnd_ = now + settings_.window;
    }
}

void Ejection::advance(Entry& entry, MonotonicTime now) {
    Instance& it = entry.second;
    if (it.status == InstanceStatus::Ejected && now >= it.until) {
        letIn(it, now);
        it.status = InstanceStatus::Ramp;
        report(EventSeverity::Notice,
               fmt::format("{} is let in again, within {}", entry.first,
                           formatDuration(settings_.ramp)),
               {.inputs = fmt::format("instance={} ejections={}", entry.first, it.ejections),
                .thresholds = fmt::format("ramp={}", formatDuration(settings_.ramp))});
    }
    if (it.status == InstanceStatus::Ramp) {
        const double part =
            settings_.ramp > 0ns ? toSeconds(now - it.since) / toSeconds(settings_.ramp) : 1;
        it.share = std::min(1.0, kRampStart + (1 - kRampStart) * part);
        if (part >= 1) {
            it.status = InstanceStatus::In;
            it.since = now;
            report(EventSeverity::Info, fmt::format("{} gets its full share again", entry.first),
                   {.inputs = "instance=" + entry.first});
        }
    } else if (it.status == InstanceStatus::In && it.ejections > 0 &&
               now - it.since >= settings_.ejectFor) {
        --it.ejections;
        it.since = now;
    }
}

void Ejection::judge(MonotonicTime now) {
    for (auto& [name, it] : instances_) {
        it.goodShare = it.window.goodShare();
        it.median = it.window.median();
    }
    review(now);
    for (auto& [name, it] : instances_) {
        it.window = {};
    }
}

void Ejection::review(MonotonicTime now) {
    if (isGroupBad_) {
        const auto well = std::find_if(instances_.begin(), instances_.end(), [&](const Entry& e) {
            return e.second.goodShare > 0.5 && !isBad(e.second);
        });
        if (well != instances_.end()) {
            isGroupBad_ = false;
            report(
                EventSeverity::Notice,
                fmt::format("{} is well: bad instances are ejected again", well->first),
                {.inputs = fmt::format("instance={} calls={} failed={}", well->first,
                                       well->second.window.calls, well->second.window.failures)});
        }
        return;
    }
    if (instances_.size() >= 2 && isEveryOneBad()) {
        giveUp(now);
        return;
    }
    for (const auto find : {failingOutliers, slowOutliers}) {
        std::vector<Entry*> entries;
        std::vector<const InstanceWindow*> windows;
        for (Entry& entry : instances_) {
            if (entry.second.status != InstanceStatus::Ejected) {
                entries.push_back(&entry);
                windows.push_back(&entry.second.window);
            }
        }
        for (Outlier& outlier : find(windows, settings_)) {
            consider(*entries[outlier.index], std::move(outlier.text), std::move(outlier.why), now);
        }
    }
}

void Ejection::consider(Entry& entry, std::string text, Decision why, MonotonicTime now) {
    Instance& it = entry.second;
    if (isGroupBad_ || instances_.size() < 2) {
        return;
    }
    if (it.status == InstanceStatus::In) {
        it.since = now;  // not well
    }
    const std::size_t out = countOut();
    why.inputs = fmt::format("instance={} {} instances={} out={}", entry.first, why.inputs,
                             instances_.size(), out);
    if (isEveryOneBad()) {
        giveUp(now);
    } else if (it.share >= kBackShare && out >= mostOut()) {
        keepIn(entry, text, std::move(why), now);
    } else {
        eject(entry, std::move(text), std::move(why), now);
    }
}

void Ejection::eject(Entry& entry, std::string text, Decision why, MonotonicTime now) {
    Instance& it = entry.second;
    it.ejections = std::min(it.ejections + 1, kMostEjections);
    const double longest = toSeconds(std::max(settings_.maxEjectFor, settings_.ejectFor));
    const double wanted = toSeconds(settings_.ejectFor) * it.ejections;
    const double jitter = 1 + kJitter * (2 * random_.uniform() - 1);
    const Duration time = fromSeconds(std::min(wanted, longest) * jitter);
    it.status = InstanceStatus::Ejected;
    it.share = 0;
    it.since = now;
    it.until = now + time;
    why.inputs += fmt::format(" ejections={}", it.ejections);
    report(EventSeverity::Warning,
           fmt::format("{} ejected for {:.1f} s: {}", entry.first, toSeconds(time), text),
           std::move(why));
    it.reason = std::move(text);
}

/// Told once: the others that stay in as well would say the same.
void Ejection::keepIn(const Entry& entry, const std::string& text, Decision why,
                      MonotonicTime now) {
    if (keptInToldAt_ && now - *keptInToldAt_ < kKeptInPause) {
        return;
    }
    keptInToldAt_ = now;
    const std::size_t out = countOut();
    const auto more = static_cast<double>(out + 1);
    const bool isShare = 2 * (out + 1) <= instances_.size();
    why.thresholds += fmt::format(" maxEjectedShare={}", settings_.maxEjectedShare);
    why.counterfactual = {
        "been ejected",
        {isShare ? Condition{"maxEjectedShare", Condition::Relation::AtLeast,
                             more / static_cast<double>(instances_.size())}
                 : Condition{"instances", Condition::Relation::AtLeast, 2 * more}},
        ""};
    report(EventSeverity::Warning,
           fmt::format("{} stays in, although {}: {} of {} are out already", entry.first, text, out,
                       instances_.size()),
           std::move(why));
}

void Ejection::giveUp(MonotonicTime now) {
    const std::size_t out = countOut();
    isGroupBad_ = true;
    for (auto& [name, it] : instances_) {
        if (it.status != InstanceStatus::In) {
            letIn(it, now);
        }
    }
    report(EventSeverity::Critical,
           fmt::format("all {} instances are bad: none is ejected", instances_.size()),
           {.inputs = fmt::format("instances={} out={}", instances_.size(), out),
            .thresholds = fmt::format("consecutiveFailures={} minimumCalls={} failureShare=0.5",
                                      settings_.consecutiveFailures, settings_.minimumCalls),
            .distance = 0,
            .counterfactual = {
                "gone on ejecting", {{"well instances", Condition::Relation::AtLeast, 1}}, ""}});
}

/// All that calls have to say about it begins anew.
void Ejection::letIn(Instance& instance, MonotonicTime now) {
    instance.status = InstanceStatus::In;
    instance.share = 1;
    instance.since = now;
    instance.backAt = now;
    instance.inARow = 0;
    instance.window = {};
}

/// Those come back in first that would have anyway.
void Ejection::letInWhoIsTooMany(MonotonicTime now) {
    while (countOut() > mostOut()) {
        Entry* next = nullptr;
        for (Entry& entry : instances_) {
            const Instance& it = entry.second;
            const bool isSooner =
                next == nullptr ||
                std::pair(it.status == InstanceStatus::Ejected, it.until) <
                    std::pair(next->second.status == InstanceStatus::Ejected, next->second.until);
            if (it.share < kBackShare && isSooner) {
                next = &entry;
            }
        }
        letIn(next->second, now);
        report(EventSeverity::Notice,
               fmt::format("{} is let in: too many of {} would be out", next->first,
                           instances_.size()),
               {.inputs = fmt::format("instance={} instances={}", next->first, instances_.size()),
                .thresholds = fmt::format("maxEjectedShare={}", settings_.maxEjectedShare)});
    }
}

void Ejection::reconfigure(const EjectionSettings& settings, MonotonicTime now) {
    const EjectionSettings before = std::exchange(settings_, settings);
    if (settings.window != before.window) {
        windowEnd_ = std::min(windowEnd_, now + settings.window);
    }
    if (before.enabled && !settings.enabled) {
        isGroupBad_ = false;
        for (auto& [name, it] : instances_) {
            letIn(it, now);
        }
        report(EventSeverity::Notice, "switched off: all instances are in");
        return;
    }
    for (auto& [name, it] : instances_) {
        it.until = std::min(it.until, now + settings.maxEjectFor);
    }
    letInWhoIsTooMany(now);
}

std::vector<InstanceShare> Ejection::shares() const {
    std::vector<InstanceShare> shares;
    for (const auto& [name, it] : instances_) {
        if (it.share < 1) {
            shares.push_back({name, it.share});
        }
    }
    return shares;
}

std::vector<InstanceState> Ejection::instances(MonotonicTime now) const {
    std::vector<InstanceState> states;
    for (const auto& [name, it] : instances_) {
        const bool isOut = it.status == InstanceStatus::Ejected;
        states.push_back({name, it.status, it.share,
                          isOut ? std::max(0.0, toSeconds(it.until - now)) : kUnknown, it.ejections,
                          it.reason, it.goodShare, it.median});
    }
    return states;
}

void Ejection::report(EventSeverity severity, std::string text, Decision why) {
    if (events_.size() < kMostEvents) {
        events_.push_back({EventKind::Ejection, severity, std::move(text), std::move(why)});
    }
}

}  // namespace levee
