// SPDX-License-Identifier: Apache-2.0
#include "agent/api/history_service.h"

#include "agent/api/rpc_status.h"
#include "shared/wire/convert_guard.h"
#include "shared/wire/convert_history.h"

namespace levee {

grpc::Status HistoryService::Series(grpc::ServerContext* /*context*/,
                                    const v1::SeriesRequest* request, v1::SeriesReply* reply) {
    if (store_ == nullptr)
        return {grpc::StatusCode::UNAVAILABLE, "this agent runs without a history: see its log"};
    const std::int64_t to =
        request->to_millis() > 0 ? request->to_millis() : bulletin_.snapshot()->millis + 1;
    if (request->from_millis() >= to)
        return {grpc::StatusCode::INVALID_ARGUMENT,
                "from_millis must be before to_millis: the range is empty"};
    const auto points = store_->series(request->subject(), request->from_millis(), to);
    if (!points)
        return rpcStatus(points.error());
    for (const SeriesPoint& point : *points)
        wire::toWire(point, *reply->add_points());
    return grpc::Status::OK;
}

grpc::Status HistoryService::Events(grpc::ServerContext* /*context*/,
                                    const v1::EventsRequest* request, v1::EventsReply* reply) {
    const int limit = request->limit() > 0 ? request->limit() : 200;
    if (store_ == nullptr) {
        for (const Event& event :
             bulletin_.eventsAfter(request->after_id(), static_cast<std::size_t>(limit)))
            if (request->subject().empty() || request->subject() == event.subject)
                wire::toWire(event, *reply->add_events());
        return grpc::Status::OK;
    }
    const auto events = store_->events(request->after_id(), limit, request->subject());
    if (!events)
        return rpcStatus(events.error());
    for (const Event& event : *events)
        wire::toWire(event, *reply->add_events());
    return grpc::Status::OK;
}

grpc::Status HistoryService::Latency(grpc::ServerContext* /*context*/,
                                     const v1::LatencyRequest* request, v1::LatencyReply* reply) {
    if (request->subject().empty())
        return {
            grpc::StatusCode::INVALID_ARGUMENT,
            "subject is empty: name a service (\"payment\") or an edge (\"checkout->payment\")"};
    if (latency_ == nullptr)
        return {grpc::StatusCode::UNAVAILABLE, "this agent keeps no latencies"};
    wire::toWire(latency_->read(request->subject(), request->from_millis()), *reply);
    return grpc::Status::OK;
}

}  // namespace levee
