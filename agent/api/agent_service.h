// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/agent.grpc.pb.h>

#include <atomic>

#include "agent/api/api_access.h"
#include "agent/control/bulletin.h"

namespace levee {

/// Handshake and the stream of state. Thread-safe. A watcher holds one server thread while it is
/// connected.
class AgentService final : public v1::Agent::Service {
public:
    AgentService(const Bulletin& bulletin, const ApiAccess& access)
        : bulletin_(bulletin), access_(access) {}

    grpc::Status Hello(grpc::ServerContext* context, const v1::HelloRequest* request,
                       v1::HelloReply* reply) override;
    grpc::Status GetSnapshot(grpc::ServerContext* context, const v1::HelloRequest* request,
                             v1::Snapshot* reply) override;
    grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                       grpc::ServerWriter<v1::WatchUpdate>* writer) override;

    int watchers() const { return watchers_.load(); }

private:
    const Bulletin& bulletin_;
    const ApiAccess& access_;
    std::atomic<int> watchers_{0};
};

}  // namespace levee
