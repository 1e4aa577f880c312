// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/picture_history.h"

#include <algorithm>
#include <utility>

namespace levee {
namespace {

/// Names, lists and texts of a row that lie outside of it.
constexpr std::size_t kAroundARow = 200;

template <typename T>
std::size_t rowBytes(const SharedRows<T>& rows, const SharedRows<T>* before) {
    const bool isShared =
        before && !rows.empty() && !before->empty() && &rows.front() == &before->front();
    return isShared ? 0 : rows.size() * (sizeof(T) + kAroundARow);
}

std::size_t bytesOf(const FleetView& fleet, const FleetView* before) {
    return sizeof(FleetView) + fleet.agents.size() * (sizeof(FleetAgent) + kAroundARow) +
           rowBytes(fleet.nodes, before ? &before->nodes : nullptr) +
           rowBytes(fleet.edges, before ? &before->edges : nullptr) +
           rowBytes(fleet.guards, before ? &before->guards : nullptr) +
           rowBytes(fleet.advice, before ? &before->advice : nullptr) +
           rowBytes(fleet.targets, before ? &before->targets : nullptr);
}

}  // namespace

void PictureHistory::record(std::shared_ptr<const FleetView> fleet, MonotonicTime now) {
    if (!pictures_.empty()) {
        const std::int64_t newest = pictures_.back().fleet->millis;
        if (fleet->millis < newest) {
            pictures_.clear();
            bytes_ = 0;
        } else if (fleet->millis - newest < kLeastGapMillis) {
            return;
        }
    }
    bool isShorter = false;
    while (!pictures_.empty() && fleet->millis - pictures_.front().fleet->millis > kHorizonMillis) {
        pictures_.erase(pictures_.begin());
        isShorter = true;
    }
    if (isShorter)
        recount();
    const FleetView* before = pictures_.empty() ? nullptr : pictures_.back().fleet.get();
    bytes_ += bytesOf(*fleet, before);
    pictures_.push_back({std::move(fleet), now});
    if (bytes_ > mostBytes_ || pictures_.size() > kMostPictures)
        thinOut();
}

void PictureHistory::thinOut() {
    // Every second one of the older three quarters; of very large fleets only the newest is left.
    while (pictures_.size() > 1 && (bytes_ > mostBytes_ || pictures_.size() > kMostPictures)) {
        const std::size_t older = std::max<std::size_t>(pictures_.size() * 3 / 4, 1);
        std::vector<PastPicture> kept;
        for (std::size_t i = 0; i < pictures_.size(); ++i) {
            if (i < older && i % 2 == (older == 1 ? 0U : 1U))
                ++thinned_;
            else
                kept.push_back(std::move(pictures_[i]));
        }
        pictures_ = std::move(kept);
        recount();
    }
}

void PictureHistory::recount() {
    // Rows that a picture shared with one that is gone are its own now.
    bytes_ = 0;
    const FleetView* before = nullptr;
    for (const PastPicture& picture : pictures_) {
        bytes_ += bytesOf(*picture.fleet, before);
        before = picture.fleet.get();
    }
}

const PastPicture* PictureHistory::at(std::int64_t millis) const {
    if (pictures_.empty())
        return nullptr;
    const auto later = std::ranges::upper_bound(
        pictures_, millis, {}, [](const PastPicture& past) { return past.fleet->millis; });
    return later == pictures_.begin() ? &*later : &*std::prev(later);
}

std::int64_t PictureHistory::oldestMillis() const {
    return pictures_.empty() ? 0 : pictures_.front().fleet->millis;
}

}  // namespace levee
