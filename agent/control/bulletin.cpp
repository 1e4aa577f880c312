// SPDX-License-Identifier: Apache-2.0
#include "agent/control/bulletin.h"

#include <algorithm>
#include <utility>

#include "shared/base/log.h"
#include "shared/model/names.h"

namespace levee {

Bulletin::Bulletin(const TimeSource& time, std::int64_t firstEventId,
                   std::function<void(const Event&)> keep)
    : time_(time),
      keep_(std::move(keep)),
      snapshot_(std::make_shared<const AgentSnapshot>()),
      nextId_(firstEventId) {}

void Bulletin::add(Event event) {
    {
        const std::lock_guard lock(mutex_);
        event.id = nextId_++;
        if (event.millis == 0)
            event.millis = toUnixMillis(time_.wall());
        events_.push_back(event);
        if (events_.size() > kEventsKept)
            events_.pop_front();
        // Inside the lock: the store gets the events in the order of their ids.
        keep_(event);
    }
    news_.notify_all();
    log::info("event", "{} {} {}: {}", name(event.severity), name(event.kind), event.subject,
              event.text);
}

void Bulletin::publish(std::shared_ptr<const AgentSnapshot> snapshot) {
    {
        const std::lock_guard lock(mutex_);
        snapshot_ = std::move(snapshot);
    }
    news_.notify_all();
}

void Bulletin::close() {
    {
        const std::lock_guard lock(mutex_);
        isClosed_ = true;
    }
    news_.notify_all();
}

std::shared_ptr<const AgentSnapshot> Bulletin::snapshot() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
}

std::vector<Event> Bulletin::eventsAfter(std::int64_t afterId, std::size_t most) const {
    const std::lock_guard lock(mutex_);
    return eventsAfterLocked(afterId, most);
}

std::vector<Event> Bulletin::eventsAfterLocked(std::int64_t afterId, std::size_t most) const {
    auto first = std::partition_point(events_.begin(), events_.end(),
                                      [&](const Event& event) { return event.id <= afterId; });
    const auto count = static_cast<std::size_t>(events_.end() - first);
    if (count > most)
        first += static_cast<std::ptrdiff_t>(count - most);
    return {first, events_.end()};
}

Bulletin::News Bulletin::await(std::int64_t sequence, std::int64_t eventId,
                               Duration patience) const {
    std::unique_lock lock(mutex_);
    const auto isNew = [&] {
        return isClosed_ || snapshot_->sequence > sequence ||
               (!events_.empty() && events_.back().id > eventId);
    };
    news_.wait_for(lock, patience, isNew);
    News news;
    news.isClosed = isClosed_;
    if (snapshot_->sequence > sequence)
        news.snapshot = snapshot_;
    news.events = eventsAfterLocked(eventId, kEventsKept);
    return news;
}

}  // namespace levee
