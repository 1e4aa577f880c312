// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "dashboard/client/fleet_view.h"
#include "shared/base/time.h"

namespace levee {

/// A picture of the fleet as it was, and when it was the newest by our clock.
struct PastPicture {
    std::shared_ptr<const FleetView> fleet;
    MonotonicTime shownAt{};
};

/// What the fleet looked like, for going back in time: a picture every few seconds for an hour.
/// Where that is too much memory, older ones are thinned out, so that the way back stays as long
/// and gets coarser. GUI thread only.
class PictureHistory {
public:
    static constexpr std::int64_t kLeastGapMillis = 2'000;
    static constexpr std::int64_t kHorizonMillis = 60 * 60 * 1'000;
    static constexpr std::size_t kMostPictures = 900;
    static constexpr std::size_t kMostBytes = 48 * 1024 * 1024;  ///< estimated

    explicit PictureHistory(std::size_t mostBytes = kMostBytes) : mostBytes_(mostBytes) {}

    /// Keeps the picture unless the one before is as new. One that is older than it begins anew:
    /// the agents are others, or their clock was set back.
    void record(std::shared_ptr<const FleetView> fleet, MonotonicTime now);

    /// The newest picture that is not later than `millis`, or the oldest; null when there is none.
    const PastPicture* at(std::int64_t millis) const;
    std::int64_t oldestMillis() const;  ///< 0: nothing is kept
    std::size_t size() const { return pictures_.size(); }
    std::size_t bytes() const { return bytes_; }      ///< estimated
    std::size_t thinned() const { return thinned_; }  ///< pictures given up for want of room

private:
    void thinOut();
    void recount();

    const std::size_t mostBytes_;
    std::vector<PastPicture> pictures_;  ///< oldest first
    std::size_t bytes_ = 0;
    std::size_t thinned_ = 0;
};

}  // namespace levee
