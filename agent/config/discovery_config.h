// SPDX-License-Identifier: Apache-2.0
// Where a scrape job's targets come from when the file does not name them: the *_sd_configs, in
// Prometheus' spelling. Values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "agent/config/http_client_config.h"
#include "shared/base/time.h"

namespace levee {

struct FileDiscovery {
    std::vector<std::string> files;  ///< globs, in the last part of the path alone
    Duration refresh = std::chrono::minutes(5);

    bool operator==(const FileDiscovery&) const = default;
};

struct HttpDiscovery {
    std::string url;
    HttpClientConfig client;
    Duration refresh = std::chrono::seconds(60);

    bool operator==(const HttpDiscovery&) const = default;
};

struct DnsDiscovery {
    std::vector<std::string> names;
    std::string type = "SRV";  ///< SRV, MX, NS, A, AAAA
    std::uint16_t port = 0;    ///< for A and AAAA
    Duration refresh = std::chrono::seconds(30);

    bool operator==(const DnsDiscovery&) const = default;
};

struct DockerDiscovery {
    std::string host;         ///< unix:///var/run/docker.sock, tcp://127.0.0.1:2375, http(s)://...
    std::uint16_t port = 80;  ///< of containers that publish none
    std::string hostNetworkingHost = "localhost";
    std::map<std::string, std::vector<std::string>> filters;
    HttpClientConfig client;
    Duration refresh = std::chrono::seconds(60);

    bool operator==(const DockerDiscovery&) const = default;
};

/// Pods alone (role: pod).
struct KubernetesDiscovery {
    std::string apiServer;  ///< "": the one that the agent's own pod belongs to
    bool ownNamespace = false;
    std::vector<std::string> namespaces;  ///< none: all
    std::string labelSelector;
    std::string fieldSelector;
    HttpClientConfig client;
    Duration refresh = std::chrono::seconds(30);

    bool operator==(const KubernetesDiscovery&) const = default;
};

using DiscoveryConfig =
    std::variant<FileDiscovery, HttpDiscovery, DnsDiscovery, DockerDiscovery, KubernetesDiscovery>;

}  // namespace levee
