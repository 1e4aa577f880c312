// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/tally.h"

#include <algorithm>
#include <limits>

namespace levee::simulator {

void Tally::add(const Tally& other) {
    offered += other.offered;
    firsts += other.firsts;
    refused += other.refused;
    good += other.good;
    late += other.late;
    failed += other.failed;
    trips += other.trips;
    latency.merge(other.latency);
}

TallyBook::TallyBook(const std::vector<Interval>& intervals, std::size_t subjects,
                     std::size_t levels)
    : subjects_(subjects), levels_(levels) {
    for (const Interval& interval : intervals) {
        bounds_.insert(bounds_.end(), {interval.from, interval.to});
    }
    bounds_.push_back(std::numeric_limits<double>::infinity());
    std::sort(bounds_.begin(), bounds_.end());
    bounds_.erase(std::unique(bounds_.begin(), bounds_.end()), bounds_.end());
    nextBound_ = bounds_.front();
    tallies_.resize(bounds_.size() * subjects * levels);
}

void TallyBook::enterNextStretch() {
    ++stretch_;
    nextBound_ = bounds_[stretch_];
}

Tally TallyBook::sum(std::size_t subject, const Interval& interval, int level) const {
    Tally total;
    for (std::size_t k = 1; k < bounds_.size(); ++k) {  // nothing asked for begins before bound 0
        if (bounds_[k - 1] < interval.from || bounds_[k] > interval.to) {
            continue;
        }
        for (std::size_t l = 0; l < levels_; ++l) {
            if (level < 0 || l == static_cast<std::size_t>(level)) {
                total.add(tallies_[(k * subjects_ + subject) * levels_ + l]);
            }
        }
    }
    return total;
}

}  // namespace levee::simulator
