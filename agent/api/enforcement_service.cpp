// SPDX-License-Identifier: Apache-2.0
#include "agent/api/enforcement_service.h"

#include "agent/api/rpc_status.h"

namespace levee {

grpc::Status EnforcementService::Turn(grpc::ServerContext* /*context*/,
                                      const v1::TurnEnforcementRequest* request,
                                      v1::TurnEnforcementReply* reply) {
    if (!handler_)
        return {grpc::StatusCode::UNIMPLEMENTED, "this agent has no switch"};
    if (!request->on() && request->reason().empty())
        return {grpc::StatusCode::INVALID_ARGUMENT, "say why: the reason is kept with the switch"};
    constexpr std::size_t kLongest = 1024;
    if (request->reason().size() > kLongest || request->author().size() > kLongest)
        return {grpc::StatusCode::INVALID_ARGUMENT, "author and reason have at most 1024 bytes"};
    const auto detail = handler_(request->on(), request->author(), request->reason());
    if (!detail)
        return rpcStatus(detail.error());
    reply->set_on(request->on());
    reply->set_detail(*detail);
    return grpc::Status::OK;
}

}  // namespace levee
