// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace levee::simulator {

/// The attempts of one edge, oldest first. All have the same timeout, so they fall due in this
/// order, and one event for the oldest is enough: most have ended by the time it comes.
class Timeouts {
public:
    struct Entry {
        double due = 0;
        std::uint32_t request = 0;
        std::uint32_t stamp = 0;
    };

    bool isEmpty() const { return size_ == 0; }
    /// REQUIRES: not empty.
    const Entry& oldest() const { return ring_[head_]; }
    void pop() {
        head_ = (head_ + 1) & (ring_.size() - 1);
        --size_;
    }
    void push(const Entry& entry) {
        if (size_ == ring_.size()) {
            grow();
        }
        ring_[(head_ + size_++) & (ring_.size() - 1)] = entry;
    }

private:
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
