// SPDX-License-Identifier: Apache-2.0
// Controlled delay (Nichols, Jacobson 2012) as servers use it: facebook/folly,
// folly/executors/Codel.cpp, with its defaults. The queue is overloaded when the shortest wait of
// an interval of 100 ms was above the target of 5 ms; while it is, requests that have waited for
// more than twice the target are dropped. A burst that drains is left alone, a standing queue is
// not.
//
// It controls the wait at the gateway, so it needs a queue there: the concurrency is fixed at
// `limit` of the settings and does not adjust itself. Without a limit `maxLimit` stands in; then
// everything queues inside the service, where this algorithm does not see it.
//
// How it fails: it says nothing about the right concurrency; a `limit` above what the service can
// do leaves the queue inside it. The target is absolute: a service of 1 ms and one of 1 s get the
// same 5 ms.
//
// Different here: a gateway cannot drop what has waited too long, but it can refuse what would. By
// Little's law a queue of rate * 10 ms (the rate of answers, of the last interval with any) makes
// that wait; overloaded the queue is that long, and 1 at least. Otherwise it is as long as `queue`
// of the settings says, or the limit. What waits already is served. An interval in which nothing
// was dispatched or ended changes nothing. As the waits scatter around 10 ms, the shortest may fall
// below the target in a standing overload too: then the longer queue is back for an interval.
#pragma once

#include "shared/guard/published_limit.h"
#include "shared/guard/sample_window.h"

namespace levee {

/// Confined to one thread.
class CodelLimit final : public PublishedLimit {
public:
    explicit CodelLimit(const LimiterSettings& settings);

    LimitDecision decision() const override;
    LimitMemory save() const override { return {}; }
    void restore(const LimitMemory&) override {}

private:
    void update(const WindowSample& sample, MonotonicTime now) override;

    SampleWindow interval_;
    bool isOverloaded_ = false;
    double rate_ = 0;  ///< answers per second
};

}  // namespace levee
