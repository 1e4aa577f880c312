// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shared/base/time.h"

namespace levee {

/// What a call stands for where the gateway logs only one of so many good calls, and every bad one.
struct CallWeight {
    std::uint32_t calls = 1;  ///< this one and those like it that nobody was told of
    std::uint32_t good = 1;   ///< what a good call stood for at that time
};

/// How one call ended. Refused calls (by us or further down) are not calls: do not pass them in.
struct CallResult {
    enum class Kind { Success, Failure, Ignored } kind = Kind::Success;
    Duration latency = Duration::zero();
    CallWeight weight = {};
};

}  // namespace levee
