// SPDX-License-Identifier: Apache-2.0
// How what stands behind a socket is called on the map, so that sockets, traces and the gateway
// name one thing alike. In this order, the first that knows:
//
//   1. agent.yaml `services`: by address, or by the program's name
//   2. a target of a gateway listener: the listener's service; a scrape target with the label
//      `service`: that
//   3. the address that traces give as service.instance.id, when it is one (HOST:PORT)
//   4. well-known databases, caches and queues by their program, called as in traces: redis,
//      postgresql, rabbitmq
//   5. the systemd unit
//   6. the program; the script of an interpreter
//   7. an address of another host: the address itself
//
// Addresses are compared as numbers; names of hosts other than localhost are not looked up.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/host/socket_address.h"
#include "shared/model/topology.h"

namespace levee::host {

/// A name, and how sure it is that it is a service's.
struct ServiceName {
    std::string name;
    NodeKind kind = NodeKind::Service;
    /// Called so only for want of anything better: after its program or its address.
    bool isGuess = false;
};

/// What is known of a process beside its sockets.
struct ProcessTraits {
    int parent = 0;
    std::uint64_t startTicks = 0;
    std::string command;    ///< the kernel's short name
    std::string program;    ///< programOf() its command line, else its command
    std::string arguments;  ///< the command line, words separated by blanks, cut at 4 KiB
    std::string cgroup;     ///< its path, "/" for none of its own
    std::string unit;       ///< unitOf() its cgroup
};

/// Immutable but for nameInstance(). Confined to one thread.
class ServiceNames {
public:
    static constexpr std::size_t kMostInstances = 1'000;

    ServiceNames() = default;
    explicit ServiceNames(const AgentConfig& config);

    /// Traces say that this service's instance is at this address. Forgets all when there are more
    /// than kMostInstances: those that live are told again.
    void nameInstance(const std::string& service, const SocketAddress& address);

    /// 1 to 3, by the address that a client uses; null: not known.
    const ServiceName* at(const SocketAddress& target) const;
    /// The same for a listener of this host; one on all addresses is reached by the loopback one.
    const ServiceName* ofListening(const SocketAddress& bound) const;
    /// 1 to 6, for a process of this host that listens on `listening`. Never empty.
    ServiceName of(const ProcessTraits& process, const std::vector<SocketAddress>& listening) const;

    /// The gateway's listener that gets what is sent to this address of this host, or null.
    const ListenerConfig* listenerAt(const SocketAddress& target) const;
    /// True when one of the gateway's listeners is bound so.
    bool isGateway(const SocketAddress& bound) const;
    /// The outbound listeners that send to this address.
    std::vector<const ListenerConfig*> listenersTo(const SocketAddress& target) const;
    bool isIgnored(std::string_view program) const;

private:
    struct Place {
        SocketAddress address;
        ServiceName service;
    };
    struct Bind {
        SocketAddress bound;
        ListenerConfig listener;
        std::vector<SocketAddress> targets;
    };
    void add(const std::string& address, const ServiceName& service);

    std::map<std::uint16_t, std::vector<Place>> configured_;  ///< by port, the first wins
    std::map<std::string, ServiceName, std::less<>> programs_;
    std::map<SocketAddress, ServiceName> traced_;
    std::vector<Bind> binds_;
    std::vector<std::string> ignored_;
};

}  // namespace levee::host
