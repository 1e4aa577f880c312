// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_agent_server.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <levee/v1/agent.grpc.pb.h>
#include <levee/v1/history.grpc.pb.h>
#include <levee/v1/overrides.grpc.pb.h>
#include <levee/v1/rules.grpc.pb.h>
#include <levee/v1/traces.grpc.pb.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "shared/model/snapshot_delta.h"
#include "shared/wire/convert_agent.h"
#include "shared/wire/convert_guard.h"
#include "shared/wire/convert_history.h"
#include "shared/wire/convert_rules.h"
#include "shared/wire/convert_traces.h"
#include "shared/wire/version.h"

namespace levee::test {

struct FakeAgentServer::State {
    mutable std::mutex mutex;
    std::condition_variable changed;
    bool isStopping = false;
    std::int32_t oldestProtocol = wire::kOldestProtocol;
    std::int32_t protocol = wire::kProtocol;
    std::chrono::milliseconds helloDelay{0};
    AgentSnapshot snapshot;
    std::vector<Event> events;
    std::vector<RuleRevision> revisions;  // oldest first
    std::vector<SeriesPoint> series;
    LatencyMap latencies;
    std::vector<Trace> traces;
    Checker checker;
    int watchers = 0;
    int checks = 0;
    std::int64_t lastEventsAfter = 0;
    std::int32_t stateMillis = 0;
    bool isReadOnly = false;
    std::int64_t lastOverride = 0;
    std::string overrideRefusal;

    std::int64_t active() const { return revisions.empty() ? 0 : revisions.back().revision; }
    void addRevision(const std::string& text, const std::string& author,
                     const std::string& reason) {
        for (RuleRevision& revision : revisions)
            revision.active = false;
        revisions.push_back(
            {active() + 1, 1'700'000'000'000 + active() * 60'000, author, reason, text, true});
        snapshot.agent.rulesRevision = active();
        ++snapshot.sequence;
        changed.notify_all();
    }
};

class FakeAgentServer::AgentService final : public v1::Agent::Service {
public:
    explicit AgentService(std::shared_ptr<State> state) : state_(std::move(state)) {}

    grpc::Status Hello(grpc::ServerContext*, const v1::HelloRequest*,
                       v1::HelloReply* reply) override {
        std::unique_lock lock(state_->mutex);
        state_->changed.wait_for(lock, state_->helloDelay, [this] { return state_->isStopping; });
        reply->set_protocol(state_->protocol);
        reply->set_oldest_protocol(state_->oldestProtocol);
        reply->set_read_only(state_->isReadOnly);
        wire::toWire(state_->snapshot.agent, *reply->mutable_agent());
        return grpc::Status::OK;
    }

    grpc::Status GetSnapshot(grpc::ServerContext*, const v1::HelloRequest*,
                             v1::Snapshot* reply) override {
        const std::lock_guard lock(state_->mutex);
        wire::toWire(state_->snapshot, *reply);
        return grpc::Status::OK;
    }

    grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                       grpc::ServerWriter<v1::WatchUpdate>* writer) override {
        std::unique_lock lock(state_->mutex);
        state_->lastEventsAfter = request->events_after();
        state_->stateMillis = request->state_millis();
        std::int64_t lastEvent = request->events_after();
        AgentSnapshot sent = state_->snapshot;
        v1::WatchUpdate first;
        wire::toWire(sent, *first.mutable_snapshot());
        addEvents(lastEvent, first);
        lock.unlock();
        writer->Write(first);
        lock.lock();
        ++state_->watchers;
        const std::chrono::milliseconds pace(request->state_millis());
        auto sentAt = std::chrono::steady_clock::now();
        std::int64_t seen = sent.sequence;
        while (!state_->isStopping && !context->IsCancelled()) {
            v1::WatchUpdate update;
            const bool isNew = state_->snapshot.sequence != seen;
            seen = state_->snapshot.sequence;
            const auto now = std::chrono::steady_clock::now();
            // As the agent does: what is held back goes out later, and an empty update now.
            if (isNew && now - sentAt >= pace) {
                wire::toWire(difference(sent, state_->snapshot), *update.mutable_delta());
                sent = state_->snapshot;
                sentAt = now;
            }
            addEvents(lastEvent, update);
            if (isNew || update.events_size() > 0) {
                lock.unlock();
                const bool isOpen = writer->Write(update);
                lock.lock();
                if (!isOpen)
                    break;
                continue;
            }
            // Cancellation has no signal in the blocking API.
            state_->changed.wait_for(lock, std::chrono::milliseconds(20));
        }
        --state_->watchers;
        return grpc::Status::OK;
    }

private:
    void addEvents(std::int64_t& lastEvent, v1::WatchUpdate& update) const {
        for (const Event& event : state_->events) {
            if (event.id <= lastEvent)
                continue;
            wire::toWire(event, *update.add_events());
            lastEvent = event.id;
        }
    }
    std::shared_ptr<State> state_;
};

class FakeAgentServer::RulesService final : public v1::Rules::Service {
public:
    explicit RulesService(std::shared_ptr<State> state) : state_(std::move(state)) {}

