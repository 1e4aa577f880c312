// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/enforcement.grpc.pb.h>

#include <functional>
#include <string>
#include <utility>

#include "shared/base/result.h"

namespace levee {

/// Switches all enforcement off and on. Thread-safe if the handler is.
class EnforcementService final : public v1::EnforcementSwitch::Service {
public:
    /// Off or on, who and why; returns what is kept about it.
    using Handler = std::function<Result<std::string>(bool isOn, const std::string& author,
                                                      const std::string& reason)>;
    explicit EnforcementService(Handler handler) : handler_(std::move(handler)) {}

    grpc::Status Turn(grpc::ServerContext* context, const v1::TurnEnforcementRequest* request,
                      v1::TurnEnforcementReply* reply) override;

private:
    Handler handler_;
};

}  // namespace levee
