// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/target_source.h"

#include <poll.h>

#include <algorithm>
#include <chrono>

#include "agent/collect/target.h"
#include "agent/discover/dns_source.h"
#include "agent/discover/docker_source.h"
#include "agent/discover/file_source.h"
#include "agent/discover/http_source.h"
#include "agent/discover/kubernetes_source.h"

namespace levee::discover {

void waitForStop(int stop, Duration longest) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(longest).count();
    pollfd wait{stop, POLLIN, 0};
    ::poll(&wait, 1, static_cast<int>(std::clamp<std::int64_t>(ms, 0, 24 * 3600 * 1000)));
}

std::string_view kindOf(const DiscoveryConfig& config) {
    constexpr std::array<std::string_view, 5> kKinds{"file", "http", "dns", "docker", "kubernetes"};
    return kKinds[config.index()];
}

namespace {

struct Maker {
    std::unique_ptr<TargetSource> operator()(const FileDiscovery& c) const {
        return std::make_unique<FileSource>(c);
    }
    std::unique_ptr<TargetSource> operator()(const HttpDiscovery& c) const {
        return std::make_unique<HttpSource>(c);
    }
    std::unique_ptr<TargetSource> operator()(const DnsDiscovery& c) const {
        return std::make_unique<DnsSource>(c);
    }
    std::unique_ptr<TargetSource> operator()(const DockerDiscovery& c) const {
        return std::make_unique<DockerSource>(c);
    }
    std::unique_ptr<TargetSource> operator()(const KubernetesDiscovery& c) const {
        return std::make_unique<KubernetesSource>(c);
    }
};

}  // namespace

std::unique_ptr<TargetSource> makeSource(const DiscoveryConfig& config) {
    return std::visit(Maker{}, config);
}

Status checkCount(const TargetGroups& groups) {
    std::size_t targets = 0;
    for (const StaticTargets& group : groups)
        targets += group.targets.size();
    if (targets > kMaxTargets)
        return Error{std::to_string(targets) + " targets; at most " + std::to_string(kMaxTargets) +
                         " are scraped",
                     ErrorKind::Exhausted};
    return Status::ok();
}

std::string sanitizedLabelName(std::string_view text) {
    std::string name(text);
    std::replace_if(
        name.begin(), name.end(),
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
        },
        '_');
    return name;
}

std::string hostPort(const std::string& host, const std::string& port) {
    return host.find(':') == std::string::npos ? host + ':' + port : '[' + host + "]:" + port;
}

}  // namespace levee::discover
