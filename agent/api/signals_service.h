// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/signals.grpc.pb.h>

#include "agent/collect/live_history.h"

namespace levee {

/// Expressions over what the agent keeps, evaluated on the caller's server thread. Thread-safe.
class SignalsService final : public v1::Signals::Service {
public:
    /// Null: this agent keeps nothing, and says so.
    explicit SignalsService(const LiveHistory* history) : history_(history) {}

    grpc::Status Query(grpc::ServerContext* context, const v1::QueryRequest* request,
                       v1::QueryReply* reply) override;

private:
    const LiveHistory* history_;
};

}  // namespace levee
