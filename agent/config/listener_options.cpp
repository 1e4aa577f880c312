// SPDX-License-Identifier: Apache-2.0
#include "agent/config/listener_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"
#include "shared/model/guard_texts.h"

namespace levee::config {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHeaderPrefix = "header:";

void readTarget(const YamlNode& item, const std::string& path, ListenerConfig& listener,
                Findings& findings) {
    std::uint32_t weight = 1;
    const YamlNode* address = &item;
    if (item.kind == YamlNode::Kind::Mapping) {
        FieldReader fields(item, path, findings);
        address = fields.any("address");
        fields.require("address", "write host:port");
        fields.integer("weight", weight, {1, 256});
        fields.finish();
    }
    if (address == nullptr || !readAddress(*address, path, PortZero::Refused, findings))
        return;
    if (std::find(listener.targets.begin(), listener.targets.end(), address->text) !=
        listener.targets.end()) {
        findings.warning("duplicate",
                         fmt::format("{}: '{}' stands twice in this list", path, address->text),
                         address->span);
        return;
    }
    listener.targets.push_back(address->text);
    listener.weights.push_back(weight);
}

void readBalance(FieldReader& fields, ListenerConfig& listener) {
    const YamlNode* node = fields.any("balance");
    if (node == nullptr)
        return;
    const std::string path = fields.pathOf("balance");
    if (node->kind == YamlNode::Kind::Scalar && node->text.starts_with(kHeaderPrefix)) {
        listener.balance = Balance::Header;
        listener.balanceHeader = node->text.substr(kHeaderPrefix.size());
        if (!isHeaderName(listener.balanceHeader))
            fields.findings().error(
                "bad-value",
                fmt::format("{}: {} is not the name of a header; write it like header:x-tenant",
                            path, shown(listener.balanceHeader)),
                node->span);
        return;
    }
    static const std::vector<std::pair<std::string_view, Balance>> kWords{
        {"round_robin", Balance::RoundRobin},
        {"least_connections", Balance::LeastConnections},
        {"random", Balance::Random},
        {"source", Balance::Source}};
    std::vector<std::string_view> words;
    for (const auto& [word, balance] : kWords)
        words.push_back(word);
    words.push_back("header:NAME");
    const auto word = readWord(*node, path, words, fields.findings());
    for (const auto& [each, balance] : kWords)
        if (word && *word == each)
            listener.balance = balance;
}

void readProtocol(FieldReader& fields, ListenerConfig& listener) {
    std::string word;
    if (fields.word("protocol", word, {"http1", "http2", "grpc"}) == nullptr)
        return;
    listener.protocol = word == "http1"   ? Protocol::Http1
                        : word == "http2" ? Protocol::Http2
                                          : Protocol::Grpc;
}

void readCheck(FieldReader& fields, HealthCheck& check) {
    const YamlNode* node = fields.mapping("health_check", [&](FieldReader& inside) {
        check.isEnabled = true;
        const YamlNode* path = inside.text("path", check.path, {1, 256});
        if (path != nullptr && (!check.path.starts_with('/') ||
                                check.path.find_first_of(" \t\r\n") != std::string::npos))
            inside.findings().error("bad-path",
                                    fmt::format("{} is {}; it must begin with / and have no spaces",
                                                inside.pathOf("path"), shown(check.path)),
                                    path->span);
        inside.duration("interval", check.interval, {100ms, 10min});
        inside.integer("rise", check.rise, {1, 100});
        inside.integer("fall", check.fall, {1, 100});
    });
    if (node != nullptr)
        check.isEnabled = true;
}

void readTls(FieldReader& fields, ListenerConfig& listener) {
    fields.mapping("tls", [&](FieldReader& tls) {
        readPath(tls, "certificate", listener.tls.certificate, kLongestPath);
        tls.require("certificate", "name a PEM file with the certificate, its chain and its key");
        readPath(tls, "client_ca", listener.tls.clientCa, kLongestPath);
    });
    TargetTls& target = listener.targetTls;
    const YamlNode* node = fields.mapping("target_tls", [&](FieldReader& tls) {
        target.isEnabled = true;
        tls.boolean("verify", target.isVerified);
        std::string ca;
        readPath(tls, "ca", ca, kLongestPath);
        if (!ca.empty())
            target.ca = ca;
        const YamlNode* name = tls.name("server_name", target.serverName);
        if (!ca.empty() && !target.isVerified)
            tls.findings().warning("no-effect",
                                   tls.pathOf("ca") + " has no effect with verify: false",
                                   tls.node().find("ca")->span);
        if (target.isVerified && name == nullptr && !tls.has("server_name"))
            tls.findings().error(
                "missing",
                tls.pathOf("server_name") +
                    " is missing; name what the targets' certificates are for, or write "
                    "verify: false",
                tls.node().span);
    });
    if (node != nullptr)
        target.isEnabled = true;
}

}  // namespace

std::string addressTextOf(const YamlNode& item) {
    if (item.kind != YamlNode::Kind::Mapping)
        return item.text;
    const YamlNode* address = item.find("address");
    return address != nullptr ? address->text : std::string();
}

void readListenerTargets(FieldReader& fields, ListenerConfig& listener) {
    fields.list("targets", [&](const YamlNode& item, const std::string& path) {
        readTarget(item, path, listener, fields.findings());
    });
    if (std::all_of(listener.weights.begin(), listener.weights.end(),
                    [&](std::uint32_t weight) { return weight == listener.weights.front(); }))
        listener.weights.clear();
}

void readListenerOptions(FieldReader& fields, ListenerConfig& listener) {
    readBalance(fields, listener);
    readProtocol(fields, listener);
    readTls(fields, listener);
    readCheck(fields, listener.check);
}

}  // namespace levee::config
