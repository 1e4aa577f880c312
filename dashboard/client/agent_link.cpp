// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/agent_link.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <levee/v1/agent.grpc.pb.h>

#include <algorithm>
#include <utility>

#include "dashboard/client/link_text.h"
#include "shared/base/log.h"
#include "shared/wire/agent_channel.h"
#include "shared/wire/convert_agent.h"
#include "shared/wire/convert_guard.h"
#include "shared/wire/version.h"

namespace levee {
namespace {

constexpr std::size_t kMailboxCapacity = 64;
/// About 5 MB. After a pause of the whole computer, or of its window, the agents' updates come at
/// once.
constexpr std::size_t kMailboxRows = 10'000;
constexpr std::size_t kMaxWaitingCalls = 64;
// A snapshot of 5,000 services and 20,000 edges is about 5 MiB; gRPC's own default is 4 MiB.
constexpr int kMaxMessageBytes = 64 * 1024 * 1024;
constexpr int kKeepaliveMillis = 5'000;
// Events come at once all the same, and what is seen again gets a picture at once.
constexpr int kUnseenMillis = 10'000;

grpc::ChannelArguments channelArguments() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
    // Notices a host that vanished without closing the connection. The agent's stream talks each
    // second, so its guard against too many pings is never reached.
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveMillis);
    // An agent is reached directly: a web proxy of the environment has no say in it.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    // The pause between attempts is ours, with jitter; a shared subchannel would add gRPC's own.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return arguments;
}

/// gRPC wraps the cause in layers of prose: "failed to connect to all addresses; last error:
/// UNKNOWN: ipv4:...: Failed to connect to remote host: Connection refused".
std::string rootCause(const std::string& message) {
    const auto last = message.rfind(": ");
    const bool isWrapped = message.find("last error: ") != std::string::npos;
    return isWrapped && last != std::string::npos ? message.substr(last + 2) : message;
}

std::string said(const QString& words, const std::string& detail) {
    return words.arg(QString::fromStdString(detail)).toStdString();
}

std::string inWords(const grpc::Status& status) {
    switch (status.error_code()) {
        case grpc::StatusCode::UNAVAILABLE:
            return said(LinkText::tr("cannot reach the agent: %1"),
                        rootCause(status.error_message()));
        case grpc::StatusCode::DEADLINE_EXCEEDED:
            return LinkText::tr("the agent does not answer in time").toStdString();
        case grpc::StatusCode::UNIMPLEMENTED:
            return LinkText::tr("the other side is not a Levee agent, or a much older one")
                .toStdString();
        case grpc::StatusCode::OK:
            return LinkText::tr("the agent closed the stream").toStdString();
        default:
            return status.error_code() == grpc::StatusCode::UNAUTHENTICATED
                       ? status.error_message()
                       : said(LinkText::tr("the agent refused: %1"), status.error_message());
    }
}

LinkUpdate fromMessage(const v1::WatchUpdate& message) {
    LinkUpdate update;
    if (message.has_snapshot())
        update.snapshot = wire::fromWire(message.snapshot());
    else if (message.has_delta())
        update.delta = wire::fromWire(message.delta());
    update.events.reserve(static_cast<std::size_t>(message.events_size()));
    for (const v1::Event& event : message.events())
        update.events.push_back(wire::fromWire(event));
    return update;
}

std::chrono::system_clock::time_point deadlineIn(Duration delay) {
    return std::chrono::system_clock::now() +
           std::chrono::duration_cast<std::chrono::system_clock::duration>(delay);
}

}  // namespace

struct AgentLink::Attempt {
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<v1::Agent::Stub> stub;
    SessionPhase failure = SessionPhase::Waiting;
    bool isUnreachable = false;
    std::string reason;

    void fail(const grpc::Status& status) {
        reason = inWords(status);
        isUnreachable = status.error_code() == grpc::StatusCode::UNAVAILABLE;
    }
};

AgentLink::AgentLink(LinkOptions options, const TimeSource& time, std::function<void()> wake)
    : options_(std::move(options)),
      time_(time),
      wake_(std::move(wake)),
      mailbox_(kMailboxCapacity, kMailboxRows) {
    state_.phase = SessionPhase::Connecting;
    watcher_ = std::thread([this] { watch(); });
    caller_ = std::thread([this] { callLoop(); });
}

AgentLink::~AgentLink() {
    {
        const std::lock_guard lock(mutex_);
        isStopping_ = true;
        if (watching_)
            watching_->TryCancel();
        if (calling_)
            calling_->TryCancel();
    }
    changed_.notify_all();
    mailbox_.close();
    watcher_.join();
    caller_.join();
}

SessionState AgentLink::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

bool AgentLink::isStopping() const {
    const std::lock_guard lock(mutex_);
    return isStopping_;
}

bool AgentLink::enqueue(Call call) {
    {
        const std::lock_guard lock(mutex_);
        if (calls_.size() >= kMaxWaitingCalls)
            return false;
        calls_.push_back(std::move(call));
    }
    changed_.notify_all();
    return true;
}

void AgentLink::setSeen(bool isSeen) {
    const std::lock_guard lock(mutex_);
    if (isSeen_ == isSeen)
        return;
    isSeen_ = isSeen;
    if (watching_ && state_.phase == SessionPhase::Live) {
        isReopening_ = true;
        watching_->TryCancel();
    }
}

bool AgentLink::begin(grpc::ClientContext*& slot, grpc::ClientContext& context) {
    const std::lock_guard lock(mutex_);
    if (isStopping_)
        return false;
    slot = &context;
    return true;
}

void AgentLink::end(grpc::ClientContext*& slot) {
    const std::lock_guard lock(mutex_);
    slot = nullptr;
}

