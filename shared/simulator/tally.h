// SPDX-License-Identifier: Apache-2.0
// Sums as they come: for each subject and priority, in the stretches of time between any two bounds
// of the intervals asked for, so that overlapping intervals cost nothing while running.
#pragma once

#include <cstddef>
#include <vector>

#include "shared/simulator/scenario.h"
#include "shared/stats/histogram.h"

namespace levee::simulator {

struct Tally {
    std::uint64_t offered = 0;
    std::uint64_t firsts = 0;
    std::uint64_t refused = 0;
    std::uint64_t good = 0;
    std::uint64_t late = 0;
    std::uint64_t failed = 0;
    std::uint64_t trips = 0;
    stats::Histogram latency;

    void add(const Tally& other);
};

/// Confined to one thread.
class TallyBook {
public:
    TallyBook(const std::vector<Interval>& intervals, std::size_t subjects, std::size_t levels);

    /// What happens from now on counts at `now`, which never runs backwards.
    void advance(double now) {
        while (now >= nextBound_) {
            enterNextStretch();
        }
    }
    Tally& at(std::size_t subject, std::size_t level) {
        return tallies_[(stretch_ * subjects_ + subject) * levels_ + level];
    }
    /// REQUIRES: an interval that was asked for. A negative level: all.
    Tally sum(std::size_t subject, const Interval& interval, int level) const;

private:
    void enterNextStretch();

    std::vector<double> bounds_;  ///< ascending; stretch k ends at bounds_[k]
    std::size_t subjects_;
    std::size_t levels_;
    std::size_t stretch_ = 0;
    double nextBound_;
    std::vector<Tally> tallies_;
};

}  // namespace levee::simulator
