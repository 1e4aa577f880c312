// SPDX-License-Identifier: Apache-2.0
#include "agent/api/signals_service.h"

#include "agent/api/rpc_status.h"
#include "rules/promql/parser.h"
#include "shared/wire/convert_rules.h"
#include "shared/wire/convert_signals.h"

namespace levee {
namespace {

// gRPC's clients refuse messages above 4 MiB, and say so less plainly.
constexpr std::size_t kLargestReply = 3 * 1024 * 1024;

}  // namespace

grpc::Status SignalsService::Query(grpc::ServerContext* /*context*/,
                                   const v1::QueryRequest* request, v1::QueryReply* reply) {
    if (history_ == nullptr)
        return {grpc::StatusCode::UNAVAILABLE, "this agent keeps no series"};
    const promql::ParsedExpression parsed = promql::parseExpression(request->expression());
    for (const Diagnostic& diagnostic : parsed.diagnostics)
        wire::toWire(diagnostic, *reply->add_diagnostics());
    if (parsed.expression == nullptr)
        return grpc::Status::OK;
    const auto answer = history_->evaluate(*parsed.expression);
    if (!answer)
        return rpcStatus(answer.error());
    reply->set_millis(answer->at);
    wire::toWire(answer->value, *reply);
    if (reply->ByteSizeLong() > kLargestReply)
        return {grpc::StatusCode::RESOURCE_EXHAUSTED,
                "the answer has " + std::to_string(answer->value.vector.size()) +
                    " elements and more than 3 MiB; select fewer, or aggregate"};
    return grpc::Status::OK;
}

grpc::Status SignalsService::List(grpc::ServerContext* /*context*/,
                                  const v1::ListSignalsRequest* /*request*/,
                                  v1::ListSignalsReply* reply) {
    if (read_ == nullptr)
        return grpc::Status::OK;
    for (const promql::SignalReading& reading : read_())
        wire::toWire(reading, *reply->add_readings());
    return grpc::Status::OK;
}

}  // namespace levee
