// SPDX-License-Identifier: Apache-2.0
// host, sockets and services: what the agent looks at by itself, and how it calls what it finds.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"

namespace levee::config {
namespace {

using namespace std::chrono_literals;

// More often tells nothing new of the host; more seldom, and the map shows who is gone.
constexpr DurationRange kInterval{100ms, 10s};
constexpr std::size_t kMostIgnored = 64;
constexpr std::size_t kLongestProgram = 128;
constexpr std::size_t kLongestOwner = 64;

ServiceMapping readMapping(const YamlNode& node, const std::string& path, Findings& findings) {
    ServiceMapping mapping;
    FieldReader fields(node, path, findings);
    fields.name("name", mapping.name);
    fields.require("name", "write how the map is to call it");
    fields.word("kind", mapping.kind, {"service", "database", "cache", "queue"});
    mapping.addresses = readTargets(fields, "addresses");
    fields.text("process", mapping.process, {1, kLongestProgram});
    fields.text("namespace", mapping.nameSpace, {1, kLongestOwner});
    fields.text("team", mapping.team, {1, kLongestOwner});
    fields.finish();
    const std::initializer_list<const char*> said{"addresses", "process", "namespace", "team"};
    if (fields.isSound() && std::ranges::none_of(said, [&](auto key) { return fields.has(key); }))
        findings.error("missing",
                       fmt::format("{} says nothing of the service; write at least one of "
                                   "addresses: [\"127.0.0.1:8100\"], process: payment-server, "
                                   "namespace: shop, team: payments",
                                   path),
                       node.span);
    return mapping;
}

}  // namespace

void readHost(FieldReader& fields, AgentConfig& config) {
    // `host: web-3` was all there was to say.
    const YamlNode* node = fields.node().find("host");
    if (node == nullptr || node->kind != YamlNode::Kind::Mapping) {
        fields.name("host", config.host);
        return;
    }
    fields.mapping("host", [&](FieldReader& host) {
        host.name("name", config.host);
        host.boolean("enabled", config.hostMetrics.enabled);
        host.duration("interval", config.hostMetrics.interval, kInterval);
    });
}

void readSockets(FieldReader& fields, SocketsConfig& sockets) {
    fields.boolean("enabled", sockets.enabled);
    fields.duration("interval", sockets.interval, kInterval);
    fields.integer("max_sockets", sockets.maxSockets, {100, 1'000'000});
    fields.integer("max_peers", sockets.maxPeers, {1, 2'000});
    std::vector<std::string> ignored;
    const YamlNode* list =
        fields.list("ignore", [&](const YamlNode& item, const std::string& path) {
            if (const auto program = readText(item, path, {1, kLongestProgram}, fields.findings()))
                ignored.push_back(*program);
        });
    if (list == nullptr)
        return;
    if (ignored.size() > kMostIgnored)
        fields.findings().error("too-many",
                                fmt::format("{} has {} programs; at most {} are read",
                                            fields.pathOf("ignore"), ignored.size(), kMostIgnored),
                                list->span);
    else
        sockets.ignore = std::move(ignored);
}

void readServices(FieldReader& fields, AgentConfig& config) {
    std::map<std::string, std::string> owners;  // address or program -> service
    std::set<std::string> names;
    fields.list("services", [&](const YamlNode& item, const std::string& path) {
        ServiceMapping mapping = readMapping(item, path, fields.findings());
        std::vector<std::string> keys = mapping.addresses;
        if (!mapping.process.empty())
            keys.push_back(mapping.process);
        if (!mapping.name.empty() && !names.insert(mapping.name).second)
            fields.findings().error("duplicate",
                                    fmt::format("{}: service {} is given already; put all its "
                                                "addresses into one entry",
                                                path, mapping.name),
                                    item.span);
        for (const std::string& key : keys) {
            const auto [owner, isNew] = owners.emplace(key, mapping.name);
            if (!isNew)
                fields.findings().error("duplicate",
                                        fmt::format("{}: '{}' is already given to service {}; it "
                                                    "can belong to one only",
                                                    path, shown(key), owner->second),
                                        item.span);
        }
        config.services.push_back(std::move(mapping));
    });
}

}  // namespace levee::config
