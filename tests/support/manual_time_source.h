// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "shared/base/time.h"

namespace levee::test {

/// Clocks that stand still until the test advances them. Thread-safe.
class ManualTimeSource final : public TimeSource {
public:
    MonotonicTime monotonic() const override {
        return MonotonicTime(std::chrono::hours(1)) + advanced_.load();
    }
    WallTime wall() const override { return fromUnixMillis(1'760'000'000'000) + advanced_.load(); }
    void advance(Duration by) { advanced_ = advanced_.load() + by; }

private:
    std::atomic<Duration> advanced_ = Duration::zero();
};

}  // namespace levee::test
