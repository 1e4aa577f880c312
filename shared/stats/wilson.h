// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace levee::stats {

/// Where the true share lies, given what was seen. Immutable.
struct ShareBounds {
    double low = 0;
    double high = 1;
};

/// Wilson's score interval for `hits` out of `trials`: unlike hits/trials it does not claim
/// certainty from three calls. z is the normal quantile: 1.645 leaves 5 % on each side, 1.96
/// leaves 2.5 %. No trials: [0, 1]. REQUIRES: hits <= trials, z > 0.
ShareBounds wilsonBounds(std::uint64_t hits, std::uint64_t trials, double z = 1.96);

}  // namespace levee::stats
