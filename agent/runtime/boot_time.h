// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace levee {

/// Time since this host was booted, which goes on through a restart of the agent and through
/// suspension, and which nobody can set. Comparable only where `bootId` is the same.
struct BootTime {
    std::string bootId;  ///< "" where the kernel does not tell: comparable with nothing
    std::int64_t millis = 0;
};

/// Thread-safe: reads the kernel.
BootTime bootTime();

}  // namespace levee