void AgentLink::setState(SessionState state) {
    {
        const std::lock_guard lock(mutex_);
        state_ = std::move(state);
        state_.isReadOnly = isReadOnly_;
    }
    wake_();
}

void AgentLink::open(Attempt& attempt) const {
    const auto channel =
        wire::openAgentChannel(options_.address, options_.access, channelArguments());
    if (!channel) {
        attempt.reason = channel.error().message;
        return;
    }
    attempt.channel = *channel;
    attempt.stub = v1::Agent::NewStub(attempt.channel);
}

void AgentLink::explain(const grpc::Status& status, Attempt& attempt) const {
    // Of a handshake that fails gRPC only knows that a connection was closed.
    const bool isLost = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                        status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
    if (isLost && !isStopping())
        attempt.reason = wire::explainTls(options_.access, options_.address);
    if (attempt.reason.empty())
        attempt.fail(status);
}

void AgentLink::watch() {
    Backoff backoff(options_.leastBackoff, options_.mostBackoff, options_.seed);
    while (!isStopping()) {
        Attempt attempt;
        open(attempt);
        if (attempt.stub && shakeHands(attempt))
            while (readStream(attempt, backoff))
                continue;
        {
            const std::lock_guard lock(mutex_);
            channel_.reset();
        }
        if (isStopping())
            return;
        // An incompatible agent is looked at again rarely: only an upgrade changes its mind.
        pauseFor(
            attempt.failure == SessionPhase::Incompatible ? options_.mostBackoff : backoff.next(),
            attempt);
    }
}

bool AgentLink::shakeHands(Attempt& attempt) {
    grpc::ClientContext context;
    context.set_deadline(deadlineIn(options_.connectTimeout));
    if (const Status token = wire::presentToken(options_.access, context); !token) {
        attempt.reason = token.error().message;
        return false;
    }
    if (!begin(watching_, context))
        return false;
    v1::HelloRequest request;
    request.set_protocol(wire::kProtocol);
    request.set_client(options_.clientName);
    v1::HelloReply reply;
    const grpc::Status status = attempt.stub->Hello(&context, request, &reply);
    end(watching_);
    if (!status.ok()) {
        explain(status, attempt);
        return false;
    }
    if (!wire::isCompatible(reply.oldest_protocol(), reply.protocol())) {
        attempt.failure = SessionPhase::Incompatible;
        attempt.reason =
            LinkText::tr(
                "the agent %1 speaks protocol %2 to %3, this dashboard %4 to %5: update "
                "the older one")
                .arg(QString::fromStdString(reply.agent().version()))
                .arg(reply.oldest_protocol())
                .arg(reply.protocol())
                .arg(wire::kOldestProtocol)
                .arg(wire::kProtocol)
                .toStdString();
        return false;
    }
    // A restarted agent may have lost its history and count events from one again.
    if (reply.agent().started_millis() != startedMillis_)
        lastEvent_ = 0;
    startedMillis_ = reply.agent().started_millis();
    const std::lock_guard lock(mutex_);
    channel_ = attempt.channel;
    isReadOnly_ = reply.read_only();
    return true;
}

bool AgentLink::readStream(Attempt& attempt, Backoff& backoff) {
    grpc::ClientContext context;
    if (const Status token = wire::presentToken(options_.access, context); !token) {
        attempt.reason = token.error().message;
        return false;
    }
    if (!begin(watching_, context))
        return false;
    v1::WatchRequest request;
    {
        const std::lock_guard lock(mutex_);
        isReopening_ = false;
        request.set_state_millis(isSeen_ ? 0 : kUnseenMillis);
    }
    request.set_events_after(lastEvent_);
    const auto reader = attempt.stub->Watch(&context, request);
    v1::WatchUpdate message;
    bool isLive = false;
    while (reader->Read(&message)) {
        LinkUpdate update = fromMessage(message);
        for (const Event& event : update.events)
            lastEvent_ = std::max(lastEvent_, event.id);
        const bool hasSnapshot = update.snapshot.has_value();
        if (!mailbox_.put(std::move(update)))
            break;
        if (hasSnapshot && !isLive) {
            isLive = true;
            failures_ = 0;
            backoff.reset();
            setState({.phase = SessionPhase::Live});
        } else {
            wake_();
        }
    }
    // Finish() waits for the end of the call, so it must have been cancelled if we leave early.
    context.TryCancel();
    const grpc::Status status = reader->Finish();
    end(watching_);
    attempt.fail(status);
    const std::lock_guard lock(mutex_);
    return std::exchange(isReopening_, false) && !isStopping_;
}

void AgentLink::pauseFor(Duration delay, const Attempt& failed) {
    ++failures_;
    log::debug("client", "{}: {}; next attempt in {:.1f} s", options_.address, failed.reason,
               toSeconds(delay));
    setState({.phase = failed.failure,
              .reason = failed.reason,
              .isUnreachable = failed.isUnreachable,
              .retryAt = time_.monotonic() + delay,
              .attempts = failures_});
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, delay, [this] { return isStopping_; });
}

void AgentLink::callLoop() {
    while (true) {
        Call call;
        std::shared_ptr<grpc::Channel> channel;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return isStopping_ || !calls_.empty(); });
            if (isStopping_)
                return;
            call = std::move(calls_.front());
            calls_.pop_front();
            channel = channel_;
        }
        grpc::ClientContext context;
        context.set_deadline(deadlineIn(options_.callTimeout));
        // Without its token the call is refused, and the refusal says why.
        (void)wire::presentToken(options_.access, context);
        if (!begin(calling_, context))
            return;
        call(channel, context);
        end(calling_);
    }
}

}  // namespace levee
