// SPDX-License-Identifier: Apache-2.0
#include "agent/host/socket_ends.h"

#include <algorithm>

namespace levee::host {

const SocketEnd* SocketEnds::of(std::uint32_t inode) {
    const int pid = owners_.pidOf(inode);
    if (pid == 0)
        return nullptr;
    if (const auto known = known_.find(pid); known != known_.end())
        return &known->second;
    const ProcessTraits* process = processes_.find(pid);
    if (process == nullptr)
        return nullptr;
    return &known_.emplace(pid, describe(pid, *process)).first->second;
}

SocketEnd SocketEnds::describe(int pid, const ProcessTraits& process) {
    using Role = SocketEnd::Role;
    const auto& listening = owners_.listeningOf(pid);
    SocketEnd end;
    end.pid = pid;
    end.service = names_.of(process, listening);
    if (pid == ownPid_) {
        end.role = Role::Agent;
    } else if (std::ranges::any_of(listening,
                                   [&](const auto& at) { return names_.isGateway(at); }) ||
               (!gatewayFolder_.empty() &&
                process.arguments.find(gatewayFolder_) != std::string::npos)) {
        end.role = Role::Gateway;
    } else if (names_.isIgnored(process.program) || names_.isIgnored(process.command)) {
        end.role = Role::Ignored;
    } else if (end.service.isGuess) {
        // A worker that its server has forked does not always keep the listening socket.
        const ProcessTraits* parent = processes_.find(process.parent);
        const auto& ofParent = owners_.listeningOf(process.parent);
        if (parent != nullptr && parent->command == process.command && !ofParent.empty())
            end.service = names_.of(*parent, ofParent);
    }
    return end;
}

}  // namespace levee::host
