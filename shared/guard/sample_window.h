// SPDX-License-Identifier: Apache-2.0
// The published limiters judge windows of their own length: a second, or a tenth of one.
#pragma once

#include <optional>

#include "shared/guard/window_sample.h"

namespace levee {

/// Joins windows to one that is at least as long as asked for. Confined to one thread.
class SampleWindow {
public:
    explicit SampleWindow(Duration length) : length_(length) { clear(); }

    /// All windows since the last that was returned as one, as soon as they make up the length.
    /// Windows in which nothing ended do not count for leastQueueWait.
    std::optional<WindowSample> add(const WindowSample& sample);

private:
    void clear();

    Duration length_;
    WindowSample joined_;
    bool hasWait_ = false;  ///< joined_.leastQueueWait is from a window
};

/// Seconds of all requests that held a slot and ended: the successes, and the timeouts as the
/// timeout, or left out where that is not known.
stats::Histogram answersAndTimeouts(const WindowSample& sample);

}  // namespace levee
