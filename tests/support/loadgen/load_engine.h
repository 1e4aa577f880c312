// SPDX-License-Identifier: Apache-2.0
// Sends the requests of a schedule over a pool of connections and reports what becomes of them.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "shared/base/result.h"
#include "tests/support/loadgen/arrival_schedule.h"
#include "tests/support/loadgen/connection.h"
#include "tests/support/loadgen/options.h"
#include "tests/support/loadgen/report.h"

namespace levee::loadgen {

/// One thread, one epoll. A request that finds no idle connection opens one; at --max-connections
/// it waits its turn, and its latency and its timeout go on counting from the intended time. Memory
/// is bounded by rate x timeout. Confined to one thread.
class LoadEngine {
public:
    /// `options` and `report` must outlive the engine.
    LoadEngine(const Options& options, Report& report, const TimeSource& clock);
    ~LoadEngine();

    /// Runs to the end of --duration or to the first SIGINT or SIGTERM, then waits for the answers
    /// under way (a second signal ends that too). Returns when the last request could have been
    /// due.
    Result<Duration> run();

private:
    struct Request {
        Duration due{};
        int connection = -1;  ///< its slot, or -1 while it waits for one
        bool isDone = false;
        bool isRetried = false;
    };
    struct Slot {
        std::unique_ptr<Connection> connection;
        std::uint64_t request = 0;
        bool isBusy = false;
        std::uint32_t generation = 0;  ///< tells a late event of a closed connection
    };

    Status setUp();
    Duration now() const { return clock_.monotonic() - start_; }
    void wait(Duration until);
    void onEvent(std::uint64_t tag);
    void onSignal();
    void advance(int slot);
    void onAnswered(int slot);
    void onLost(int slot, Failure failure);

    void offerDue();
    void expire();
    void assign(std::uint64_t id);
    bool open(std::uint64_t id);
    void sendOn(int slot, std::uint64_t id);
    void release(int slot);
    void drop(int slot);
    void finish(std::uint64_t id);
    Request& request(std::uint64_t id) { return requests_[id - firstRequest_]; }
    bool isLive(std::uint64_t id) { return id >= firstRequest_ && !request(id).isDone; }
    bool isOver(Duration at);
    Duration nextWake() const;

    const Options& options_;
    Report& report_;
    const TimeSource& clock_;
    ArrivalSchedule schedule_;
    const std::string text_;
    Address address_;
    MonotonicTime start_{};
    std::optional<Duration> due_;  ///< of the next request
    Duration end_;                 ///< no request is due from here on
    bool isAborted_ = false;
    int epoll_ = -1, timer_ = -1, signals_ = -1;

    std::deque<Request> requests_;  ///< in order of due times, the oldest unfinished one first
    std::uint64_t firstRequest_ = 0;
    std::deque<std::uint64_t> waiting_;
    std::vector<Slot> slots_;
    std::vector<int> idle_, empty_;
    std::uint64_t opened_ = 0, open_ = 0, peak_ = 0;
};

}  // namespace levee::loadgen
