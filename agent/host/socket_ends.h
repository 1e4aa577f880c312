// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "agent/host/process_table.h"
#include "agent/host/service_names.h"
#include "agent/host/socket_owners.h"

namespace levee::host {

/// Who holds one end of a connection.
struct SocketEnd {
    enum class Role {
        Service,
        Agent,    ///< this agent: scrapes, intake, its API
        Gateway,  ///< the HAProxy that this agent drives
        Ignored,  ///< a program that the configuration leaves out
    };
    Role role = Role::Service;
    int pid = 0;
    ServiceName service;
};

/// Joins owners, processes and names. Made anew for each reading. Confined to one thread; what it
/// was made of must outlive it.
class SocketEnds {
public:
    /// `gatewayFolder`: stands in the command line of the gateway's processes; "" for no gateway.
    SocketEnds(const SocketOwners& owners, ProcessTable& processes, const ServiceNames& names,
               int ownPid, std::string gatewayFolder)
        : owners_(owners),
          processes_(processes),
          names_(names),
          ownPid_(ownPid),
          gatewayFolder_(std::move(gatewayFolder)) {}

    /// Null while the holder is not known.
    const SocketEnd* of(std::uint32_t inode);
    /// All that of() has told of, by pid.
    const std::map<int, SocketEnd>& known() const { return known_; }

private:
    SocketEnd describe(int pid, const ProcessTraits& process);

    const SocketOwners& owners_;
    ProcessTable& processes_;
    const ServiceNames& names_;
    const int ownPid_;
    const std::string gatewayFolder_;
    std::map<int, SocketEnd> known_;
};

}  // namespace levee::host
