// SPDX-License-Identifier: Apache-2.0
// The *_sd_configs of a scrape job.
#include <fmt/format.h>

#include <algorithm>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"

namespace levee::config {
namespace {

using namespace std::chrono_literals;

constexpr DurationRange kRefresh{1s, 24h};
constexpr DurationRange kFileRefresh{100ms, 24h};
constexpr std::size_t kMaxNames = 64;

bool isPrintable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

/// Reads each item of a list of `key` as a mapping.
template <typename Read>
void eachSection(FieldReader& fields, std::string_view key, Read read) {
    fields.list(key, [&](const YamlNode& item, const std::string& path) {
        FieldReader one(item, path, fields.findings());
        if (!one.isSound())
            return;
        read(one);
        one.finish();
    });
}

/// Names, of which there must be one at least.
void readNames(FieldReader& fields, std::string_view key, std::size_t longest,
               std::vector<std::string>& out) {
    const YamlNode* list = fields.list(key, [&](const YamlNode& item, const std::string& path) {
        if (const auto text = readText(item, path, {1, longest}, fields.findings()))
            out.push_back(*text);
    });
    if (list != nullptr && (list->items.empty() || list->items.size() > kMaxNames))
        fields.findings().error("out-of-range",
                                fmt::format("{} has {} entries; it must have 1 to {}",
                                            fields.pathOf(key), list->items.size(), kMaxNames),
                                list->span);
}

/// Prometheus' rule: a glob in the last part of the path alone, and a name that says the format.
bool isFilePattern(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    const std::string_view folder = slash == std::string_view::npos ? "" : path.substr(0, slash);
    constexpr std::array<std::string_view, 6> kEnds{".json", ".yml", ".yaml",
                                                    ".JSON", ".YML", ".YAML"};
    return folder.find_first_of("*?[") == std::string_view::npos &&
           std::any_of(kEnds.begin(), kEnds.end(),
                       [path](std::string_view end) { return path.ends_with(end); });
}

FileDiscovery readFileSd(FieldReader& fields, const std::string& directory) {
    FileDiscovery sd;
    const YamlNode* list = fields.list("files", [&](const YamlNode& item, const std::string& path) {
        const auto text = readText(item, path, {1, 4096}, fields.findings());
        if (text && !isFilePattern(*text))
            fields.findings().error(
                "bad-path",
                fmt::format("{} is '{}'; it must end with .json, .yml or .yaml, and may have "
                            "a * in its last part alone",
                            path, shown(*text)),
                item.span);
        else if (text)
            sd.files.push_back(besideConfiguration(directory, *text));
    });
    fields.require("files", "write files: [\"targets/*.json\"]");
    if (list != nullptr && list->items.empty())
        fields.findings().error("out-of-range",
                                fields.pathOf("files") +
                                    " is empty; write at least one, as "
                                    "targets/*.json",
                                list->span);
    fields.duration("refresh_interval", sd.refresh, kFileRefresh);
    return sd;
}

HttpDiscovery readHttpSd(FieldReader& fields, const std::string& directory) {
    HttpDiscovery sd;
    readUrl(fields, "url", sd.url);
    fields.duration("refresh_interval", sd.refresh, kRefresh);
    readHttpClient(fields, directory, sd.client);
    return sd;
}

DnsDiscovery readDnsSd(FieldReader& fields) {
    DnsDiscovery sd;
    readNames(fields, "names", 253, sd.names);
    fields.require("names", "write names: [\"_metrics._tcp.example.org\"]");
    fields.word("type", sd.type, {"SRV", "MX", "NS", "A", "AAAA"});
    const YamlNode* port = fields.integer("port", sd.port, {1, 65'535});
    if (sd.type == "SRV" && port != nullptr)
        fields.findings().warning("unused",
                                  fields.pathOf("port") +
                                      " means nothing to SRV records, which "
                                      "have ports of their own",
                                  port->span);
    else if (sd.type != "SRV")
        fields.require("port", fmt::format("{} records have none", sd.type));
    fields.duration("refresh_interval", sd.refresh, kRefresh);
    return sd;
}

/// [{name: status, values: [running]}]
void readFilters(FieldReader& fields, DockerDiscovery& sd) {
    eachSection(fields, "filters", [&](FieldReader& filter) {
        std::string name;
        std::vector<std::string> values;
        filter.text("name", name, {1, 128});
        filter.require("name", "write {name: status, values: [running]}");
        readNames(filter, "values", 1024, values);
        filter.require("values");
        std::vector<std::string>& all = sd.filters[name];
        all.insert(all.end(), values.begin(), values.end());
    });
}

DockerDiscovery readDockerSd(FieldReader& fields, const std::string& directory) {
    DockerDiscovery sd;
    const YamlNode* node = fields.text("host", sd.host, {1, 1024});
    fields.require("host", "write host: unix:///var/run/docker.sock");
    constexpr std::array<std::string_view, 4> kSchemes{"unix:///", "tcp://", "http://", "https://"};
    const bool isHost = isPrintable(sd.host) && sd.host.find('@') == std::string::npos &&
                        std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
                            return sd.host.starts_with(scheme) && sd.host.size() > scheme.size();
                        });
    if (node != nullptr && !isHost)
        fields.findings().error("bad-address",
                                fmt::format("{} is '{}'; it must be unix:///PATH, tcp://HOST:PORT, "
                                            "http://HOST:PORT or https://HOST:PORT",
                                            fields.pathOf("host"), shown(sd.host)),
                                node->span);
    fields.integer("port", sd.port, {1, 65'535});
    fields.text("host_networking_host", sd.hostNetworkingHost, {1, 253});
    readFilters(fields, sd);
    fields.duration("refresh_interval", sd.refresh, kRefresh);
    fields.unsupported({"match_first_network"});
    readHttpClient(fields, directory, sd.client);
    return sd;
}

void readSelectors(FieldReader& fields, KubernetesDiscovery& sd) {
    eachSection(fields, "selectors", [&](FieldReader& selector) {
        std::string role;
        selector.word("role", role, {"pod"});
        selector.require("role");
        selector.text("label", sd.labelSelector, {1, 1024});
        selector.text("field", sd.fieldSelector, {1, 1024});
    });
}

KubernetesDiscovery readKubernetesSd(FieldReader& fields, const std::string& directory) {
    KubernetesDiscovery sd;
    std::string role;
    fields.word("role", role, {"pod"});
    fields.require("role", "write role: pod, which is the one that there is");
    if (fields.has("api_server")) {
        readUrl(fields, "api_server", sd.apiServer);
        while (sd.apiServer.ends_with('/'))
            sd.apiServer.pop_back();
    }
    fields.mapping("namespaces", [&](FieldReader& f) {
        f.boolean("own_namespace", sd.ownNamespace);
        if (f.has("names"))
            readNames(f, "names", 253, sd.namespaces);
    });
    readSelectors(fields, sd);
    fields.duration("refresh_interval", sd.refresh, kRefresh);
    fields.unsupported({"kubeconfig_file", "attach_metadata"});
    readHttpClient(fields, directory, sd.client);
    const YamlNode* tls = fields.node().find("tls_config");
    if (tls != nullptr && sd.apiServer.empty())
        fields.findings().error("conflict",
                                "tls_config needs an api_server: without one the agent uses its "
                                "own pod's account",
                                tls->span);
    return sd;
}

}  // namespace

void readUrl(FieldReader& fields, std::string_view key, std::string& out) {
    const YamlNode* node = fields.text(key, out, {1, 4096});
    fields.require(key, "write http://HOST:PORT/PATH or https://...");
    if (node == nullptr)
        return;
    const std::size_t start = out.starts_with("http://") ? 7 : out.starts_with("https://") ? 8 : 0;
    const std::string_view rest = std::string_view(out).substr(start);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.find('@') != std::string_view::npos)
        fields.findings().error("bad-url",
                                fields.pathOf(key) +
                                    " has a user or a password in it; use "
                                    "basic_auth, which does not show",
                                node->span);
    else if (start == 0 || authority.empty() || !isPrintable(out) ||
             out.find('#') != std::string::npos)
        fields.findings().error("bad-url",
                                fmt::format("{} is '{}'; it must be http://HOST:PORT/PATH or "
                                            "https://..., without blanks",
                                            fields.pathOf(key), shown(out)),
                                node->span);
}

void readDiscoveries(FieldReader& fields, const std::string& directory,
                     std::vector<DiscoveryConfig>& out) {
    eachSection(fields, "file_sd_configs",
                [&](FieldReader& f) { out.emplace_back(readFileSd(f, directory)); });
    eachSection(fields, "http_sd_configs",
                [&](FieldReader& f) { out.emplace_back(readHttpSd(f, directory)); });
    eachSection(fields, "dns_sd_configs", [&](FieldReader& f) { out.emplace_back(readDnsSd(f)); });
    eachSection(fields, "docker_sd_configs",
                [&](FieldReader& f) { out.emplace_back(readDockerSd(f, directory)); });
    eachSection(fields, "kubernetes_sd_configs",
                [&](FieldReader& f) { out.emplace_back(readKubernetesSd(f, directory)); });
}

}  // namespace levee::config
