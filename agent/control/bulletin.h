// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "shared/base/time.h"
#include "shared/model/snapshot.h"

namespace levee {

/// What the agent shows to the outside: the newest snapshot and the events, published by the
/// control thread (and by whoever else has an event), awaited by any number of readers.
/// Thread-safe; readers never hold up the publisher for longer than a pointer copy.
class Bulletin {
public:
    /// `firstEventId`: one more than the newest on disk. `keep` gets each event once, for the
    /// store.
    Bulletin(const TimeSource& time, std::int64_t firstEventId,
             std::function<void(const Event&)> keep);

    /// Gives the event its id and, where it has none, its time; wakes the readers.
    void add(Event event);
    void publish(std::shared_ptr<const AgentSnapshot> snapshot);
    /// Lets every waiting reader go; for the stop.
    void close();

    std::shared_ptr<const AgentSnapshot> snapshot() const;  ///< never null
    /// The kept events with an id above `afterId`, oldest first, the newest `most` of them.
    std::vector<Event> eventsAfter(std::int64_t afterId, std::size_t most) const;

    struct News {
        std::shared_ptr<const AgentSnapshot> snapshot;  ///< null when there is none newer
        std::vector<Event> events;
        bool isClosed = false;
    };
    /// Waits for a snapshot newer than `sequence` or an event above `eventId`; empty after
    /// `patience`.
    News await(std::int64_t sequence, std::int64_t eventId, Duration patience) const;

private:
    static constexpr std::size_t kEventsKept = 1'000;
    std::vector<Event> eventsAfterLocked(std::int64_t afterId, std::size_t most) const;

    const TimeSource& time_;
    const std::function<void(const Event&)> keep_;
    mutable std::mutex mutex_;
    mutable std::condition_variable news_;
    std::shared_ptr<const AgentSnapshot> snapshot_;
    std::deque<Event> events_;
    std::int64_t nextId_;
    bool isClosed_ = false;
};

}  // namespace levee
