// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/fixed_limit.h"

#include <algorithm>

namespace levee {

LimitDecision FixedLimit::decision() const {
    LimitDecision d;
    const std::uint32_t limit = std::max<std::uint32_t>(1, settings_.limit);
    d.limit = limit;
    d.queueLimit = settings_.queue >= 0 ? static_cast<std::uint32_t>(settings_.queue)
                                        : std::max<std::uint32_t>(1, limit / 2);
    d.reason = LimitReason::Fixed;
    return d;
}

}  // namespace levee
