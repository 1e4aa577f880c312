// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/base/time.h"

namespace levee::test {

/// Clocks that stand still until the test advances them. Confined to one thread.
class ManualTimeSource final : public TimeSource {
public:
    MonotonicTime monotonic() const override { return monotonic_; }
    WallTime wall() const override { return wall_; }
    void advance(Duration by) {
        monotonic_ += by;
        wall_ += by;
    }

private:
    MonotonicTime monotonic_{std::chrono::hours(1)};
    WallTime wall_ = fromUnixMillis(1'760'000'000'000);
};

}  // namespace levee::test
