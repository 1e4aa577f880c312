// SPDX-License-Identifier: Apache-2.0
// Tells webhooks what automations do: a small JSON by POST. What waits is bounded, and what has no
// room is dropped and counted. A notice is tried three times, with a growing pause, unless the
// receiver refuses it for good (a status of 400 to 499 other than 408 and 429).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "agent/collect/http_call.h"
#include "shared/base/time.h"
#include "shared/model/automation_state.h"

namespace levee::forward {

/// Since the start.
struct WebhookCounters {
    std::uint64_t sent = 0;     ///< notices that a receiver took
    std::uint64_t failed = 0;   ///< notices that none took
    std::uint64_t dropped = 0;  ///< notices for which there was no room, or no time at the end
    std::uint64_t retries = 0;  ///< requests that were sent again
    std::size_t waiting = 0;
};

struct WebhookLimits {
    std::size_t waiting = 100;  ///< notices
    int tries = 3;
    Duration timeout = std::chrono::seconds(5);     ///< of each try
    Duration firstPause = std::chrono::seconds(1);  ///< doubles
};

/// `{"name":"redis-full","state":"firing","value":0.97,"labels":{"instance":"a"},"host":"web1",
/// "reason":"...","at":"2026-11-29T03:12:00.123Z"}`; `ended` when it is over, null for a value that
/// is not known.
std::string webhookBody(const AutomationNotice& notice, const std::string& host);

/// Thread-safe.
class WebhookSender {
public:
    /// Begins to send, on a thread of its own.
    explicit WebhookSender(std::string host, WebhookLimits limits = {});
    /// Gives up what waits.
    ~WebhookSender();
    WebhookSender(const WebhookSender&) = delete;
    WebhookSender& operator=(const WebhookSender&) = delete;

    /// Never waits.
    void add(AutomationNotice notice);
    WebhookCounters counters() const;

private:
    void run();
    bool send(const AutomationNotice& notice);
    bool pauseFor(Duration pause);

    const std::string host_;
    const WebhookLimits limits_;
    HttpCaller caller_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<AutomationNotice> queue_;  // guarded by mutex_, as the rest
    WebhookCounters counters_;
    bool isStopping_ = false;
    const int stop_;  ///< readable when a running request is to be given up
    std::thread thread_;
};

}  // namespace levee::forward