    grpc::Status Check(grpc::ServerContext*, const v1::CheckRulesRequest* request,
                       v1::CheckRulesReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        ++state_->checks;
        const Diagnostics found = check(request->text());
        for (const Diagnostic& diagnostic : found)
            wire::toWire(diagnostic, *reply->add_diagnostics());
        if (!hasErrors(found))
            addChange(request->text(), *reply->mutable_changes());
        reply->set_active_revision(state_->active());
        return grpc::Status::OK;
    }

    grpc::Status Apply(grpc::ServerContext*, const v1::ApplyRulesRequest* request,
                       v1::ApplyRulesReply* reply) override {
        if (request->reason().empty())
            return {grpc::StatusCode::INVALID_ARGUMENT, "a reason is required"};
        const std::lock_guard lock(state_->mutex);
        const Diagnostics found = check(request->text());
        for (const Diagnostic& diagnostic : found)
            wire::toWire(diagnostic, *reply->add_diagnostics());
        reply->set_conflict(request->expected_revision() != state_->active());
        if (!reply->conflict() && !hasErrors(found)) {
            addChange(request->text(), *reply->mutable_changes());
            state_->addRevision(request->text(), request->author(), request->reason());
            reply->set_applied(true);
        }
        reply->set_active_revision(state_->active());
        return grpc::Status::OK;
    }

    grpc::Status Rollback(grpc::ServerContext*, const v1::RollbackRulesRequest* request,
                          v1::ApplyRulesReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        const std::int64_t target =
            request->to_revision() ? request->to_revision() : state_->active() - 1;
        const auto found = std::ranges::find(state_->revisions, target, &RuleRevision::revision);
        if (found == state_->revisions.end())
            return {grpc::StatusCode::NOT_FOUND, fmt::format("there is no revision {}", target)};
        const std::string text = found->text;
        if (request->expected_revision() && request->expected_revision() != state_->active()) {
            reply->set_conflict(true);
        } else {
            state_->addRevision(text, request->author(), request->reason());
            reply->set_applied(true);
        }
        reply->set_active_revision(state_->active());
        return grpc::Status::OK;
    }

    grpc::Status ListRevisions(grpc::ServerContext*, const v1::ListRevisionsRequest* request,
                               v1::ListRevisionsReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        for (auto it = state_->revisions.rbegin(); it != state_->revisions.rend(); ++it) {
            const bool isWanted = request->only_revision() == 0 ||
                                  (request->only_revision() == -1 && it->active) ||
                                  request->only_revision() == it->revision;
            if (!isWanted)
                continue;
            v1::RuleRevision& message = *reply->add_revisions();
            wire::toWire(*it, message);
            if (!request->with_text())
                message.clear_text();
        }
        return grpc::Status::OK;
    }

private:
    Diagnostics check(const std::string& text) const {
        return state_->checker ? state_->checker(text) : Diagnostics{};
    }
    template <typename Changes>
    void addChange(const std::string& text, Changes& changes) const {
        if (state_->revisions.empty() || state_->revisions.back().text != text)
            *changes.Add() = fmt::format(
                "rule set: {} bytes -> {} bytes",
                state_->revisions.empty() ? 0 : state_->revisions.back().text.size(), text.size());
    }
    std::shared_ptr<State> state_;
};

class FakeAgentServer::HistoryService final : public v1::History::Service {
public:
    explicit HistoryService(std::shared_ptr<State> state) : state_(std::move(state)) {}

    grpc::Status Series(grpc::ServerContext*, const v1::SeriesRequest*,
                        v1::SeriesReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        for (const SeriesPoint& point : state_->series)
            wire::toWire(point, *reply->add_points());
        return grpc::Status::OK;
    }
    grpc::Status Latency(grpc::ServerContext*, const v1::LatencyRequest* request,
                         v1::LatencyReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        LatencyMap map = state_->latencies;
        for (LatencyStream& stream : map.streams)
            std::erase_if(stream.slices, [&](const LatencySlice& slice) {
                return slice.millis < request->from_millis();
            });
        wire::toWire(map, *reply);
        return grpc::Status::OK;
    }
    grpc::Status Events(grpc::ServerContext*, const v1::EventsRequest* request,
                        v1::EventsReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        for (const Event& event : state_->events)
            if (event.id > request->after_id())
                wire::toWire(event, *reply->add_events());
        return grpc::Status::OK;
    }

private:
    std::shared_ptr<State> state_;
};

class FakeAgentServer::TracesService final : public v1::Traces::Service {
public:
    explicit TracesService(std::shared_ptr<State> state) : state_(std::move(state)) {}

