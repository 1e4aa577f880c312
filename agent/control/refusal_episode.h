// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shared/guard/guard_event.h"
#include "shared/guard/shedding.h"

namespace levee {

/// Refusals of one kind at a listener: how many, how fast, and when a row of them begins and ends.
/// Confined to one thread.
class RefusalEpisode {
public:
    /// One refused.
    void addRefused() {
        ++refusedNow_;
        ++refused_;
    }
    /// What would have been refused but for shadow: in the rate and the episode, not in the total.
    void addInShadow() { ++refusedNow_; }
    /// So many that were let through.
    void addPassed(std::uint64_t count = 1) { passedNow_ += count; }

    /// The end of a window of `elapsed`.
    Shedding::News tick(Duration elapsed, MonotonicTime now);

    // Of the window that ended last.
    std::uint64_t refusedInWindow() const { return refusedBefore_; }
    std::uint64_t passedInWindow() const { return passedBefore_; }

    double perSecond() const { return perSecond_; }     ///< decaying over about a second
    std::uint64_t refused() const { return refused_; }  ///< since this exists
    const Shedding& episode() const { return episode_; }

private:
    std::uint64_t refusedNow_ = 0;
    std::uint64_t passedNow_ = 0;
    std::uint64_t refusedBefore_ = 0;
    std::uint64_t passedBefore_ = 0;
    std::uint64_t refused_ = 0;
    double perSecond_ = 0;
    Shedding episode_;
};

}  // namespace levee
