// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/overrides.grpc.pb.h>

#include "agent/control/override_book.h"

namespace levee {

/// What is held by hand. Thread-safe.
class OverridesService final : public v1::Overrides::Service {
public:
    explicit OverridesService(OverrideBook& book) : book_(book) {}

    grpc::Status Set(grpc::ServerContext* context, const v1::SetOverrideRequest* request,
                     v1::OverrideReply* reply) override;
    grpc::Status Extend(grpc::ServerContext* context, const v1::ExtendOverrideRequest* request,
                        v1::OverrideReply* reply) override;
    grpc::Status Clear(grpc::ServerContext* context, const v1::ClearOverrideRequest* request,
                       v1::OverrideReply* reply) override;
    grpc::Status List(grpc::ServerContext* context, const v1::ListOverridesRequest* request,
                      v1::ListOverridesReply* reply) override;

private:
    OverrideBook& book_;
};

}  // namespace levee