    grpc::Status List(grpc::ServerContext*, const v1::ListTracesRequest* request,
                      v1::ListTracesReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        for (const Trace& trace : state_->traces) {
            const auto& keptFor = trace.summary.keptFor;
            if (request->subject().empty() ||
                std::find(keptFor.begin(), keptFor.end(), request->subject()) != keptFor.end())
                wire::toWire(trace.summary, *reply->add_traces());
        }
        return grpc::Status::OK;
    }
    grpc::Status Get(grpc::ServerContext*, const v1::GetTraceRequest* request,
                     v1::Trace* reply) override {
        const std::lock_guard lock(state_->mutex);
        for (const Trace& trace : state_->traces)
            if (trace.summary.id == request->id()) {
                wire::toWire(trace, *reply);
                return grpc::Status::OK;
            }
        return {grpc::StatusCode::NOT_FOUND, "no such trace"};
    }

private:
    std::shared_ptr<State> state_;
};

class FakeAgentServer::OverridesService final : public v1::Overrides::Service {
public:
    explicit OverridesService(std::shared_ptr<State> state) : state_(std::move(state)) {}

    grpc::Status Set(grpc::ServerContext*, const v1::SetOverrideRequest* request,
                     v1::OverrideReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        GuardState* guard = guardOf(request->subject());
        if (grpc::Status status = refusal(guard, request->reason()); !status.ok())
            return status;
        if (guard->heldBy && !request->replace())
            return {grpc::StatusCode::ABORTED, "it is held already"};
        Override held;
        held.id = ++state_->lastOverride;
        held.subject = request->subject();
        held.kind = request->kind() == v1::OVERRIDE_KIND_FORCE_OPEN     ? OverrideKind::ForceOpen
                    : request->kind() == v1::OVERRIDE_KIND_FORCE_CLOSED ? OverrideKind::ForceClosed
                                                                        : OverrideKind::Limit;
        held.limit = request->limit();
        if (request->factor() != 0) {
            held.factor = request->factor();
            held.limit = static_cast<std::uint32_t>(guard->limit * request->factor());
        }
        held.author = request->author();
        held.reason = request->reason();
        held.startMillis = state_->snapshot.millis;
        held.rule = guard->rule;
        hold(*guard, held, request->ttl_millis());
        wire::toWire(*guard->heldBy, *reply->mutable_override());
        return grpc::Status::OK;
    }
    grpc::Status Extend(grpc::ServerContext*, const v1::ExtendOverrideRequest* request,
                        v1::OverrideReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        GuardState* guard = guardOf(request->subject());
        if (grpc::Status status = refusal(guard, request->reason()); !status.ok())
            return status;
        if (!guard->heldBy || guard->heldBy->id != request->id())
            return {grpc::StatusCode::ABORTED, "another one holds it"};
        hold(*guard, *guard->heldBy, request->ttl_millis());
        wire::toWire(*guard->heldBy, *reply->mutable_override());
        return grpc::Status::OK;
    }
    grpc::Status Clear(grpc::ServerContext*, const v1::ClearOverrideRequest* request,
                       v1::OverrideReply* reply) override {
        const std::lock_guard lock(state_->mutex);
        GuardState* guard = guardOf(request->subject());
        if (!guard || !guard->heldBy)
            return {grpc::StatusCode::NOT_FOUND, "nothing holds it"};
        wire::toWire(*guard->heldBy, *reply->mutable_override());
        guard->heldBy.reset();
        tell();
        return grpc::Status::OK;
    }

private:
    GuardState* guardOf(const std::string& subject) const {
        const auto found =
            std::ranges::find(state_->snapshot.guards, subject, &GuardState::subject);
        return found == state_->snapshot.guards.end() ? nullptr : &*found;
    }
    grpc::Status refusal(const GuardState* guard, const std::string& reason) const {
        if (!state_->overrideRefusal.empty())
            return {grpc::StatusCode::INVALID_ARGUMENT, state_->overrideRefusal};
        if (!guard)
            return {grpc::StatusCode::NOT_FOUND, "no guard here is called so"};
        return reason.empty() ? grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "a reason!")
                              : grpc::Status::OK;
    }
    void hold(GuardState& guard, Override held, std::int64_t ttlMillis) const {
        held.expiresMillis = state_->snapshot.millis + ttlMillis;
        held.remainingSeconds = static_cast<double>(ttlMillis) / 1'000;
        guard.heldBy = std::move(held);
        tell();
    }
    void tell() const {
        ++state_->snapshot.sequence;
        state_->changed.notify_all();
    }
    std::shared_ptr<State> state_;
};

struct FakeAgentServer::Running {
    explicit Running(const std::shared_ptr<State>& state)
        : agent(state), rules(state), history(state), traces(state), overrides(state) {}
    AgentService agent;
    RulesService rules;
    HistoryService history;
    TracesService traces;
    OverridesService overrides;
    std::unique_ptr<grpc::Server> server;
};

FakeAgentServer::FakeAgentServer(std::shared_ptr<grpc::ServerCredentials> credentials)
    : state_(std::make_shared<State>()),
      credentials_(credentials ? std::move(credentials) : grpc::InsecureServerCredentials()) {
    start();
}

FakeAgentServer::~FakeAgentServer() {
    stop();
}

std::string FakeAgentServer::address() const {
    return fmt::format("127.0.0.1:{}", port_);
}

void FakeAgentServer::start() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->isStopping = false;
    }
    running_ = std::make_unique<Running>(state_);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), credentials_, &port_);
    builder.RegisterService(&running_->agent);
    builder.RegisterService(&running_->rules);
    builder.RegisterService(&running_->history);
    builder.RegisterService(&running_->traces);
    builder.RegisterService(&running_->overrides);
    running_->server = builder.BuildAndStart();
}

