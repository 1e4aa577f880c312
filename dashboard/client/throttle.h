// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <functional>

#include "shared/base/time.h"

namespace levee {

/// State reaches the models ten times a second at most: more often nobody can read it.
inline constexpr Duration kStateInterval = std::chrono::milliseconds(100);

/// Makes of any number of requests one call an interval: the first is served at once, those that
/// come within the interval are served together at its end, so that the newest state is never left
/// out. A call that takes long makes the next one wait twice as long as it took, so that a large
/// fleet leaves the GUI thread time for the person. GUI thread only.
class Throttle final {
public:
    /// REQUIRES: `time` outlives this. `call` runs on the GUI thread, from request() or later.
    Throttle(Duration interval, const TimeSource& time, std::function<void()> call);

    void request();

private:
    const Duration interval_;
    const TimeSource& time_;
    const std::function<void()> call_;
    MonotonicTime servedAt_{};
    QTimer timer_;
};

}  // namespace levee
