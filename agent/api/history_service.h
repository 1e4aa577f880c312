// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/history.grpc.pb.h>

#include "agent/control/bulletin.h"
#include "agent/store/history_store.h"

namespace levee {

/// Queries of the past. Thread-safe. Without a history file the events still come, from memory.
class HistoryService final : public v1::History::Service {
public:
    HistoryService(HistoryStore* store, const Bulletin& bulletin)
        : store_(store), bulletin_(bulletin) {}

    grpc::Status Series(grpc::ServerContext* context, const v1::SeriesRequest* request,
                        v1::SeriesReply* reply) override;
    grpc::Status Events(grpc::ServerContext* context, const v1::EventsRequest* request,
                        v1::EventsReply* reply) override;

private:
    HistoryStore* store_;
    const Bulletin& bulletin_;
};

}  // namespace levee
