// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/alert_watch.h"

#include <algorithm>

#include "dashboard/model/topology_store.h"

namespace levee {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
/// The agent warns five minutes and one minute before an override ends.
constexpr double kAboutToEnd = 310;

}  // namespace

AlertWatch::AlertWatch(const TopologyStore& store, const TimeSource& time, QObject* parent)
    : QObject(parent), store_(store), time_(time) {}

bool AlertWatch::isWorthIt(const Event& event) const {
    if (event.severity == EventSeverity::Critical)
        return true;
    if (event.severity != EventSeverity::Warning)
        return false;
    const auto guards = store_.guardsOf(event.subject);
    const auto held = std::ranges::find_if(
        guards, [](const FleetGuard* each) { return each->guard.heldBy.has_value(); });
    if (event.kind == EventKind::Override)
        return held != guards.end() && (*held)->guard.heldBy->remainingSeconds <= kAboutToEnd;
    // What a person does to a breaker is no news to people.
    return event.kind == EventKind::Breaker && held == guards.end();
}

bool AlertWatch::isQuiet(const std::string& subject) {
    const MonotonicTime now = time_.monotonic();
    if (told_.size() >= kMostSubjects)
        std::erase_if(told_, [&](const auto& each) { return now - each.second >= kQuiet; });
    if (told_.size() >= kMostSubjects)
        return true;
    const auto [found, isNew] = told_.try_emplace(subject, now);
    const bool isLately = !isNew && now - found->second < kQuiet;
    found->second = now;
    return isLately;
}

void AlertWatch::hear(const std::string& host, const std::vector<Event>& events,
                      std::int64_t agentMillis) {
    for (const Event& event : events) {
        if (agentMillis - event.millis > kOldMillis || !isWorthIt(event))
            continue;
        // The end of an override is told five minutes and one minute before.
        if (event.kind != EventKind::Override && isQuiet(event.subject))
            continue;
        raise({event.subject, host, event.text, event.millis, 0});
    }
}

void AlertWatch::raise(Alert alert) {
    const MonotonicTime now = time_.monotonic();
    std::erase_if(lately_, [&](MonotonicTime at) { return now - at >= kMinute; });
    if (lately_.size() >= kMostAMinute) {
        ++heldBack_;
        if (current_) {
            ++current_->more;
            emit changed();
        }
        return;
    }
    lately_.push_back(now);
    current_ = std::move(alert);
    emit raised(*current_);
    emit changed();
}

void AlertWatch::dismiss() {
    if (!current_)
        return;
    current_.reset();
    emit changed();
}

}  // namespace levee
