// SPDX-License-Identifier: Apache-2.0
// The agent's configuration as plain values: what agent.yaml says, with every default in its
// initialiser. Made by config_loader.h, immutable afterwards. Times are durations, sizes bytes,
// addresses "host:port".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/config/discovery_config.h"
#include "agent/config/http_client_config.h"
#include "agent/config/relabel_config.h"
#include "agent/config/remote_write_config.h"
#include "rules/lang/pack.h"
#include "shared/base/time.h"

namespace levee {

/// Bounds on what one scrape may bring; one past the bound fails the whole scrape (as Prometheus
/// does).
struct ScrapeLimits {
    std::uint64_t bodyBytes = 16 * 1024 * 1024;  ///< after decompression
    std::uint32_t samples = 20'000;
    std::uint32_t labels = 64;
    std::uint32_t nameBytes = 256;
    std::uint32_t valueBytes = 4096;

    bool operator==(const ScrapeLimits&) const = default;
};

/// One entry of static_configs: addresses that share labels.
struct StaticTargets {
    std::vector<std::string> targets;
    std::map<std::string, std::string> labels;

    bool operator==(const StaticTargets&) const = default;
};

/// One job of scrape_configs, in Prometheus' spelling.
struct ScrapeJob {
    std::string name;  ///< job_name, unique
    Duration interval = std::chrono::seconds(1);
    Duration timeout = std::chrono::seconds(1);  ///< at most the interval
    std::string scheme = "http";
    std::string metricsPath = "/metrics";
    std::string fallbackProtocol;  ///< fallback_scrape_protocol; "": an unknown type fails
    std::map<std::string, std::vector<std::string>> params;  ///< of the URL
    bool honorLabels = false;     ///< what a sample says of itself wins over the target's labels
    bool honorTimestamps = true;  ///< forward the times that targets write, not our own
    HttpClientConfig client;
    std::vector<StaticTargets> statics;
    std::vector<DiscoveryConfig> discoveries;
    std::vector<RelabelRule> relabel;        ///< of targets, before they are scraped
    std::vector<RelabelRule> metricRelabel;  ///< of series, before they are kept
    ScrapeLimits limits;

    bool operator==(const ScrapeJob&) const = default;
};

/// Which side of the call a listener stands on.
enum class Direction {
    Inbound,   ///< in front of a local service: its concurrency limit
    Outbound,  ///< used by a local caller of a remote service: the edge's breaker
};

/// How requests are shared out among the targets. All heed weights, health and ejection.
enum class Balance {
    Auto,  ///< LeastConnections inbound, Random outbound
    RoundRobin,
    LeastConnections,
    Random,  ///< two at random, the less loaded one of them
    Source,  ///< the same caller's address to the same target
    Header,  ///< the same value of a header to the same target
};

/// What the targets are spoken to in. Callers of any listener may use HTTP/1.1 and HTTP/2.
enum class Protocol {
    Http1,
    Http2,
    Grpc,  ///< HTTP/2, with refusals and failures in gRPC's own words
};

/// Asking the targets whether they are well, beside what the requests say.
struct HealthCheck {
    bool isEnabled = false;
    std::string path;  ///< GET, 2xx or 3xx is well; "": a connection is enough
    Duration interval = std::chrono::seconds(2);
    std::uint32_t rise = 2;  ///< in a row, to be well again
    std::uint32_t fall = 3;  ///< in a row, to be out

    bool operator==(const HealthCheck&) const = default;
};

/// TLS towards the callers. Off without a certificate.
struct ListenerTls {
    std::string certificate;  ///< PEM file: certificate, chain and key
    std::string clientCa;     ///< PEM file: callers need a certificate of it; "": none is asked for

    bool operator==(const ListenerTls&) const = default;
};

/// TLS towards the targets.
struct TargetTls {
    bool isEnabled = false;
    bool isVerified = true;
    std::string ca = "@system-ca";  ///< PEM file, or the system's
    std::string serverName;         ///< asked for and verified; "": the request's host

