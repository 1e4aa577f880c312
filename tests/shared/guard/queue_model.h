// SPDX-License-Identifier: Apache-2.0
// A small closed simulation to judge limiters by: Poisson arrivals -> gateway (admitShare of them,
// at most maxInFlight at the service, at most queueLimit waiting, the rest refused) ->
// first-come-first-served backend with C workers. The limit sees a window each 100 ms; what it
// decides takes effect one window later. Deterministic: the seed decides everything.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <vector>

#include "shared/base/random.h"
#include "shared/guard/limit.h"
#include "shared/stats/histogram.h"

namespace levee::test {

struct QueueModelSettings {
    int workers = 4;
    double serviceSeconds = 0.02;  ///< mean, of the law below
    double cv = 0;                 ///< 0: constant, 1: exponential, else lognormal
    double load = 2;               ///< offered, as a multiple of workers / serviceSeconds
    std::uint64_t seed = 1;
    double timeoutSeconds = 5;   ///< of the gateway: the answer comes too late
    double stallsPerSecond = 0;  ///< the whole backend stands still for stallSeconds
    double stallSeconds = 0.05;
    double failureShare = 0;  ///< of requests that fail at once, in 1 ms, without a worker
    int seenOneIn = 1;        ///< of the good answers the limit is told of one in so many
};

/// What happened between two calls of QueueModel::takeReport().
struct QueueReport {
    double seconds = 0;
    double goodput = 0;          ///< answers in time, as a share of the nominal capacity
    double offered = 0;          ///< arrivals, as a share of the nominal capacity
    double refused = 0;          ///< share of the arrivals
    double medianInflation = 0;  ///< median from arrival to answer / median service time
    double p99Inflation = 0;     ///< p99 from arrival to answer / median service time
    double meanLimit = 0;
    double minLimit = 0;
    double maxLimit = 0;
};

class QueueModel {
public:
    explicit QueueModel(const QueueModelSettings& settings);

    /// Runs on for the seconds, with the limit in the loop.
    void run(double seconds, Limit& limit);
    /// Figures since the last report.
    QueueReport takeReport();

    void setLoad(double load) { settings_.load = load; }
    void setWorkers(int workers) { settings_.workers = workers; }
    void setServiceSeconds(double seconds) { settings_.serviceSeconds = seconds; }
    double now() const { return now_; }
    MonotonicTime time() const { return MonotonicTime(fromSeconds(3600 + now_)); }
    /// Drops the windows of so many seconds on their way to the limit.
    void loseWindows(double seconds) { lostUntil_ = now_ + seconds; }

private:
    struct Request {
        double arrived;
        double dispatched;
    };
    struct Completion {
        double at;
        Request request;
        bool failed;
        bool operator>(const Completion& other) const { return at > other.at; }
    };
    double serviceTime();
    double exponential(double mean);
    void arrive();
    void dispatch();
    void startService();
    void complete();
    void closeWindow(Limit& limit);
    void trackInFlight();

    QueueModelSettings settings_;
    double nominalCapacity_;
    double medianService_;
    Random random_;
    Random dice_;  ///< for seenOneIn, so that it changes nothing else
    double now_ = 0;
    double nextArrival_ = 0;
    double nextWindow_ = 0.1;
    double nextStall_;
    double lostUntil_ = -1;

    LimitDecision enforced_;
    LimitDecision decided_;
    bool started_ = false;

    std::deque<Request> atGateway_;
    std::deque<Request> atBackend_;
    std::priority_queue<Completion, std::vector<Completion>, std::greater<>> running_;
    int busy_ = 0;
    std::uint32_t inFlight_ = 0;

    WindowSample window_;
    double leastWait_;  ///< at the gateway, of the requests dispatched in this window
    double lastTracked_ = 0;
    double inFlightArea_ = 0;

    double reportStart_ = 0;
    std::uint64_t arrivals_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t good_ = 0;
    stats::Histogram total_;
    double limitSum_ = 0;
    double limitLeast_ = 0;
    double limitMost_ = 0;
    int windows_ = 0;
};

}  // namespace levee::test
