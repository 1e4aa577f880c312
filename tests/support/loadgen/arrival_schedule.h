// SPDX-License-Identifier: Apache-2.0
// When requests are due. The schedule is fixed before the first answer comes (open loop): a slow
// server gets no relief, as it gets none from a crowd of independent clients.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "shared/base/random.h"
#include "shared/base/time.h"

namespace levee::loadgen {

enum class Arrivals {
    Even,     ///< one every 1/rate
    Poisson,  ///< exponential gaps with the mean 1/rate
};

/// `rate` requests a second for `length`; a length of zero means until the end.
struct RateStep {
    Duration length = Duration::zero();
    double rate = 0;  ///< 0: silence; at most kMaxRate
};

inline constexpr double kMaxRate = 1e6;

/// The times of all requests, one after the other. The same seed gives the same times. A step's
/// rate holds up to its last nanosecond: a gap that reaches into the next step goes on there at
/// that step's rate, which keeps the process Poisson across the border. Confined to one thread.
class ArrivalSchedule {
public:
    /// REQUIRES: at least one step; every rate in [0, kMaxRate]. The last step has no end, whatever
    /// its length says.
    ArrivalSchedule(std::vector<RateStep> steps, Arrivals arrivals, std::uint64_t seed);

    /// Time of the next request since the start; never less than the one before. Empty when none
    /// will come any more (the last step's rate is 0).
    std::optional<Duration> next();

private:
    double gap();

    std::vector<RateStep> steps_;
    Arrivals arrivals_;
    Random random_;
    std::size_t step_ = 0;
    double stepStart_ = 0;  ///< seconds since the start
    double at_ = 0;         ///< seconds since the start, of the last request
};

}  // namespace levee::loadgen
