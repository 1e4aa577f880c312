// SPDX-License-Identifier: Apache-2.0
#include "agent/config/config_diff.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/config/config_text.h"
#include "rules/lang/scalar_reader.h"
#include "rules/lang/source_text.h"
#include "shared/base/units.h"

namespace levee {
namespace {

constexpr const char* kNone = "(none)";

std::string text(const std::string& value) {
    return value;
}
std::string text(const NamedFile& file) {
    return file.isGiven() ? file.path : kNone;
}
std::string text(bool value) {
    return value ? "true" : "false";
}
std::string text(std::uint32_t value) {
    return std::to_string(value);
}
std::string text(double share) {
    return fmt::format("{:g}%", share * 100);
}
std::string text(Duration value) {
    return formatDuration(value);
}
std::string text(const std::vector<std::string>& values) {
    std::string list;
    for (const std::string& value : values)
        list += (list.empty() ? "" : ", ") + value;
    return '[' + list + ']';
}
std::string text(const std::map<std::string, std::string>& values) {
    std::string list;
    for (const auto& [key, value] : values)
        list += fmt::format("{}{}: {}", list.empty() ? "" : ", ", key, value);
    return '{' + list + '}';
}
std::string text(const std::vector<StaticTargets>& groups) {
    std::string list;
    for (const StaticTargets& group : groups)
        list += fmt::format("{}{} {}", list.empty() ? "" : ", ", text(group.targets),
                            text(group.labels));
    return list;
}

std::string namesOf(const std::map<std::string, std::string>& values) {
    std::vector<std::string> names;
    for (const auto& [name, value] : values)
        names.push_back(name);
    return text(names);
}

/// Names and formulas, so that a changed formula is seen as well.
std::string namesOf(const Pack& pack) {
    std::vector<std::string> names;
    for (const PackSignal& signal : pack.signalList)
        names.push_back(signal.name + ": " + signal.expression);
    return text(names);
}

std::string orOff(const std::string& address) {
    return address.empty() ? "off" : address;
}

std::string text(const std::vector<std::uint32_t>& values) {
    std::string list;
    for (const std::uint32_t value : values)
        list += (list.empty() ? "" : ", ") + std::to_string(value);
    return '[' + list + ']';
}
std::string text(Protocol value) {
    return value == Protocol::Http1 ? "http1" : value == Protocol::Http2 ? "http2" : "grpc";
}
std::string balanceText(const ListenerConfig& listener) {
    switch (listener.balance) {
        case Balance::Auto:
            return kNone;
        case Balance::RoundRobin:
            return "round_robin";
        case Balance::LeastConnections:
            return "least_connections";
        case Balance::Random:
            return "random";
        case Balance::Source:
            return "source";
        case Balance::Header:
            return "header:" + listener.balanceHeader;
    }
    return {};
}
std::string modeText(const GatewayConfig& config) {
    return config.mode == GatewayMode::Attached ? "attached" : "managed";
}
std::string text(const ListenerTls& tls) {
    if (tls.certificate.empty())
        return kNone;
    return fmt::format("{{certificate: {}, client_ca: {}}}", tls.certificate,
                       tls.clientCa.empty() ? kNone : tls.clientCa);
}
std::string text(const TargetTls& tls) {
    if (!tls.isEnabled)
        return kNone;
    return fmt::format("{{verify: {}, ca: {}, server_name: {}}}", tls.isVerified, tls.ca,
                       tls.serverName.empty() ? kNone : tls.serverName);
}
std::string text(const HealthCheck& check) {
    if (!check.isEnabled)
        return kNone;
    return fmt::format("{{path: {}, interval: {}, rise: {}, fall: {}}}",
                       check.path.empty() ? kNone : check.path, formatDuration(check.interval),
                       check.rise, check.fall);
}

class ConfigDiff {
public:
    std::vector<ConfigChange> take() { return std::move(changes_); }

    void all(const AgentConfig& a, const AgentConfig& b);

private:
    template <typename T>
    void compare(std::string path, const T& before, const T& after, ApplyMode mode) {
        if (!(before == after))
            changes_.push_back({std::move(path), text(before), text(after), mode});
    }
    void bytes(std::string path, std::uint64_t before, std::uint64_t after, ApplyMode mode) {
        compare(std::move(path), formatBytes(before), formatBytes(after), mode);
    }
    void otlp(const OtlpConfig& a, const OtlpConfig& b);
    void gateway(const GatewayConfig& a, const GatewayConfig& b);
    void listener(const std::string& path, const ListenerConfig& a, const ListenerConfig& b);
    void job(const std::string& path, const ScrapeJob& a, const ScrapeJob& b);
    void remoteWrite(const std::string& path, const RemoteWriteConfig& a,
                     const RemoteWriteConfig& b);
    void host(const AgentConfig& a, const AgentConfig& b);