void FakeAgentServer::stop() {
    if (!running_)
        return;
    {
        const std::lock_guard lock(state_->mutex);
        state_->isStopping = true;
    }
    state_->changed.notify_all();
    running_->server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
    running_->server->Wait();
    running_.reset();
}

void FakeAgentServer::setProtocol(std::int32_t oldest, std::int32_t newest) {
    const std::lock_guard lock(state_->mutex);
    state_->oldestProtocol = oldest;
    state_->protocol = newest;
}

void FakeAgentServer::setHelloDelay(std::chrono::milliseconds delay) {
    const std::lock_guard lock(state_->mutex);
    state_->helloDelay = delay;
}

void FakeAgentServer::publish(AgentSnapshot snapshot) {
    const std::lock_guard lock(state_->mutex);
    snapshot.sequence = state_->snapshot.sequence + 1;
    snapshot.agent.rulesRevision = state_->active();
    state_->snapshot = std::move(snapshot);
    state_->changed.notify_all();
}

void FakeAgentServer::emitEvent(Event event) {
    const std::lock_guard lock(state_->mutex);
    event.id = static_cast<std::int64_t>(state_->events.size()) + 1;
    state_->events.push_back(std::move(event));
    state_->changed.notify_all();
}

int FakeAgentServer::watchers() const {
    const std::lock_guard lock(state_->mutex);
    return state_->watchers;
}

void FakeAgentServer::setReadOnly(bool readOnly) {
    const std::lock_guard lock(state_->mutex);
    state_->isReadOnly = readOnly;
}

std::int32_t FakeAgentServer::stateMillis() const {
    const std::lock_guard lock(state_->mutex);
    return state_->stateMillis;
}

std::int64_t FakeAgentServer::lastEventsAfter() const {
    const std::lock_guard lock(state_->mutex);
    return state_->lastEventsAfter;
}

void FakeAgentServer::setRules(std::string text) {
    const std::lock_guard lock(state_->mutex);
    state_->addRevision(text, "somebody", "another edit");
}

void FakeAgentServer::setChecker(Checker checker) {
    const std::lock_guard lock(state_->mutex);
    state_->checker = std::move(checker);
}

void FakeAgentServer::setTraces(std::vector<Trace> traces) {
    const std::lock_guard lock(state_->mutex);
    state_->traces = std::move(traces);
}

void FakeAgentServer::setLatencies(LatencyMap map) {
    const std::lock_guard lock(state_->mutex);
    state_->latencies = std::move(map);
}

void FakeAgentServer::setSeries(std::vector<SeriesPoint> points) {
    const std::lock_guard lock(state_->mutex);
    state_->series = std::move(points);
}

std::int64_t FakeAgentServer::activeRevision() const {
    const std::lock_guard lock(state_->mutex);
    return state_->active();
}

std::string FakeAgentServer::activeText() const {
    const std::lock_guard lock(state_->mutex);
    return state_->revisions.empty() ? "" : state_->revisions.back().text;
}

void FakeAgentServer::setOverrideRefusal(std::string why) {
    const std::lock_guard lock(state_->mutex);
    state_->overrideRefusal = std::move(why);
}

std::vector<Override> FakeAgentServer::overrides() const {
    const std::lock_guard lock(state_->mutex);
    std::vector<Override> held;
    for (const GuardState& guard : state_->snapshot.guards)
        if (guard.heldBy)
            held.push_back(*guard.heldBy);
    return held;
}

int FakeAgentServer::checks() const {
    const std::lock_guard lock(state_->mutex);
    return state_->checks;
}

}  // namespace levee::test
