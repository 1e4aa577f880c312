// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace levee {

/// Hands batches from one thread to another inside a fixed bound. Thread-safe. A push to a full
/// queue is refused and counted; the consumer takes all that is there at once.
template <typename T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

    /// False, and counted as dropped, when the queue is full.
    bool push(T item) {
        const std::lock_guard lock(mutex_);
        if (items_.size() >= capacity_) {
            ++dropped_;
            return false;
        }
        items_.push_back(std::move(item));
        return true;
    }

    std::vector<T> takeAll() {
        std::vector<T> taken;
        const std::lock_guard lock(mutex_);
        taken.swap(items_);
        return taken;
    }

    std::uint64_t dropped() const {
        const std::lock_guard lock(mutex_);
        return dropped_;
    }

private:
    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::vector<T> items_;
    std::uint64_t dropped_ = 0;
};

}  // namespace levee
