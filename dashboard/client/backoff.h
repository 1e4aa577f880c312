// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "shared/base/random.h"
#include "shared/base/time.h"

namespace levee {

/// How long to wait before the next attempt: exponential with full jitter, so that a hundred
/// dashboards do not knock on a restarted agent's door together. The n-th delay is uniform in
/// [least, min(most, least * 2^n)]. Confined to one thread.
class Backoff {
public:
    /// REQUIRES: 0 < least <= most.
    Backoff(Duration least, Duration most, std::uint64_t seed)
        : least_(least), most_(most), cap_(least), random_(seed) {}

    Duration next() {
        cap_ = std::min(most_, cap_ * 2);
        return least_ + fromSeconds(random_.uniform() * toSeconds(cap_ - least_));
    }
    /// After a success.
    void reset() { cap_ = least_; }

private:
    const Duration least_;
    const Duration most_;
    Duration cap_;
    Random random_;
};

}  // namespace levee
