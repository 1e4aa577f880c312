// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/base/time.h"

namespace levee {

/// A point on the monotonic clock by which something must be done. Immutable.
class Deadline {
public:
    static Deadline after(Duration duration);

    bool hasPassed() const { return remaining() <= Duration::zero(); }
    /// Never negative.
    Duration remaining() const;
    /// For poll(2): rounded up, so that waking means that the deadline has passed.
    int pollMillis() const;

private:
    explicit Deadline(MonotonicTime at) : at_(at) {}
    MonotonicTime at_;
};

/// Blocks this thread, without a descriptor to watch: for conditions that only asking again shows.
void pauseFor(Duration duration);

}  // namespace levee
