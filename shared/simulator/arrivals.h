// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/base/random.h"
#include "shared/simulator/scenario.h"

namespace levee::simulator {

/// When the requests of a client come. Depends on nothing but the specification and the seed, so
/// that every algorithm is tried on the same arrivals. Confined to one thread.
class Arrivals {
public:
    /// `spec` must outlive this.
    Arrivals(const ArrivalSpec& spec, std::uint64_t seed) : spec_(spec), random_(seed) {}

    /// The next arrival at or after `now`, which is the one before or 0 at first; infinite: none.
    double next(double now);

private:
    double nextByRates(double now, double expected) const;
    double nextDiurnal(double now);
    double nextRecorded(double now);

    const ArrivalSpec& spec_;
    Random random_;
    int leftOfBurst_ = 0;
    std::uint64_t second_ = 0;  ///< Recorded: being played, and
    std::uint32_t played_ = 0;  ///< how many of its requests were
};

/// The first time t >= `from` by which `expected` arrivals are due: the integral of the rate from
/// `from` to t. Infinite when the rates never bring so many. Rates before the first point count as
/// the first's.
double timeOfArrivals(const std::vector<RatePoint>& rates, double from, double expected);

}  // namespace levee::simulator
