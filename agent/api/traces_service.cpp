// SPDX-License-Identifier: Apache-2.0
#include "agent/api/traces_service.h"

#include <fmt/format.h>

#include "shared/wire/convert_traces.h"

namespace levee {
namespace {

constexpr int kUsualTraces = 100;
constexpr int kMostTraces = 500;

grpc::Status none() {
    return {grpc::StatusCode::UNAVAILABLE, "this agent keeps no traces"};
}

}  // namespace

grpc::Status TracesService::List(grpc::ServerContext* /*context*/,
                                 const v1::ListTracesRequest* request, v1::ListTracesReply* reply) {
    if (store_ == nullptr)
        return none();
    if (request->limit() < 0 || request->limit() > kMostTraces)
        return {grpc::StatusCode::INVALID_ARGUMENT,
                fmt::format("limit is {}; it must be 0 (for {}) to {}", request->limit(),
                            kUsualTraces, kMostTraces)};
    const int limit = request->limit() == 0 ? kUsualTraces : request->limit();
    for (const TraceSummary& trace :
         store_->list(request->subject(), static_cast<std::size_t>(limit)))
        wire::toWire(trace, *reply->add_traces());
    return grpc::Status::OK;
}

grpc::Status TracesService::Get(grpc::ServerContext* /*context*/,
                                const v1::GetTraceRequest* request, v1::Trace* reply) {
    if (store_ == nullptr)
        return none();
    const auto trace = store_->find(request->id());
    if (trace == nullptr)
        return {grpc::StatusCode::NOT_FOUND,
                fmt::format("no one trace '{}' is kept; `levee get traces` lists those that are",
                            request->id())};
    wire::toWire(*trace, *reply);
    return grpc::Status::OK;
}

}  // namespace levee