    bool operator==(const TargetTls&) const = default;
};

struct ListenerConfig {
    Direction direction = Direction::Inbound;
    std::string client;   ///< outbound: the calling service; inbound: ""
    std::string service;  ///< the service that is called
    std::string bind;     ///< "127.0.0.1:8103"; attached: ""
    std::string backend;  ///< attached: its name in the running HAProxy; managed: ""
    std::vector<std::string>
        targets;  ///< where requests go: the instances, or the remote inbound listeners
    /// Of the targets, in their order, 1 to 256; empty: all alike.
    std::vector<std::uint32_t> weights;
    Balance balance = Balance::Auto;
    std::string balanceHeader;  ///< of Balance::Header
    Protocol protocol = Protocol::Http1;
    ListenerTls tls;
    TargetTls targetTls;
    HealthCheck check;
    Duration connectTimeout = std::chrono::milliseconds(500);
    Duration serverTimeout = std::chrono::seconds(5);
    Duration queueTimeout = std::chrono::milliseconds(250);
    Duration tunnelTimeout = std::chrono::hours(1);  ///< silence on an upgraded connection
    /// Inbound: other hosts limit the same targets, see LimitLoop::isShared.
    bool isShared = false;
    /// GatewayConfig::logAllBelow.
    std::uint32_t logAllBelow = 5'000;

    /// "payment" inbound, "checkout->payment" outbound: the guard's subject.
    std::string subject() const {
        return direction == Direction::Inbound ? service : client + "->" + service;
    }

    bool operator==(const ListenerConfig&) const = default;
};

/// Whose HAProxy the gateway is.
enum class GatewayMode {
    Managed,   ///< the agent's own: it writes its configuration, starts and reloads it
    Attached,  ///< somebody else's, steered by its runtime socket
};

struct GatewayConfig {
    GatewayMode mode = GatewayMode::Managed;
    std::string socket;    ///< attached: its runtime socket, level admin
    bool enabled = false;  ///< true when agent.yaml has a gateway section
    std::string haproxy = "/usr/sbin/haproxy";
    std::string
        directory;  ///< for the generated configuration, maps, sockets; default: state_dir/gateway
    std::string statsListen;  ///< promex and the stats page; "" for none
    std::uint32_t maxConnections = 10'000;
    /// Requests per second of a listener up to which each is logged; above, one of so many good
    /// ones, see agent/control/log_sampling.h. Of a managed gateway.
    std::uint32_t logAllBelow = 5'000;
    /// Each of HAProxy's threads stays on a core of its own.
    bool pinThreads = true;
    /// The cores for that, rising; not of agent.yaml, the agent knows them. Below two: nothing to
    /// pin.
    std::vector<int> cores;
    /// DNS servers that targets with names are looked up at while HAProxy runs; empty: those of
    /// /etc/resolv.conf.
    std::vector<std::string> resolvers;
    std::vector<ListenerConfig> listeners;
};

struct OtlpConfig {
    std::string grpcListen = "127.0.0.1:4317";       ///< "" turns it off
    std::string httpListen = "127.0.0.1:4318";       ///< "" turns it off
    std::uint64_t httpBodyBytes = 20 * 1024 * 1024;  ///< after decompression
    std::uint64_t grpcMessageBytes = 4 * 1024 * 1024;
    Duration pairingTtl = std::chrono::seconds(10);
    std::uint32_t pairingSpans = 100'000;  ///< halves waiting for the other half
    /// The share of traces that senders keep, for those that do not say so in tracestate.
    double sampledShare = 1;
    bool collapseProxies = false;  ///< leave out hops from a service to its own proxy
};

struct IngestConfig {
    OtlpConfig otlp;
    std::string zipkinListen;                        ///< "" turns it off
    std::uint64_t exemplarBytes = 16 * 1024 * 1024;  ///< for slow and failed traces
    Duration exemplarsKeptFor = std::chrono::minutes(10);
};

/// What is kept of the scrapes, for expressions, beside what the shipped views read.
struct KeepConfig {
    std::vector<std::string> metrics;      ///< names, and prefixes as haproxy_server_*
    std::vector<std::string> expressions;  ///< PromQL: keeps what they read, for as far back
    Duration history = std::chrono::minutes(10);
    std::uint64_t memoryBytes = 32 * 1024 * 1024;
};

/// Reading /proc and /sys for the host's own condition and that of the services' processes.
struct HostConfig {
    bool enabled = true;
    Duration interval = std::chrono::seconds(1);

