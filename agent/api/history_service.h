// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/history.grpc.pb.h>

#include "agent/control/bulletin.h"
#include "agent/control/latency_ledger.h"
#include "agent/store/history_store.h"

namespace levee {

/// Queries of the past. Thread-safe. Without a history file the events still come, from memory.
class HistoryService final : public v1::History::Service {
public:
    /// `latency` may be null: none are kept.
    HistoryService(HistoryStore* store, const Bulletin& bulletin, const LatencyLedger* latency)
        : store_(store), bulletin_(bulletin), latency_(latency) {}

    grpc::Status Series(grpc::ServerContext* context, const v1::SeriesRequest* request,
                        v1::SeriesReply* reply) override;
    grpc::Status Events(grpc::ServerContext* context, const v1::EventsRequest* request,
                        v1::EventsReply* reply) override;
    grpc::Status Latency(grpc::ServerContext* context, const v1::LatencyRequest* request,
                         v1::LatencyReply* reply) override;

private:
    HistoryStore* store_;
    const Bulletin& bulletin_;
    const LatencyLedger* latency_;
};

}  // namespace levee
