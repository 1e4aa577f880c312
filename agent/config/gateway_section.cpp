// SPDX-License-Identifier: Apache-2.0
// gateway: the HAProxy that the agent writes the configuration of.
#include <fmt/format.h>

#include <map>

#include "agent/config/config_fields.h"
#include "agent/config/listener_options.h"

namespace levee::config {
namespace {

using namespace std::chrono_literals;

/// HAProxy's sockets lie in this directory, and a socket's path has room for 107 bytes.
constexpr std::size_t kLongestDirectory = 80;

class ListenerReader {
public:
    ListenerReader(GatewayConfig& config, TakenAddresses& taken, Findings& findings)
        : config_(config), taken_(taken), findings_(findings) {}

    void read(const YamlNode& node, const std::string& path) {
        const std::size_t errorsBefore = findings_.errorCount();
        FieldReader fields(node, path, findings_);
        if (!fields.isSound())
            return;
        ListenerConfig listener;
        if (fields.name("client", listener.client) != nullptr)
            listener.direction = Direction::Outbound;
        fields.name("service", listener.service);
        fields.require("service", "name the service that is called");
        const std::optional<Address> bind =
            isAttached() ? std::nullopt : readBind(fields, listener);
        if (isAttached()) {
            fields.name("backend", listener.backend);
            fields.require("backend", "name the backend of the running HAProxy");
        }
        readListenerTargets(fields, listener);
        checkTargets(fields, listener, bind);
        fields.duration("connect_timeout", listener.connectTimeout, {1ms, 1min});
        fields.duration("server_timeout", listener.serverTimeout, {1ms, 1h});
        fields.duration("queue_timeout", listener.queueTimeout, {1ms, 1min});
        fields.duration("tunnel_timeout", listener.tunnelTimeout, {1s, 24h});
        readListenerOptions(fields, listener);
        readShared(fields, listener);
        fields.finish();
        if (findings_.errorCount() == errorsBefore)
            claimSubject(listener, fields);
        config_.listeners.push_back(std::move(listener));
    }

private:
    bool isAttached() const { return config_.mode == GatewayMode::Attached; }

    std::optional<Address> readBind(FieldReader& fields, ListenerConfig& listener) {
        fields.require("bind",
                       "write the address that callers use, for example "
                       "bind: \"127.0.0.1:8100\"");
        const YamlNode* node = fields.any("bind");
        if (node == nullptr)
            return std::nullopt;
        const std::string path = fields.pathOf("bind");
        const auto address = readAddress(*node, path, PortZero::Refused, findings_);
        if (!address)
            return std::nullopt;
        listener.bind = node->text;
        taken_.claim(*address, path, node->span, findings_);
        return address;
    }

    void readShared(FieldReader& fields, ListenerConfig& listener) {
        const YamlNode* node = fields.boolean("shared", listener.isShared);
        if (node != nullptr && listener.direction == Direction::Outbound)
            findings_.error("no-effect",
                            fmt::format("{} is for the limit of a service, and calls have none; "
                                        "write it at the service's own listener, without client",
                                        fields.pathOf("shared")),
                            node->span);
    }

    void checkTargets(FieldReader& fields, const ListenerConfig& listener,
                      const std::optional<Address>& bind) {
        const YamlNode* node = fields.node().find("targets");
        if (node == nullptr || (node->items.empty() && node->kind != YamlNode::Kind::Scalar &&
                                node->kind != YamlNode::Kind::Mapping)) {
            findings_.error(
                "missing",
                fmt::format("{} is {}; name at least one address that requests go to",
                            fields.pathOf("targets"), node == nullptr ? "missing" : "empty"),
                node == nullptr ? fields.node().span : node->span);
            return;
        }
        for (const YamlNode& item : node->items) {
            const Result<Address> target = parseAddress(addressTextOf(item));
            if (bind && target && reaches(*target, *bind))
                findings_.error(
                    "loop",
                    fmt::format("{}: {} is the listener's own address ({}); requests "
                                "would go in a circle",
                                fields.pathOf("targets"), addressTextOf(item), listener.bind),
                    item.span);
        }
    }

    void claimSubject(const ListenerConfig& listener, const FieldReader& fields) {
        const YamlSpan span = fields.node().find("service")->span;
        const auto [first, isNew] = subjects_.emplace(listener.subject(), span);
        if (!isNew)
            findings_.error(
                "duplicate-listener",
                fmt::format("a listener for {} is already given at {}:{}; put all "
                            "targets into one",
                            listener.subject(), first->second.line, first->second.column),
                span);
    }

    GatewayConfig& config_;
    TakenAddresses& taken_;
    Findings& findings_;
    std::map<std::string, YamlSpan> subjects_;
};

}  // namespace

void readGateway(FieldReader& gateway, GatewayConfig& config, TakenAddresses& taken) {
    // `gateway:` with nothing below it is a section whose lines are all comments.
    config.enabled = gateway.node().kind == YamlNode::Kind::Mapping;
    std::string mode = "managed";
    gateway.word("mode", mode, {"managed", "attached"});
    config.mode = mode == "attached" ? GatewayMode::Attached : GatewayMode::Managed;
    readPath(gateway, "socket", config.socket, kLongestDirectory);
    if (config.mode == GatewayMode::Attached)
        gateway.require("socket", "name the runtime socket of the HAProxy, with level admin");
    else if (const YamlNode* socket = gateway.node().find("socket"))
        gateway.findings().warning("no-effect",
                                   "gateway.socket has no effect; write mode: attached to use it",
                                   socket->span);
    readPath(gateway, "haproxy", config.haproxy, kLongestPath);
    readPath(gateway, "directory", config.directory, kLongestDirectory);
    readListen(gateway, "stats_listen", config.statsListen, PortZero::Refused, taken);
    gateway.integer("max_connections", config.maxConnections, {10, 1'000'000});
    gateway.boolean("pin_threads", config.pinThreads);
    config.resolvers = readTargets(gateway, "resolvers");
    gateway.mapping("log", [&](FieldReader& log) {
        log.integer("all_below", config.logAllBelow, {1'000, 1'000'000'000});
        if (config.mode == GatewayMode::Attached)
            log.findings().warning("no-effect",
                                   "gateway.log has no effect in mode attached: an HAProxy that is "
                                   "not Levee's own logs every request",
                                   log.node().span);
    });
    ListenerReader listeners(config, taken, gateway.findings());
    gateway.list("listeners", [&](const YamlNode& item, const std::string& path) {
        listeners.read(item, path);
    });
    for (ListenerConfig& listener : config.listeners)
        listener.logAllBelow = config.logAllBelow;
    if (config.enabled && config.listeners.empty())
        gateway.findings().warning("no-effect",
                                   "gateway has no listeners, so it guards nothing; add "
                                   "listeners or remove the section",
                                   gateway.node().span);
}

}  // namespace levee::config
