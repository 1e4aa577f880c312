// SPDX-License-Identifier: GPL-3.0-or-later
// When data is old. The agent speaks once a second; its word is late after three of them, and lost
// after half a minute. Pure functions of (heard, now).
#pragma once

#include "shared/base/time.h"

namespace levee {

enum class DataAge { Live, Late, Lost, Never };

constexpr Duration kAgentInterval = std::chrono::seconds(1);
constexpr Duration kLateAfter = 3 * kAgentInterval;
constexpr Duration kLostAfter = std::chrono::seconds(30);

constexpr DataAge classify(Duration age) {
    if (age <= kLateAfter)
        return DataAge::Live;
    return age <= kLostAfter ? DataAge::Late : DataAge::Lost;
}
constexpr DataAge classify(MonotonicTime heardAt, MonotonicTime now) {
    return classify(now - heardAt);
}

}  // namespace levee
