// SPDX-License-Identifier: GPL-3.0-or-later
// The threads and the gRPC of one live session. Private to dashboard/client.
//
// Two threads: the watcher (connects, shakes hands, reads the stream, waits between attempts) and
// the caller (unary calls in the order they were asked for, each with a deadline, so that an apply
// never overtakes the check before it). Both use gRPC's blocking API; destruction cancels what they
// block in and joins them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dashboard/client/agent_session.h"
#include "dashboard/client/backoff.h"
#include "dashboard/client/update_mailbox.h"
#include "shared/base/time.h"
#include "shared/wire/agent_access.h"

namespace grpc {
class Channel;
class ClientContext;
class Status;
}  // namespace grpc

namespace levee {

struct LinkOptions {
    std::string address;  ///< host:port or unix:PATH
    wire::AgentAccess access;
    std::string clientName = "levee-dashboard";
    Duration connectTimeout = std::chrono::seconds(3);  ///< of the handshake
    Duration callTimeout = std::chrono::seconds(5);     ///< of every other unary call
    Duration leastBackoff = std::chrono::milliseconds(100);
    Duration mostBackoff = std::chrono::seconds(10);
    std::uint64_t seed = 1;  ///< of the jitter
};

/// Thread-safe. Connects from construction to destruction.
class AgentLink {
public:
    /// A unary call; `channel` is null while there is no connection. Runs on the caller thread.
    using Call = std::function<void(const std::shared_ptr<grpc::Channel>& channel,
                                    grpc::ClientContext& context)>;

    /// `wake` is called from the link's threads whenever there is something to fetch.
    AgentLink(LinkOptions options, const TimeSource& time, std::function<void()> wake);
    ~AgentLink();
    AgentLink(const AgentLink&) = delete;
    AgentLink& operator=(const AgentLink&) = delete;

    std::vector<LinkUpdate> takeUpdates() { return mailbox_.takeAll(); }
    SessionState state() const;
    /// While nobody looks the agent is asked for state every 10 s only; a change opens the stream
    /// anew, in the same connection.
    void setSeen(bool isSeen);
    /// At most 64 calls wait; false when there is no room.
    bool enqueue(Call call);

private:
    struct Attempt;

    void watch();
    void callLoop();
    bool shakeHands(Attempt& attempt);
    /// True where the stream ended because it has to be opened anew.
    bool readStream(Attempt& attempt, Backoff& backoff);
    void pauseFor(Duration delay, const Attempt& failed);
    void setState(SessionState state);
    bool isStopping() const;
    /// Makes `context` the one that destruction cancels; false when it is too late to start.
    bool begin(grpc::ClientContext*& slot, grpc::ClientContext& context);
    /// Opens a channel, or leaves the reason.
    void open(Attempt& attempt) const;
    /// Why the handshake failed; may connect once more to find out.
    void explain(const grpc::Status& status, Attempt& attempt) const;
    void end(grpc::ClientContext*& slot);

    const LinkOptions options_;
    const TimeSource& time_;
    const std::function<void()> wake_;
    UpdateMailbox mailbox_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool isStopping_ = false;
    SessionState state_;
    bool isReadOnly_ = false;
    bool isSeen_ = true;
    bool isReopening_ = false;  ///< the stream ends because of setSeen()
    std::shared_ptr<grpc::Channel> channel_;
    grpc::ClientContext* watching_ = nullptr;
    grpc::ClientContext* calling_ = nullptr;
    std::deque<Call> calls_;

    // Confined to the watcher thread.
    std::int64_t lastEvent_ = 0;
    std::int64_t startedMillis_ = 0;
    int failures_ = 0;

    std::thread watcher_;
    std::thread caller_;
};

}  // namespace levee
