// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/traces.grpc.pb.h>

#include "agent/ingest/exemplar_store.h"

namespace levee {

/// The slow and failed traces that are kept. Thread-safe.
class TracesService final : public v1::Traces::Service {
public:
    /// `store` null: answers UNAVAILABLE.
    explicit TracesService(const ingest::ExemplarStore* store) : store_(store) {}

    grpc::Status List(grpc::ServerContext* context, const v1::ListTracesRequest* request,
                      v1::ListTracesReply* reply) override;
    grpc::Status Get(grpc::ServerContext* context, const v1::GetTraceRequest* request,
                     v1::Trace* reply) override;

private:
    const ingest::ExemplarStore* store_;
};

}  // namespace levee
