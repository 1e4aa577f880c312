// SPDX-License-Identifier: Apache-2.0
#include "agent/api/agent_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "shared/model/snapshot_delta.h"
#include "shared/wire/convert_agent.h"
#include "shared/wire/convert_guard.h"
#include "shared/wire/version.h"

namespace levee {
namespace {

constexpr int kMostWatchers = 32;
constexpr std::size_t kEventsReplayed = 200;
constexpr int kSlowestMillis = 60'000;
// How long a stream may be silent before its connection is looked at again.
constexpr Duration kPatience = std::chrono::milliseconds(500);

void addEvents(const std::vector<Event>& events, v1::WatchUpdate& update) {
    for (const Event& event : events)
        wire::toWire(event, *update.add_events());
}

}  // namespace

grpc::Status AgentService::Hello(grpc::ServerContext* context, const v1::HelloRequest* request,
                                 v1::HelloReply* reply) {
    reply->set_protocol(wire::kProtocol);
    reply->set_oldest_protocol(wire::kOldestProtocol);
    reply->set_read_only(access_.isReader(*context));
    wire::toWire(bulletin_.snapshot()->agent, *reply->mutable_agent());
    if (!wire::isCompatible(request->protocol(), request->protocol())) {
        return {
            grpc::StatusCode::FAILED_PRECONDITION,
            fmt::format("this agent speaks protocol {} to {}, '{}' speaks {}: update the older one",
                        wire::kOldestProtocol, wire::kProtocol, request->client(),
                        request->protocol())};
    }
    return grpc::Status::OK;
}

grpc::Status AgentService::GetSnapshot(grpc::ServerContext* /*context*/,
                                       const v1::HelloRequest* /*request*/, v1::Snapshot* reply) {
    wire::toWire(*bulletin_.snapshot(), *reply);
    return grpc::Status::OK;
}

grpc::Status AgentService::Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                                 grpc::ServerWriter<v1::WatchUpdate>* writer) {
    struct Place {
        std::atomic<int>& count;
        ~Place() { --count; }
    };
    const Place place{watchers_};
    if (++watchers_ > kMostWatchers)
        return {grpc::StatusCode::RESOURCE_EXHAUSTED,
                fmt::format("{} dashboards are connected already, the most this agent serves",
                            kMostWatchers)};

    std::shared_ptr<const AgentSnapshot> sent = bulletin_.snapshot();
    std::int64_t eventId = request->events_after();
    v1::WatchUpdate first;
    wire::toWire(*sent, *first.mutable_snapshot());
    const std::vector<Event> kept = bulletin_.eventsAfter(eventId, kEventsReplayed);
    addEvents(kept, first);
    if (!kept.empty())
        eventId = kept.back().id;
    const std::chrono::milliseconds pace(std::clamp(request->state_millis(), 0, kSlowestMillis));
    bool isConnected = writer->Write(first);
    auto sentAt = std::chrono::steady_clock::now();
    std::int64_t seen = sent->sequence;
    while (isConnected && !context->IsCancelled()) {
        const Bulletin::News news = bulletin_.await(seen, eventId, kPatience);
        if (news.isClosed)
            return {grpc::StatusCode::UNAVAILABLE, "the agent is stopping"};
        if (news.snapshot == nullptr && news.events.empty())
            continue;
        v1::WatchUpdate update;
        if (news.snapshot != nullptr)
            seen = news.snapshot->sequence;
        // Held back, the state goes out later, and then empty updates show that we are there.
        const auto now = std::chrono::steady_clock::now();
        if (news.snapshot != nullptr && now - sentAt >= pace) {
            wire::toWire(difference(*sent, *news.snapshot), *update.mutable_delta());
            sent = news.snapshot;
            sentAt = now;
        }
        addEvents(news.events, update);
        if (!news.events.empty())
            eventId = news.events.back().id;
        isConnected = writer->Write(update);
    }
    return grpc::Status::OK;
}

}  // namespace levee
