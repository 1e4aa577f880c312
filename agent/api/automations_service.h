// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/automations.grpc.pb.h>

#include <functional>
#include <utility>
#include <vector>

#include "shared/model/automation_state.h"

namespace levee {

/// What the automations do, as of their last look. Thread-safe.
class AutomationsService final : public v1::Automations::Service {
public:
    using States = std::function<std::vector<AutomationState>()>;
    /// Null: this agent runs none.
    explicit AutomationsService(States states) : states_(std::move(states)) {}

    grpc::Status List(grpc::ServerContext* context, const v1::ListAutomationsRequest* request,
                      v1::ListAutomationsReply* reply) override;

private:
    const States states_;
};

}  // namespace levee
