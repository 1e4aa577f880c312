// SPDX-License-Identifier: Apache-2.0
#include "shared/base/time.h"

namespace levee {

MonotonicTime RealTimeSource::monotonic() const {
    return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

WallTime RealTimeSource::wall() const {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace levee
