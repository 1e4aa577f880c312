// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/base/time.h"

namespace levee {

/// How one call ended. Refused calls (by us or further down) are not calls: do not pass them in.
struct CallResult {
    enum class Kind { Success, Failure, Ignored } kind = Kind::Success;
    Duration latency = Duration::zero();
};

}  // namespace levee
