// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace levee::simulator {

/// Requests that wait with the same patience, oldest first: they fall due in this order, so one
/// event for the oldest is enough, and most are over by the time it comes.
class Timeouts {
public:
    struct Entry {
        double due = 0;
        std::uint32_t request = 0;
        std::uint32_t stamp = 0;
    };

    /// Also drops up to two from the head that are over, so that a long patience costs no memory.
    template <typename IsOver>
    void push(const Entry& entry, IsOver isOver) {
        for (int k = 0; k < 2 && size_ > 0 && isOver(ring_[head_]); ++k) {
            pop();
        }
        if (size_ == ring_.size()) {
            grow();
        }
        ring_[(head_ + size_++) & (ring_.size() - 1)] = entry;
    }
    std::size_t size() const { return size_; }
    /// Drops what is over and calls `onDue` for each request that is due, which may push. Returns
    /// when the next falls due; infinite: nothing waits.
    template <typename IsOver, typename OnDue>
    double expire(double now, IsOver isOver, OnDue onDue) {
        while (size_ > 0) {
            const Entry entry = ring_[head_];
            const bool over = isOver(entry);
            if (!over && entry.due > now) {
                return entry.due;
            }
            pop();
            if (!over) {
                onDue(entry.request);
            }
        }
        return std::numeric_limits<double>::infinity();
    }

    bool isTimerSet = false;  ///< an event is on its way

private:
    void pop() {
        head_ = (head_ + 1) & (ring_.size() - 1);
        --size_;
    }
    void grow() {
        std::vector<Entry> larger(ring_.empty() ? 16 : 2 * ring_.size());
        for (std::size_t i = 0; i < size_; ++i) {
            larger[i] = ring_[(head_ + i) & (ring_.size() - 1)];
        }
        ring_ = std::move(larger);
        head_ = 0;
    }

    std::vector<Entry> ring_;  ///< a power of two long
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

}  // namespace levee::simulator