    /// Pairs the elements of two lists by `keyOf`, and names those without a partner by `nameOf`.
    template <typename T, typename KeyOf, typename NameOf, typename Both>
    void paired(const std::string& path, const std::vector<T>& before, const std::vector<T>& after,
                KeyOf keyOf, NameOf nameOf, Both both) {
        const auto in = [&](const std::vector<T>& list, const T& item) {
            return std::find_if(list.begin(), list.end(),
                                [&](const T& other) { return keyOf(other) == keyOf(item); });
        };
        for (const T& item : before) {
            const auto other = in(after, item);
            if (other == after.end())
                changes_.push_back({path + keyOf(item), nameOf(item), kNone, ApplyMode::Live});
            else
                both(path + keyOf(item), item, *other);
        }
        for (const T& item : after) {
            if (in(before, item) == before.end())
                changes_.push_back({path + keyOf(item), kNone, nameOf(item), ApplyMode::Live});
        }
    }

    std::vector<ConfigChange> changes_;
};

void ConfigDiff::otlp(const OtlpConfig& a, const OtlpConfig& b) {
    constexpr auto kMode = ApplyMode::Restart;
    compare("ingest.otlp.grpc", orOff(a.grpcListen), orOff(b.grpcListen), kMode);
    compare("ingest.otlp.http", orOff(a.httpListen), orOff(b.httpListen), kMode);
    bytes("ingest.otlp.max_body", a.httpBodyBytes, b.httpBodyBytes, kMode);
    bytes("ingest.otlp.max_message", a.grpcMessageBytes, b.grpcMessageBytes, kMode);
    compare("ingest.otlp.pairing_ttl", a.pairingTtl, b.pairingTtl, kMode);
    compare("ingest.otlp.pairing_spans", a.pairingSpans, b.pairingSpans, kMode);
    compare("ingest.otlp.sampled_share", a.sampledShare, b.sampledShare, kMode);
    compare("ingest.otlp.collapse_proxies", a.collapseProxies, b.collapseProxies, kMode);
}

void ConfigDiff::listener(const std::string& path, const ListenerConfig& a,
                          const ListenerConfig& b) {
    compare(path + ".bind", a.bind, b.bind, ApplyMode::Live);
    compare(path + ".backend", a.backend, b.backend, ApplyMode::Live);
    compare(path + ".targets", a.targets, b.targets, ApplyMode::Live);
    compare(path + ".connect_timeout", a.connectTimeout, b.connectTimeout, ApplyMode::Live);
    compare(path + ".server_timeout", a.serverTimeout, b.serverTimeout, ApplyMode::Live);
    compare(path + ".queue_timeout", a.queueTimeout, b.queueTimeout, ApplyMode::Live);
    compare(path + ".tunnel_timeout", a.tunnelTimeout, b.tunnelTimeout, ApplyMode::Live);
    compare(path + ".shared", a.isShared, b.isShared, ApplyMode::Restart);
    compare(path + ".weights", a.weights, b.weights, ApplyMode::Live);
    compare(path + ".balance", balanceText(a), balanceText(b), ApplyMode::Live);
    compare(path + ".protocol", a.protocol, b.protocol, ApplyMode::Live);
    compare(path + ".tls", a.tls, b.tls, ApplyMode::Live);
    compare(path + ".target_tls", a.targetTls, b.targetTls, ApplyMode::Live);
    compare(path + ".health_check", a.check, b.check, ApplyMode::Live);
}

void ConfigDiff::gateway(const GatewayConfig& a, const GatewayConfig& b) {
    compare("gateway", a.enabled, b.enabled, ApplyMode::Restart);
    compare("gateway.mode", modeText(a), modeText(b), ApplyMode::Restart);
    compare("gateway.socket", a.socket, b.socket, ApplyMode::Restart);
    compare("gateway.haproxy", a.haproxy, b.haproxy, ApplyMode::Restart);
    compare("gateway.directory", a.directory, b.directory, ApplyMode::Restart);
    compare("gateway.stats_listen", orOff(a.statsListen), orOff(b.statsListen), ApplyMode::Live);
    compare("gateway.max_connections", a.maxConnections, b.maxConnections, ApplyMode::Live);
    compare("gateway.pin_threads", a.pinThreads, b.pinThreads, ApplyMode::Live);
    compare("gateway.log.all_below", a.logAllBelow, b.logAllBelow, ApplyMode::Live);
    compare("gateway.resolvers", a.resolvers, b.resolvers, ApplyMode::Live);
    paired(
        "gateway.listeners.", a.listeners, b.listeners,
        [](const ListenerConfig& l) { return l.subject(); },
        [](const ListenerConfig& l) { return l.bind; },
        [&](const std::string& path, const auto& x, const auto& y) { listener(path, x, y); });
}

void ConfigDiff::job(const std::string& path, const ScrapeJob& a, const ScrapeJob& b) {
    constexpr auto kMode = ApplyMode::Live;
    compare(path + ".scrape_interval", a.interval, b.interval, kMode);
    compare(path + ".scrape_timeout", a.timeout, b.timeout, kMode);
    compare(path + ".scheme", a.scheme, b.scheme, kMode);
    compare(path + ".metrics_path", a.metricsPath, b.metricsPath, kMode);
    compare(path + ".fallback_scrape_protocol", a.fallbackProtocol, b.fallbackProtocol, kMode);
    compare(path + ".params", paramsText(a.params), paramsText(b.params), kMode);
    compare(path + ".honor_labels", a.honorLabels, b.honorLabels, kMode);
    compare(path + ".honor_timestamps", a.honorTimestamps, b.honorTimestamps, kMode);
    compare(path + ".http_client", a.client, b.client, kMode);
    compare(path + ".static_configs", a.statics, b.statics, kMode);
    compare(path + ".discovery", a.discoveries, b.discoveries, kMode);
    compare(path + ".relabel_configs", a.relabel, b.relabel, kMode);
    compare(path + ".metric_relabel_configs", a.metricRelabel, b.metricRelabel, kMode);
    bytes(path + ".body_size_limit", a.limits.bodyBytes, b.limits.bodyBytes, kMode);
    compare(path + ".sample_limit", a.limits.samples, b.limits.samples, kMode);
    compare(path + ".label_limit", a.limits.labels, b.limits.labels, kMode);
    compare(path + ".label_name_length_limit", a.limits.nameBytes, b.limits.nameBytes, kMode);
    compare(path + ".label_value_length_limit", a.limits.valueBytes, b.limits.valueBytes, kMode);
}

void ConfigDiff::remoteWrite(const std::string& path, const RemoteWriteConfig& a,
                             const RemoteWriteConfig& b) {
    constexpr auto kMode = ApplyMode::Live;
    compare(path + ".url", a.url, b.url, kMode);
    compare(path + ".remote_timeout", a.timeout, b.timeout, kMode);
    // Headers may hold keys: only their names show.
    if (a.headers != b.headers)
        changes_.push_back({path + ".headers", namesOf(a.headers), namesOf(b.headers), kMode});
    compare(path + ".http_client", a.client, b.client, kMode);
    compare(path + ".write_relabel_configs", a.relabel, b.relabel, kMode);
    compare(path + ".capacity", a.capacity, b.capacity, kMode);
    compare(path + ".max_samples_per_send", a.samplesPerSend, b.samplesPerSend, kMode);
    compare(path + ".batch_send_deadline", a.deadline, b.deadline, kMode);
    compare(path + ".min_backoff", a.minBackoff, b.minBackoff, kMode);
    compare(path + ".max_backoff", a.maxBackoff, b.maxBackoff, kMode);
}

void ConfigDiff::host(const AgentConfig& a, const AgentConfig& b) {
    constexpr auto kMode = ApplyMode::Live;
    compare("host.enabled", a.hostMetrics.enabled, b.hostMetrics.enabled, kMode);
    compare("host.interval", a.hostMetrics.interval, b.hostMetrics.interval, kMode);
    compare("sockets.enabled", a.sockets.enabled, b.sockets.enabled, kMode);
    compare("sockets.interval", a.sockets.interval, b.sockets.interval, kMode);
    compare("sockets.max_sockets", a.sockets.maxSockets, b.sockets.maxSockets, kMode);
    compare("sockets.max_peers", a.sockets.maxPeers, b.sockets.maxPeers, kMode);
    compare("sockets.ignore", a.sockets.ignore, b.sockets.ignore, kMode);
    paired(
        "services.", a.services, b.services, [](const ServiceMapping& s) { return s.name; },
        [](const ServiceMapping& s) { return text(s.addresses); },
        [&](const std::string& path, const ServiceMapping& x, const ServiceMapping& y) {
            compare(path + ".kind", x.kind, y.kind, kMode);
            compare(path + ".addresses", x.addresses, y.addresses, kMode);
            compare(path + ".process", x.process, y.process, kMode);
            compare(path + ".namespace", x.nameSpace, y.nameSpace, kMode);
            compare(path + ".team", x.team, y.team, kMode);
        });
}

void ConfigDiff::all(const AgentConfig& a, const AgentConfig& b) {
    compare("host", a.host, b.host, ApplyMode::Restart);
    compare("listen.http", orOff(a.httpListen), orOff(b.httpListen), ApplyMode::Restart);
    compare("listen.grpc", orOff(a.grpcListen), orOff(b.grpcListen), ApplyMode::Restart);
    compare("listen.unix", orOff(a.unixListen), orOff(b.unixListen), ApplyMode::Restart);
    compare("state_dir", a.stateDir, b.stateDir, ApplyMode::Restart);
    compare("lifecycle_api", a.lifecycleApi, b.lifecycleApi, ApplyMode::Restart);
    compare("api.tls.cert_file", a.api.certFile, b.api.certFile, ApplyMode::Restart);
    compare("api.tls.key_file", a.api.keyFile, b.api.keyFile, ApplyMode::Restart);
    compare("api.tls.client_ca_file", a.api.clientCaFile, b.api.clientCaFile, ApplyMode::Restart);
    compare("api.token_file", a.api.tokenFile, b.api.tokenFile, ApplyMode::Restart);
    compare("api.readonly_token_file", a.api.readonlyTokenFile, b.api.readonlyTokenFile,
            ApplyMode::Restart);
    compare("global.external_labels", a.externalLabels, b.externalLabels, ApplyMode::Live);
    host(a, b);
    otlp(a.ingest.otlp, b.ingest.otlp);
    compare("ingest.zipkin.http", orOff(a.ingest.zipkinListen), orOff(b.ingest.zipkinListen),
            ApplyMode::Restart);
    bytes("ingest.exemplars.memory", a.ingest.exemplarBytes, b.ingest.exemplarBytes,
          ApplyMode::Restart);
    compare("ingest.exemplars.keep_for", a.ingest.exemplarsKeptFor, b.ingest.exemplarsKeptFor,
            ApplyMode::Restart);
    compare("rule_files", a.ruleFiles, b.ruleFiles, ApplyMode::Live);
    gateway(a.gateway, b.gateway);
    compare("keep.metrics", a.keep.metrics, b.keep.metrics, ApplyMode::Live);
    compare("keep.expressions", a.keep.expressions, b.keep.expressions, ApplyMode::Live);
    compare("keep.history", a.keep.history, b.keep.history, ApplyMode::Live);
    bytes("keep.memory", a.keep.memoryBytes, b.keep.memoryBytes, ApplyMode::Live);
    paired(
        "packs.", a.packs, b.packs, [](const PackConfig& p) { return p.pack.name; },
        [](const PackConfig& p) { return p.folder; },
        [&](const std::string& path, const PackConfig& x, const PackConfig& y) {
            compare(path + ".folder", x.folder, y.folder, ApplyMode::Live);
            compare(path + ".signals", namesOf(x.pack), namesOf(y.pack), ApplyMode::Live);
        });
    compare("override.default_ttl", a.overrides.defaultTtl, b.overrides.defaultTtl,
            ApplyMode::Live);
    compare("override.max_ttl", a.overrides.maxTtl, b.overrides.maxTtl, ApplyMode::Live);
    compare("override.protected", a.overrides.protectedServices, b.overrides.protectedServices,
            ApplyMode::Live);
    paired(
        "scrape_configs.", a.scrapeJobs, b.scrapeJobs, [](const ScrapeJob& j) { return j.name; },
        [](const ScrapeJob& j) { return text(j.statics); },
        [&](const std::string& path, const auto& x, const auto& y) { job(path, x, y); });
    paired(
        "remote_write.", a.remoteWrites, b.remoteWrites,
        [](const RemoteWriteConfig& w) { return w.name; },
        [](const RemoteWriteConfig& w) { return w.url; },
        [&](const std::string& path, const auto& x, const auto& y) { remoteWrite(path, x, y); });
}

}  // namespace

std::vector<ConfigChange> diffConfig(const AgentConfig& before, const AgentConfig& after) {
    ConfigDiff diff;
    diff.all(before, after);
    return diff.take();
}

bool needsRestart(const std::vector<ConfigChange>& changes) {
    return std::any_of(changes.begin(), changes.end(),
                       [](const ConfigChange& c) { return c.mode == ApplyMode::Restart; });
}

std::string format(const ConfigChange& change) {
    return fmt::format("{} {} -> {} ({})", change.path, shown(change.before), shown(change.after),
                       change.mode == ApplyMode::Restart ? "restart" : "live");
}

}  // namespace levee
