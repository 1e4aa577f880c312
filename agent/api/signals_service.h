// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/signals.grpc.pb.h>

#include <functional>
#include <utility>
#include <vector>

#include "agent/collect/live_history.h"
#include "rules/promql/signal_reading.h"

namespace levee {

/// Expressions over what the agent keeps, evaluated on the caller's server thread. Thread-safe.
class SignalsService final : public v1::Signals::Service {
public:
    /// Null: this agent keeps nothing, and says so.
    using Read = std::function<std::vector<promql::SignalReading>()>;
    SignalsService(const LiveHistory* history, Read read)
        : history_(history), read_(std::move(read)) {}

    grpc::Status Query(grpc::ServerContext* context, const v1::QueryRequest* request,
                       v1::QueryReply* reply) override;
    grpc::Status List(grpc::ServerContext* context, const v1::ListSignalsRequest* request,
                      v1::ListSignalsReply* reply) override;

private:
    const LiveHistory* history_;
    const Read read_;
};

}  // namespace levee
