// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/docker_source.h"

#include <curl/curl.h>

#include <nlohmann/json.hpp>

namespace levee::discover {
namespace {

using nlohmann::json;
using LabelMap = std::map<std::string, std::string>;

constexpr std::size_t kMaxAnswerBytes = 16 * 1024 * 1024;
constexpr std::string_view kPrefix = "__meta_docker_";

/// A member as text, "" where there is none or it is of another kind.
std::string text(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::string boolean(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>() ? "true" : "false";
}
unsigned port(const json& object, const char* key) {
    const auto found = object.find(key);
    const bool isPort = found != object.end() && found->is_number_unsigned() &&
                        found->get<std::uint64_t>() <= 65'535;
    return isPort ? found->get<unsigned>() : 0;
}
const json& member(const json& object, const char* key) {
    static const json kNothing = json::object();
    const auto found = object.find(key);
    return found != object.end() && !found->is_null() ? *found : kNothing;
}

void add(LabelMap& labels, const std::string& name, const std::string& value) {
    if (!value.empty())
        labels[std::string(kPrefix) + name] = value;
}

void addAll(LabelMap& labels, const std::string& prefix, const json& values) {
    if (!values.is_object())
        return;
    for (const auto& [key, value] : values.items()) {
        if (value.is_string())
            add(labels, prefix + sanitizedLabelName(key), value.get<std::string>());
    }
}

std::map<std::string, LabelMap> networkLabels(const json& networks) {
    std::map<std::string, LabelMap> byId;
    for (const json& network : networks) {
        if (!network.is_object())
            continue;
        LabelMap labels;
        add(labels, "network_id", text(network, "Id"));
        add(labels, "network_name", text(network, "Name"));
        add(labels, "network_scope", text(network, "Scope"));
        add(labels, "network_internal", boolean(network, "Internal"));
        add(labels, "network_ingress", boolean(network, "Ingress"));
        addAll(labels, "network_label_", member(network, "Labels"));
        byId[text(network, "Id")] = std::move(labels);
    }
    return byId;
}

/// One container's targets.
class Container {
public:
    Container(const json& container, const std::map<std::string, LabelMap>& networks,
              const DockerDiscovery& config)
        : container_(container), networks_(networks), config_(config) {}

    void addTo(TargetGroups& groups) {
        const json& names = member(container_, "Names");
        if (!names.is_array() || names.empty() || !names[0].is_string())
            return;
        mode_ = text(member(container_, "HostConfig"), "NetworkMode");
        add(common_, "container_id", text(container_, "Id"));
        add(common_, "container_name", names[0].get<std::string>());
        add(common_, "container_network_mode", mode_);
        addAll(common_, "container_label_", member(container_, "Labels"));
        const json& networks = member(member(container_, "NetworkSettings"), "Networks");
        if (!networks.is_object())
            return;
        for (const auto& [name, network] : networks.items()) {
            if (network.is_object())
                addNetwork(network, groups);
        }
    }

private:
    void addNetwork(const json& network, TargetGroups& groups) const {
        const std::string ip = text(network, "IPAddress");
        LabelMap labels = common_;
        const auto known = networks_.find(text(network, "NetworkID"));
        if (known != networks_.end())
            labels.insert(known->second.begin(), known->second.end());
        add(labels, "network_ip", ip);
        bool isAdded = false;
        const json& ports = member(container_, "Ports");
        for (const json& one : ports) {
            if (!one.is_object() || text(one, "Type") != "tcp")
                continue;
            const std::string number = std::to_string(port(one, "PrivatePort"));
            LabelMap own = labels;
            add(own, "port_private", number);
            if (port(one, "PublicPort") > 0) {
                add(own, "port_public", std::to_string(port(one, "PublicPort")));
                add(own, "port_public_ip", text(one, "IP"));
            }
            groups.push_back({{hostPort(ip, number)}, std::move(own)});
            isAdded = true;
        }
        // On the host's network a container has no ports of its own.
        if (!isAdded)
            groups.push_back({{mode_ == "host" ? config_.hostNetworkingHost
                                               : hostPort(ip, std::to_string(config_.port))},
                              std::move(labels)});
    }

    const json& container_;
    const std::map<std::string, LabelMap>& networks_;
    const DockerDiscovery& config_;
    std::string mode_;
    LabelMap common_;
};

std::string escapedFilters(const std::map<std::string, std::vector<std::string>>& filters) {
    const std::string text = json(filters).dump();
    char* const escaped = curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size()));
    const std::string copy = escaped != nullptr ? escaped : "";
    curl_free(escaped);
    return copy;
}

}  // namespace

Result<TargetGroups> dockerTargets(std::string_view containers, std::string_view networks,
                                   const DockerDiscovery& config) {
    json all;
    json nets;
    try {
        all = json::parse(containers);
        nets = json::parse(networks);
    } catch (const json::exception&) {
        return Error{"the daemon's answer is no JSON", ErrorKind::Invalid};
    }
    if (!all.is_array() || !nets.is_array())
        return Error{"the daemon's answer is no list", ErrorKind::Invalid};
    const auto byId = networkLabels(nets);
    TargetGroups groups;
    for (const json& container : all) {
        if (container.is_object())
            Container(container, byId, config).addTo(groups);
        if (Status counted = checkCount(groups); !counted)
            return counted.error();
    }
    return groups;
}

DockerSource::DockerSource(DockerDiscovery config) : config_(std::move(config)) {
    constexpr std::string_view kUnix = "unix://";
    constexpr std::string_view kTcp = "tcp://";
    if (config_.host.starts_with(kUnix)) {
        unixSocket_ = config_.host.substr(kUnix.size());
        base_ = "http://localhost";
    } else if (config_.host.starts_with(kTcp)) {
        const bool isTls = !(config_.client.tls == TlsConfig{});
        base_ = (isTls ? "https://" : "http://") + config_.host.substr(kTcp.size());
    } else {
        base_ = config_.host;
    }
}

Result<std::string> DockerSource::get(const std::string& path, int stop) {
    HttpCall call;
    call.url = base_ + path;
    call.client = config_.client;
    call.unixSocket = unixSocket_;
    call.maxBytes = kMaxAnswerBytes;
    auto answer = caller_.call(call, stop);
    if (!answer)
        return Error{config_.host + ": " + answer.error().message, answer.error().kind};
    if (answer->status != 200)
        return Error{config_.host + " answered with status " + std::to_string(answer->status),
                     ErrorKind::Unavailable};
    return std::move(answer->body);
}

Result<Found> DockerSource::look(int stop) {
    const std::string filters =
        config_.filters.empty() ? "" : "?filters=" + escapedFilters(config_.filters);
    const auto containers = get("/containers/json" + filters, stop);
    if (!containers)
        return containers.error();
    const auto networks = get("/networks", stop);
    if (!networks)
        return networks.error();
    auto groups = dockerTargets(*containers, *networks, config_);
    if (!groups)
        return Error{config_.host + ": " + groups.error().message, groups.error().kind};
    return Found{*std::move(groups), {}};
}

}  // namespace levee::discover
