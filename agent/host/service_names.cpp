// SPDX-License-Identifier: Apache-2.0
#include "agent/host/service_names.h"

#include <algorithm>
#include <array>

#include "agent/config/address.h"
#include "rules/lang/scalar_reader.h"

namespace levee::host {
namespace {

struct KnownProgram {
    std::string_view program;   ///< of the command line, or the kernel's short name
    std::string_view argument;  ///< stands somewhere in the command line; "": anything does
    std::string_view name;      ///< as the semantic conventions of traces call the system
    NodeKind kind;
};
constexpr std::array kKnown{KnownProgram{"redis-server", "", "redis", NodeKind::Cache},
                            KnownProgram{"valkey-server", "", "valkey", NodeKind::Cache},
                            KnownProgram{"memcached", "", "memcached", NodeKind::Cache},
                            KnownProgram{"postgres", "", "postgresql", NodeKind::Database},
                            KnownProgram{"mysqld", "", "mysql", NodeKind::Database},
                            KnownProgram{"mariadbd", "", "mariadb", NodeKind::Database},
                            KnownProgram{"mongod", "", "mongodb", NodeKind::Database},
                            KnownProgram{"clickhouse-server", "", "clickhouse", NodeKind::Database},
                            KnownProgram{"beam.smp", "rabbit", "rabbitmq", NodeKind::Queue},
                            KnownProgram{"java", "kafka.Kafka", "kafka", NodeKind::Queue},
                            KnownProgram{"Kafka", "kafka.Kafka", "kafka", NodeKind::Queue},
                            KnownProgram{"nats-server", "", "nats", NodeKind::Queue}};

const KnownProgram* knownProgram(const ProcessTraits& process) {
    const auto found = std::ranges::find_if(kKnown, [&](const KnownProgram& known) {
        return (process.program == known.program || process.command == known.program) &&
               process.arguments.find(known.argument) != std::string::npos;
    });
    return found != kKnown.end() ? &*found : nullptr;
}

/// Programs and units may be called what a service may not.
std::string asName(std::string_view text) {
    std::string name(text.substr(0, 128));
    for (char& c : name) {
        if (!isName(std::string_view(&c, 1)))
            c = '-';
    }
    return name;
}

std::optional<SocketAddress> numeric(const std::string& text) {
    const Result<Address> address = parseAddress(text);
    return address ? SocketAddress::of(address->host, address->port) : std::nullopt;
}

NodeKind kindNamed(std::string_view word) {
    return word == "database" ? NodeKind::Database
           : word == "cache"  ? NodeKind::Cache
           : word == "queue"  ? NodeKind::Queue
                              : NodeKind::Service;
}

}  // namespace

ServiceNames::ServiceNames(const AgentConfig& config) : ignored_(config.sockets.ignore) {
    for (const ServiceMapping& mapping : config.services) {
        const ServiceName service{mapping.name, kindNamed(mapping.kind)};
        for (const std::string& address : mapping.addresses)
            add(address, service);
        if (!mapping.process.empty())
            programs_.emplace(mapping.process, service);
    }
    for (const ListenerConfig& listener : config.gateway.listeners) {
        const auto bound = numeric(listener.bind);
        if (!bound)
            continue;
        Bind bind{*bound, listener, {}};
        for (const std::string& target : listener.targets) {
            if (const auto address = numeric(target))
                bind.targets.push_back(*address);
        }
        binds_.push_back(std::move(bind));
    }
    for (const ListenerConfig& listener : config.gateway.listeners) {
        for (const std::string& target : listener.targets) {
            const auto address = numeric(target);
            // The next gateway's listener is not the service.
            if (address && listenerAt(*address) == nullptr)
                add(target, {listener.service});
        }
    }
    for (const ScrapeJob& job : config.scrapeJobs) {
        for (const StaticTargets& group : job.statics) {
            const auto label = group.labels.find("service");
            for (const std::string& target : group.targets) {
                if (label != group.labels.end())
                    add(target, {label->second});
            }
        }
    }
}

void ServiceNames::add(const std::string& address, const ServiceName& service) {
    if (const auto number = numeric(address))
        configured_[number->port].push_back({*number, service});
}

void ServiceNames::nameInstance(const std::string& service, const SocketAddress& address) {
    if (traced_.size() >= kMostInstances && !traced_.contains(address))
        traced_.clear();
    traced_[address] = {service};
}

const ServiceName* ServiceNames::at(const SocketAddress& target) const {
    if (const auto port = configured_.find(target.port); port != configured_.end()) {
        for (const Place& place : port->second) {
            if (place.address.ip == target.ip ||
                (place.address.isLoopback() && target.isLoopback()))
                return &place.service;
        }
    }
    const auto traced = traced_.find(target);
    return traced != traced_.end() ? &traced->second : nullptr;
}

const ServiceName* ServiceNames::ofListening(const SocketAddress& bound) const {
    if (!bound.isWildcard())
        return at(bound);
    const auto loopback = SocketAddress::of("127.0.0.1", bound.port);
    return at(*loopback);
}

ServiceName ServiceNames::of(const ProcessTraits& process,
                             const std::vector<SocketAddress>& listening) const {
    const KnownProgram* known = knownProgram(process);
    // Where a port has its name from does not say what is behind it; the program does.
    const auto named = [known](ServiceName service) {
        if (known != nullptr && service.kind == NodeKind::Service)
            service.kind = known->kind;
        return service;
    };
    for (const std::string& program : {process.program, process.command}) {
        if (const auto found = programs_.find(program); found != programs_.end())
            return named(found->second);
    }
    for (const SocketAddress& bound : listening) {
        if (const ServiceName* service = ofListening(bound))
            return named(*service);
    }
    if (known != nullptr)
        return {std::string(known->name), known->kind};
    if (!process.unit.empty())
        return {asName(process.unit)};
    // Who listens serves; who does not may be a person at a shell.
    return {asName(process.program.empty() ? "unknown" : process.program), NodeKind::Service,
            listening.empty()};
}

const ListenerConfig* ServiceNames::listenerAt(const SocketAddress& target) const {
    const auto found =
        std::ranges::find_if(binds_, [&](const Bind& bind) { return accepts(bind.bound, target); });
    return found != binds_.end() ? &found->listener : nullptr;
}

bool ServiceNames::isGateway(const SocketAddress& bound) const {
    return std::ranges::any_of(binds_, [&](const Bind& bind) { return bind.bound == bound; });
}

std::vector<const ListenerConfig*> ServiceNames::listenersTo(const SocketAddress& target) const {
    std::vector<const ListenerConfig*> listeners;
    for (const Bind& bind : binds_) {
        if (bind.listener.direction == Direction::Outbound &&
            std::ranges::find(bind.targets, target) != bind.targets.end())
            listeners.push_back(&bind.listener);
    }
    return listeners;
}

bool ServiceNames::isIgnored(std::string_view program) const {
    return std::ranges::find(ignored_, program) != ignored_.end();
}

}  // namespace levee::host
