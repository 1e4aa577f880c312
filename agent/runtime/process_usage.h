// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/base/time.h"

namespace levee {

/// What this process costs. Thread-safe: reads /proc/self.
struct ProcessUsage {
    Duration cpu{};       ///< user and system, since the start
    double rssBytes = 0;  ///< resident memory
};

ProcessUsage processUsage();

}  // namespace levee
