// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace levee::ingest {

/// The bytes that request bodies may occupy together, from the first one read to the decoded batch.
/// Thread-safe. Must outlive its shares.
class ByteBudget {
public:
    explicit ByteBudget(std::uint64_t limit) : limit_(limit) {}

    std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }
    std::uint64_t limit() const { return limit_; }

private:
    friend class BudgetShare;
    bool acquire(std::uint64_t bytes) {
        std::uint64_t used = used_.load(std::memory_order_relaxed);
        do {
            if (bytes > limit_ - used)
                return false;
        } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
        return true;
    }
    void release(std::uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

    const std::uint64_t limit_;
    std::atomic<std::uint64_t> used_{0};
};

/// What one body holds of a budget; given back when destroyed. Confined to one thread at a time.
class BudgetShare {
public:
    BudgetShare() = default;
    explicit BudgetShare(ByteBudget& budget) : budget_(&budget) {}
    BudgetShare(BudgetShare&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    BudgetShare& operator=(BudgetShare&& other) noexcept {
        std::swap(budget_, other.budget_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~BudgetShare() {
        if (budget_ != nullptr)
            budget_->release(bytes_);
    }

    /// Grows to `bytes` in all; false, and unchanged, when the budget does not allow it.
    bool growTo(std::uint64_t bytes) {
        if (bytes <= bytes_)
            return true;
        if (budget_ == nullptr || !budget_->acquire(bytes - bytes_))
            return false;
        bytes_ = bytes;
        return true;
    }

private:
    ByteBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
};

}  // namespace levee::ingest
