// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shared/base/time.h"

namespace levee {

/// How many of a listener's good answers the gateway logs: all of them up to so many requests per
/// second, above that one of N, so that about half as many lines per second are left. The line
/// costs the gateway about as much as all its checks together, and the agent twice that.
///
/// What goes wrong is always logged; and where much does (5 %), or a breaker is not closed, so is
/// everything: evidence is worth more than speed then. Back to sampling after a second of calm.
/// N moves when it is wrong by half, so that a rate that wavers does not move it. Confined to the
/// control thread.
class LogSampling {
public:
    /// The end of a window.
    struct Window {
        double perSecond = 0;  ///< requests of late, refused ones included
        double bad = 0;        ///< failed or refused in this window, of
        double requests = 0;   ///< all in it
        bool mayMiss = true;   ///< false: something needs every line
    };
    void tick(const Window& window, double allBelow, MonotonicTime now);

    /// N; 1: every one is logged.
    std::uint32_t every() const { return every_; }

private:
    std::uint32_t every_ = 1;
    MonotonicTime calmSince_{};
    bool isCalm_ = false;
};

}  // namespace levee
