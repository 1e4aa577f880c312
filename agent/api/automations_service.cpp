// SPDX-License-Identifier: Apache-2.0
#include "agent/api/automations_service.h"

#include "shared/wire/convert_automation.h"

namespace levee {

grpc::Status AutomationsService::List(grpc::ServerContext* /*context*/,
                                      const v1::ListAutomationsRequest* /*request*/,
                                      v1::ListAutomationsReply* reply) {
    if (!states_)
        return grpc::Status::OK;
    for (const AutomationState& state : states_())
        wire::toWire(state, *reply->add_automations());
    return grpc::Status::OK;
}

}  // namespace levee
