// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <string>

#include "shared/wire/agent_access.h"

namespace levee::wire {

/// A channel to an agent, by TLS where `access` says so. Connects when it is used. An error says
/// which file cannot be used, and why.
Result<std::shared_ptr<grpc::Channel>> openAgentChannel(const std::string& address,
                                                        const AgentAccess& access,
                                                        grpc::ChannelArguments arguments);

/// Makes the call present the token, if there is one.
Status presentToken(const AgentAccess& access, grpc::ClientContext& context);

}  // namespace levee::wire
