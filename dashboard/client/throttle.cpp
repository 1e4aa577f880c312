// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/throttle.h"

#include <utility>

namespace levee {

Throttle::Throttle(Duration interval, const TimeSource& time, std::function<void()> call)
    : interval_(interval),
      time_(time),
      call_(std::move(call)),
      servedAt_(time.monotonic() - interval) {
    timer_.setSingleShot(true);
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { request(); });
}

void Throttle::request() {
    const MonotonicTime now = time_.monotonic();
    const Duration left = servedAt_ + interval_ - now;
    if (left > Duration::zero()) {
        // The timer only says when to look: the clock decides.
        if (!timer_.isActive())
            timer_.start(std::chrono::ceil<std::chrono::milliseconds>(left));
        return;
    }
    timer_.stop();
    servedAt_ = now;
    call_();
    servedAt_ = now + 3 * (time_.monotonic() - now);
}

}  // namespace levee
