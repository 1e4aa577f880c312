// SPDX-License-Identifier: Apache-2.0
// Private to AgentClient: its connections.
#pragma once

#include <grpcpp/grpcpp.h>
#include <levee/v1/agent.grpc.pb.h>
#include <levee/v1/automations.grpc.pb.h>
#include <levee/v1/enforcement.grpc.pb.h>
#include <levee/v1/history.grpc.pb.h>
#include <levee/v1/overrides.grpc.pb.h>
#include <levee/v1/rules.grpc.pb.h>
#include <levee/v1/signals.grpc.pb.h>
#include <levee/v1/traces.grpc.pb.h>

#include <memory>
#include <string>

#include "agent/cli/agent_client.h"
#include "shared/wire/agent_channel.h"

namespace levee::cli {

struct AgentClient::Stubs {
    std::unique_ptr<v1::Agent::Stub> agent;
    std::unique_ptr<v1::Rules::Stub> rules;
    std::unique_ptr<v1::Overrides::Stub> overrides;
    std::unique_ptr<v1::History::Stub> history;
    std::unique_ptr<v1::Signals::Stub> signals;
    std::unique_ptr<v1::Traces::Stub> traces;
    std::unique_ptr<v1::EnforcementSwitch::Stub> enforcement;
    std::unique_ptr<v1::Automations::Stub> automations;
    AgentAt at;
    std::string unusable;  ///< what is wrong with the files of the access, or ""

    /// The deadline and the token of a call.
    void prepare(grpc::ClientContext& context) {
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
        present(context);
    }
    void present(grpc::ClientContext& context) {
        if (const Status token = wire::presentToken(at.access, context); !token)
            unusable = token.error().message;
        if (!unusable.empty())
            context.TryCancel();
    }

    Error error(const grpc::Status& status) const {
        if (!unusable.empty())
            return {unusable, ErrorKind::Invalid};
        switch (status.error_code()) {
            case grpc::StatusCode::UNAVAILABLE:
            case grpc::StatusCode::DEADLINE_EXCEEDED:
                if (const std::string tls = wire::explainTls(at.access, at.address); !tls.empty())
                    return {at.address + ": " + tls, ErrorKind::Unavailable};
                return {"no agent answers at " + at.address + " (" + status.error_message() +
                            "); is levee-agent running? choose another with --agent",
                        ErrorKind::Unavailable};
            case grpc::StatusCode::ABORTED:
                return {status.error_message(), ErrorKind::Conflict};
            case grpc::StatusCode::UNIMPLEMENTED:
                return {"the agent at " + at.address + " is too old for this; update it"};
            default:
                return {status.error_message()};
        }
    }
};

}  // namespace levee::cli
