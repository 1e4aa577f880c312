// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/wilson.h"

#include <algorithm>
#include <cmath>

namespace levee::stats {

ShareBounds wilsonBounds(std::uint64_t hits, std::uint64_t trials, double z) {
    if (trials == 0) {
        return {};
    }
    const auto n = static_cast<double>(trials);
    const double p = static_cast<double>(hits) / n;
    const double z2 = z * z;
    const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    const double half = z / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    // What was seen lies inside, whatever the rounding: so none of 9 begins at 0 exactly.
    return {std::clamp(middle - half, 0.0, p), std::clamp(middle + half, p, 1.0)};
}

}  // namespace levee::stats
