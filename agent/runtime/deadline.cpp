// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/deadline.h"

#include <algorithm>
#include <limits>
#include <thread>

namespace levee {

Deadline Deadline::after(Duration duration) {
    return Deadline(RealTimeSource().monotonic() + duration);
}

Duration Deadline::remaining() const {
    return std::max(Duration::zero(), at_ - RealTimeSource().monotonic());
}

int Deadline::pollMillis() const {
    const auto millis = std::chrono::ceil<std::chrono::milliseconds>(remaining()).count();
    return static_cast<int>(std::min<std::int64_t>(millis, std::numeric_limits<int>::max()));
}

void pauseFor(Duration duration) {
    std::this_thread::sleep_for(duration);
}

}  // namespace levee
