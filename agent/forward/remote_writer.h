// SPDX-License-Identifier: Apache-2.0
// Sends samples to one receiver of Prometheus remote write, in their order, one request at a time.
//
// The queue is bounded: when the receiver is slow or away the oldest samples go, and are counted. A
// request that fails for the moment (no connection, 5xx, 429) is sent again after a growing pause,
// or after what Retry-After says; one that is refused for good (any other 4xx) is dropped and
// counted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/collect/http_call.h"
#include "agent/config/remote_write_config.h"
#include "agent/forward/write_request.h"
#include "shared/base/time.h"

namespace levee::forward {

/// Counts since the start. Thread-safe.
struct WriterStats {
    std::atomic<std::uint64_t> sent{0};      ///< samples that the receiver took
    std::atomic<std::uint64_t> rejected{0};  ///< samples in requests that it refused for good
    std::atomic<std::uint64_t> dropped{0};  ///< samples for which the queue had no room, or no time
                                            ///< at the end
    std::atomic<std::uint64_t> filtered{0};  ///< samples that write_relabel_configs drop
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> retries{0};  ///< requests that were sent again
    std::atomic<std::uint64_t> bytes{0};    ///< of bodies, compressed
};

/// Thread-safe.
class RemoteWriter {
public:
    /// Begins to send, on a thread of its own.
    RemoteWriter(TimeSource& time, RemoteWriteConfig config,
                 std::map<std::string, std::string> externalLabels);
    /// Sends what waits, for at most two seconds and without trying again.
    ~RemoteWriter();
    RemoteWriter(const RemoteWriter&) = delete;
    RemoteWriter& operator=(const RemoteWriter&) = delete;

    /// Never waits.
    void add(const std::vector<TimedSample>& samples);

    const RemoteWriteConfig& config() const { return config_; }
    const WriterStats& stats() const { return stats_; }
    std::size_t pending() const;

private:
    void run();
    std::vector<TimedSample> takeBatch();
    void send(const std::vector<TimedSample>& batch);
    /// True when the request has ended, well or not; else `pause` says when to send it again.
    bool sendOnce(const WriteRequest& request, Duration& pause);
    bool waitFor(Duration pause);
    void say(const std::string& problem);
    bool isStopping() const;
    Duration timeLeft() const;

    TimeSource& time_;
    const RemoteWriteConfig config_;
    WriteTerms terms_;
    WriterStats stats_;
    HttpCaller caller_;
    HttpCall call_;
    std::string problem_;  // of the last request; the thread's own, as the two above

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<TimedSample> queue_;  // guarded by mutex_, as the rest
    MonotonicTime oldest_{};         ///< when the first of the queue came, as far as is known
    bool stopping_ = false;
    MonotonicTime stopBy_{};
    bool hasEnded_ = false;
    const int stop_;  ///< readable when a running request is to be given up
    std::thread thread_;
};

/// What the header Retry-After asks for, in seconds or as a date; zero when it says nothing.
Duration retryAfter(const std::string& header, WallTime now);

}  // namespace levee::forward
