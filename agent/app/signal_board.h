// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <vector>

#include "agent/collect/live_history.h"
#include "agent/config/agent_config.h"
#include "rules/promql/signal_reading.h"

namespace levee {

/// What the signals of the packs in use say. They are evaluated when somebody asks, on the asker's
/// thread, and at most once in kEvery: asking more often costs nothing and says nothing new.
/// Thread-safe.
class SignalBoard {
public:
    static constexpr Duration kEvery = std::chrono::seconds(1);
    static constexpr std::size_t kMostElements = 50;  ///< of one signal

    /// Both must outlive it.
    SignalBoard(const LiveHistory& history, const TimeSource& time)
        : history_(history), time_(time) {}

    void configure(const std::vector<PackConfig>& packs);
    /// In the order of the packs.
    std::vector<promql::SignalReading> read();

private:
    struct Signal {
        promql::SignalReading reading;
        std::shared_ptr<const promql::Expression> expression;
    };
    void evaluate(Signal& signal) const;

    const LiveHistory& history_;
    const TimeSource& time_;
    std::mutex mutex_;
    std::vector<Signal> signals_;  // guarded by mutex_
    bool isRead_ = false;          // guarded by mutex_
    MonotonicTime readAt_{};       // guarded by mutex_
};

}  // namespace levee
