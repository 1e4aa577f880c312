// SPDX-License-Identifier: Apache-2.0
#include "agent/api/grpc_server.h"

#include <grpcpp/grpcpp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "agent/api/agent_service.h"
#include "agent/api/api_access.h"
#include "agent/api/automations_service.h"
#include "agent/api/enforcement_service.h"
#include "agent/api/history_service.h"
#include "agent/api/overrides_service.h"
#include "agent/api/rules_service.h"
#include "agent/api/signals_service.h"
#include "agent/api/traces_service.h"

namespace levee {
namespace {

constexpr int kLargestMessage = 2 * 1024 * 1024;  // a rule text of 1 MiB and what stands around it
constexpr int kMostThreads = 48;                  // 32 watchers and room for calls

class RunningServer final : public GrpcServer {
public:
    explicit RunningServer(const Parts& parts)
        : access_(parts.access),
          bulletin_(parts.bulletin),
          agent_(parts.bulletin, access_),
          rules_(parts.rules, parts.revisions),
          overrides_(parts.overrides),
          history_(parts.history, parts.bulletin, parts.latency),
          signals_(parts.signals, parts.readSignals),
          traces_(parts.traces),
          enforcement_(parts.switchEnforcement),
          automations_(parts.automations) {}

    ~RunningServer() override {
        bulletin_.close();
        if (server_ != nullptr)
            server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
        if (!unixPath_.empty())
            ::unlink(unixPath_.c_str());
    }

    Status listen(const std::string& tcp, const std::string& unixPath) {
        grpc::ServerBuilder builder;
        builder.SetMaxReceiveMessageSize(kLargestMessage);
        builder.SetResourceQuota(grpc::ResourceQuota("api").SetMaxThreads(kMostThreads));
        builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MIN_POLLERS, 1);
        builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 2);
        builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
        builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
        if (!tcp.empty())
            builder.AddListeningPort(tcp, access_.credentials(), &port_);
        if (!unixPath.empty()) {
            ::unlink(unixPath.c_str());
            builder.AddListeningPort("unix:" + unixPath, grpc::InsecureServerCredentials());
        }
        builder.RegisterService(&agent_);
        builder.RegisterService(&rules_);
        builder.RegisterService(&overrides_);
        builder.RegisterService(&history_);
        builder.RegisterService(&signals_);
        builder.RegisterService(&traces_);
        builder.RegisterService(&enforcement_);
        builder.RegisterService(&automations_);
        server_ = builder.BuildAndStart();
        if (server_ == nullptr || (!tcp.empty() && port_ == 0))
            return Error{"cannot listen for gRPC on " + tcp +
                             (unixPath.empty() ? "" : " and " + unixPath) +
                             ": is the address free and the folder there?",
                         ErrorKind::Unavailable};
        unixPath_ = unixPath;
        if (!unixPath.empty())
            ::chmod(unixPath.c_str(), 0660);
        return Status::ok();
    }

    int port() const override { return port_; }
    int watchers() const override { return agent_.watchers(); }
    std::vector<std::pair<std::string_view, std::uint64_t>> refusals() const override {
        return access_.refusals();
    }

private:
    ApiAccess access_;
    Bulletin& bulletin_;
    AgentService agent_;
    RulesService rules_;
    OverridesService overrides_;
    HistoryService history_;
    SignalsService signals_;
    TracesService traces_;
    EnforcementService enforcement_;
    AutomationsService automations_;
    std::unique_ptr<grpc::Server> server_;
    std::string unixPath_;
    int port_ = 0;
};

}  // namespace

Result<std::unique_ptr<GrpcServer>> GrpcServer::start(const std::string& tcp,
                                                      const std::string& unixPath,
                                                      const Parts& parts) {
    auto server = std::make_unique<RunningServer>(parts);
    const Status listening = server->listen(tcp, unixPath);
    if (!listening)
        return listening.error();
    return std::unique_ptr<GrpcServer>(std::move(server));
}

}  // namespace levee
