// SPDX-License-Identifier: Apache-2.0
// Windows gathered under one and the same limit until they are enough to judge by.
#pragma once

#include <vector>

#include "shared/guard/window_sample.h"

namespace levee {

/// What an epoch says. Latency, concurrency and limit are of the service's own work: what a request
/// waits for others does not count. Seconds. A value.
struct Measurement {
    double seconds = 0;
    double samples = 0;  ///< seen of the requests that held a slot and ended: successes, timeouts
    double throughput = 0;    ///< of those requests per second, unseen ones included
    double latency = 0;       ///< their mean; a timeout counts as the timeout: a lower bound
    double wholeLatency = 0;  ///< of the whole answer, the calls to others included
    double error = 1;         ///< relative standard error of the latency
    double mean = 0;          ///< latency as measured, whatever `latency` was taken from
    double meanError = 1;     ///< its relative standard error
    double median = 0;        ///< of the answers in time, whole
    double medianError = 0;   ///< its standard error, seconds
    bool isByMedian = false;  ///< latency and concurrency were taken from the next two
    double present = 0;       ///< mean concurrency as the windows counted it
    double inFlight = 0;      ///< mean concurrency by Little's law, throughput * latency
    double limit = 0;         ///< mean over the windows
    /// Requests seen in flight over those that throughput and whole latency account for. Well above
    /// 1: there are some that have not ended yet and will take longer than those that have.
    double unended = 1;
    bool pressed = false;  ///< requests met the limit in most of the windows
    bool refused = false;  ///< something was refused, if only in a burst
    bool timedOut = false;
    bool failing = false;  ///< failures outnumber successes
};

/// Gathers windows. A stall of the host spoils one window, not the epoch: with three windows or
/// more that are not too small, throughput and latency are the median of the windows', which is
/// also a good estimate of the mean. Confined to one thread.
class Epoch {
public:
    static constexpr std::size_t kMaxWindows = 128;

    /// `enforced` is what the gateway held to, to see whether the window pressed against it;
    /// `limit` is the same for the service's own work.
    void add(const WindowSample& sample, std::uint32_t enforced, double limit);
    void clear();
    Measurement measure() const;
    /// Whether the window meets the limit.
    static bool isPressed(const WindowSample& sample, std::uint32_t enforced);
    /// Windows are there, and none met the limit.
    bool isCalm() const { return !windows_.empty() && pressedWindows_ == 0; }

    std::size_t windows() const { return windows_.size(); }
    double seconds() const { return seconds_; }
    double samples() const { return samples_; }

private:
    void takeMedian(Measurement& m) const;

    struct Window {
        double seconds = 0;
        double requests = 0;
        double samples = 0;  ///< of them seen: all, or those that the gateway has logged
        double latency = 0;  ///< mean; 0 without samples
        double wholeLatency = 0;
    };

    std::vector<Window> windows_;
    stats::Histogram latencies_;
    double seconds_ = 0;
    double requests_ = 0;
    double samples_ = 0;
    double answers_ = 0;  ///< of the samples, those in latencies_
    double sum_ = 0;      ///< of own latencies
    double squares_ = 0;  ///< of own latencies
    double limits_ = 0;
    double present_ = 0;  ///< request-seconds, from the windows' own count
    std::size_t pressedWindows_ = 0;
    bool refused_ = false;
    double succeeded_ = 0;
    double failed_ = 0;
    bool timedOut_ = false;
};

}  // namespace levee