    bool operator==(const HostConfig&) const = default;
};

/// Asking the kernel who is connected to whom.
struct SocketsConfig {
    bool enabled = true;
    Duration interval = std::chrono::seconds(1);
    std::uint32_t maxSockets = 10'000;                ///< looked at each time
    std::uint32_t maxPeers = 256;                     ///< addresses of other hosts on the map
    std::vector<std::string> ignore{"sshd", "epmd"};  ///< programs that are no services

    bool operator==(const SocketsConfig&) const = default;
};

/// What a service is called whose sockets alone are seen, and to whom it belongs.
struct ServiceMapping {
    std::string name;
    std::string kind = "service";        ///< service, database, cache, queue
    std::vector<std::string> addresses;  ///< where it listens, here or on another host
    std::string process;                 ///< its program's name on this host, or ""
    std::string nameSpace = {};          ///< "": as its traces say
    std::string team = {};               ///< the same

    bool operator==(const ServiceMapping&) const = default;
};

/// What people may hold by hand over the rules, and for how long.
struct OverrideConfig {
    Duration defaultTtl = std::chrono::minutes(30);  ///< 1 s to maxTtl
    Duration maxTtl = std::chrono::hours(24);        ///< 1 min to 24 h
    /// Services whose overrides, and those of the edges to them, need a second word.
    std::vector<std::string> protectedServices;

    bool operator==(const OverrideConfig&) const = default;
};

/// A pack in use.
struct PackConfig {
    std::string folder;
    SourcePlace place;  ///< where the configuration names it
    Pack pack;          ///< filled by loadConfig()

    bool operator==(const PackConfig& other) const {
        return folder == other.folder && pack == other.pack;
    }
};
inline constexpr std::size_t kMostPacks = 32;

/// A file that the configuration names, and where it does.
struct NamedFile {
    std::string path;  ///< "": none
    SourcePlace place;

    bool isGiven() const { return !path.empty(); }
    bool operator==(const NamedFile& other) const { return path == other.path; }
};

/// Who may use the gRPC API on listen.grpc. Who may open listen.unix may do everything. The files
/// are read when they are used, so that what is rotated needs no reload.
struct ApiConfig {
    NamedFile certFile;  ///< PEM, with its chain; without one the API speaks no TLS
    NamedFile keyFile;
    NamedFile clientCaFile;       ///< PEM: clients need a certificate of these authorities
    NamedFile tokenFile;          ///< clients need this bearer token
    NamedFile readonlyTokenFile;  ///< or this one, and then change nothing

    bool asksForToken() const { return tokenFile.isGiven() || readonlyTokenFile.isGiven(); }
    bool operator==(const ApiConfig&) const = default;
};

struct AgentConfig {
    std::string host;  ///< shown as this agent's name; default: the host's name
    std::string httpListen = "127.0.0.1:7401";
    std::string grpcListen = "127.0.0.1:7400";
    std::string unixListen = "/run/levee/agent.sock";  ///< gRPC as well; "" turns it off
    std::string stateDir = "/var/lib/levee";
    std::vector<std::string> ruleFiles{"/etc/levee/rules.d/*.yaml"};  ///< globs
    std::map<std::string, std::string> externalLabels;
    bool lifecycleApi = false;  ///< POST /-/reload
    ApiConfig api;
    HostConfig hostMetrics;
    SocketsConfig sockets;
    std::vector<ServiceMapping> services;
    IngestConfig ingest;
    GatewayConfig gateway;
    KeepConfig keep;
    std::vector<PackConfig> packs;
    OverrideConfig overrides;
    std::vector<ScrapeJob> scrapeJobs;
    std::vector<RemoteWriteConfig> remoteWrites;
};

}  // namespace levee
