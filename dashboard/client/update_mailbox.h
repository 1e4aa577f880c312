// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "shared/model/snapshot.h"
#include "shared/model/snapshot_delta.h"

namespace levee {

/// One message of the stream, as values.
struct LinkUpdate {
    std::optional<AgentSnapshot> snapshot;
    std::optional<SnapshotDelta> delta;
    std::vector<Event> events;

    /// What it weighs: an update of a large fleet is megabytes.
    std::size_t rows() const {
        std::size_t count = events.size();
        if (snapshot)
            count += snapshot->nodes.size() + snapshot->edges.size() + snapshot->guards.size();
        if (delta)
            count += delta->nodes.size() + delta->edges.size() + delta->guards.size();
        return count;
    }
};

/// Hands updates from the reading thread to the GUI thread. When the GUI does not come to fetch
/// them, the reader waits, so memory is bounded and the agent sees a slow reader; it then leaves
/// out deltas and sends a snapshot. Nothing is lost on our side of the wire. Thread-safe.
class UpdateMailbox {
public:
    /// `mostRows`: there is room below it, so that one update of any size fits.
    UpdateMailbox(std::size_t capacity, std::size_t mostRows)
        : capacity_(capacity), mostRows_(mostRows) {}

    /// Waits for room. False when the mailbox was closed meanwhile.
    bool put(LinkUpdate update) {
        std::unique_lock lock(mutex_);
        hasRoom_.wait(lock, [this] {
            return isClosed_ || (updates_.size() < capacity_ && rows_ < mostRows_);
        });
        if (isClosed_)
            return false;
        rows_ += update.rows();
        updates_.push_back(std::move(update));
        return true;
    }

    std::vector<LinkUpdate> takeAll() {
        std::vector<LinkUpdate> taken;
        {
            const std::lock_guard lock(mutex_);
            taken.swap(updates_);
            rows_ = 0;
        }
        hasRoom_.notify_one();
        return taken;
    }

    /// Ends every wait, for good.
    void close() {
        {
            const std::lock_guard lock(mutex_);
            isClosed_ = true;
        }
        hasRoom_.notify_all();
    }

private:
    const std::size_t capacity_;
    const std::size_t mostRows_;
    std::mutex mutex_;
    std::condition_variable hasRoom_;
    std::vector<LinkUpdate> updates_;
    std::size_t rows_ = 0;
    bool isClosed_ = false;
};

}  // namespace levee
