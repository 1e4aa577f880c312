// SPDX-License-Identifier: Apache-2.0
#include "agent/api/signals_service.h"

#include "agent/api/rpc_status.h"
#include "rules/promql/parser.h"
#include "shared/wire/convert_rules.h"
#include "shared/wire/convert_signals.h"

namespace levee {

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
    return grpc::Status::OK;
}

}  // namespace levee
