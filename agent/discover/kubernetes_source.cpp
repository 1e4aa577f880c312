// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/kubernetes_source.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace levee::discover {
namespace {

using nlohmann::json;
using LabelMap = std::map<std::string, std::string>;

constexpr std::size_t kMaxPageBytes = 16 * 1024 * 1024;
constexpr int kPodsPerPage = 250;
constexpr int kMaxPages = 100;
constexpr std::string_view kPod = "__meta_kubernetes_pod_";

const json& member(const json& object, const char* key) {
    static const json kNothing = json::object();
    const auto found = object.find(key);
    return found != object.end() && !found->is_null() ? *found : kNothing;
}
std::string text(const json& object, const char* key) {
    if (!object.is_object())
        return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void add(LabelMap& labels, std::string_view name, const std::string& value) {
    if (!value.empty())
        labels[std::string(kPod) + std::string(name)] = value;
}

/// Each key's value, and that it is there.
void addAll(LabelMap& labels, const std::string& what, const json& values) {
    if (!values.is_object())
        return;
    for (const auto& [key, value] : values.items()) {
        if (!value.is_string())
            continue;
        const std::string name = sanitizedLabelName(key);
        add(labels, what + '_' + name, value.get<std::string>());
        add(labels, what + "present_" + name, "true");
    }
}

std::string readiness(const json& status) {
    for (const json& condition : member(status, "conditions")) {
        if (text(condition, "type") != "Ready")
            continue;
        std::string value = text(condition, "status");
        std::transform(value.begin(), value.end(), value.begin(), [](char c) {
            return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        });
        return value;
    }
    return "unknown";
}

LabelMap podLabels(const json& pod) {
    const json& metadata = member(pod, "metadata");
    const json& spec = member(pod, "spec");
    const json& status = member(pod, "status");
    LabelMap labels;
    const std::string space = text(metadata, "namespace");
    if (!space.empty())
        labels["__meta_kubernetes_namespace"] = space;
    add(labels, "name", text(metadata, "name"));
    add(labels, "ip", text(status, "podIP"));
    add(labels, "ready", readiness(status));
    add(labels, "phase", text(status, "phase"));
    add(labels, "node_name", text(spec, "nodeName"));
    add(labels, "host_ip", text(status, "hostIP"));
    add(labels, "uid", text(metadata, "uid"));
    for (const json& owner : member(metadata, "ownerReferences")) {
        if (owner.is_object() && owner.value("controller", json(false)) == json(true)) {
            add(labels, "controller_kind", text(owner, "kind"));
            add(labels, "controller_name", text(owner, "name"));
            break;
        }
    }
    addAll(labels, "label", member(metadata, "labels"));
    addAll(labels, "annotation", member(metadata, "annotations"));
    return labels;
}

std::string containerId(const json& statuses, const std::string& name) {
    for (const json& status : statuses) {
        if (text(status, "name") == name)
            return text(status, "containerID");
    }
    return {};
}

void addContainers(const LabelMap& common, const std::string& ip, const json& pod, bool isInit,
                   TargetGroups& groups) {
    const json& statuses =
        member(member(pod, "status"), isInit ? "initContainerStatuses" : "containerStatuses");
    for (const json& container :
         member(member(pod, "spec"), isInit ? "initContainers" : "containers")) {
        LabelMap labels = common;
        const std::string name = text(container, "name");
        add(labels, "container_name", name);
        add(labels, "container_id", containerId(statuses, name));
        add(labels, "container_image", text(container, "image"));
        add(labels, "container_init", isInit ? "true" : "false");
        if (!container.is_object())
            continue;
        const json& ports = member(container, "ports");
        // Without a port the address is the pod's alone; rules add one.
        if (ports.empty())
            groups.push_back({{ip.find(':') == std::string::npos ? ip : '[' + ip + ']'}, labels});
        for (const json& port : ports) {
            const json& number = member(port, "containerPort");
            if (!number.is_number_unsigned())
                continue;
            LabelMap own = labels;
            const std::string digits = std::to_string(number.get<std::uint64_t>());
            add(own, "container_port_number", digits);
            add(own, "container_port_name", text(port, "name"));
            add(own, "container_port_protocol", text(port, "protocol"));
            groups.push_back({{hostPort(ip, digits)}, std::move(own)});
        }
    }
}

std::string escaped(const std::string& value) {
    char* const out = curl_easy_escape(nullptr, value.c_str(), static_cast<int>(value.size()));
    const std::string copy = out != nullptr ? out : "";
    curl_free(out);
    return copy;
}

}  // namespace

Result<std::string> addPods(std::string_view page, TargetGroups& groups) {
    json list;
    try {
        list = json::parse(page);
    } catch (const json::exception&) {
        return Error{"the API server's answer is no JSON", ErrorKind::Invalid};
    }
    if (text(list, "kind") != "PodList")
        return Error{"the API server's answer is no PodList", ErrorKind::Invalid};
    for (const json& pod : member(list, "items")) {
        if (!pod.is_object())
            continue;
        const std::string ip = text(member(pod, "status"), "podIP");
        if (ip.empty())
            continue;  // not started yet, or evicted
        const LabelMap labels = podLabels(pod);
        addContainers(labels, ip, pod, false, groups);
        addContainers(labels, ip, pod, true, groups);
        if (Status counted = checkCount(groups); !counted)
            return counted.error();
    }
    return text(member(list, "metadata"), "continue");
}

KubernetesSource::KubernetesSource(KubernetesDiscovery config, std::string account)
    : config_(std::move(config)), account_(std::move(account)) {
    if (!config_.apiServer.empty())
        return;
    const char* host = std::getenv("KUBERNETES_SERVICE_HOST");
    const char* port = std::getenv("KUBERNETES_SERVICE_PORT");
    if (host == nullptr || port == nullptr)
        return;
    config_.apiServer = "https://" + hostPort(host, port);
    config_.client.authorization = Authorization{"Bearer", Secret(), account_ + "/token"};
    config_.client.tls.caFile = account_ + "/ca.crt";
}

Result<std::vector<std::string>> KubernetesSource::namespaces() const {
    std::vector<std::string> all = config_.namespaces;
    if (config_.ownNamespace) {
        const auto own = readSecretFile(account_ + "/namespace");
        if (!own)
            return own.error();
        all.push_back(own->reveal());
    }
    return all;
}

Status KubernetesSource::list(const std::string& path, int stop, TargetGroups& groups) {
    std::string next;
    for (int pages = 0; pages < kMaxPages; ++pages) {
        HttpCall call;
        call.url = config_.apiServer + path + "?limit=" + std::to_string(kPodsPerPage);
        call.url += next.empty() ? "&resourceVersion=0" : "&continue=" + escaped(next);
        if (!config_.labelSelector.empty())
            call.url += "&labelSelector=" + escaped(config_.labelSelector);
        if (!config_.fieldSelector.empty())
            call.url += "&fieldSelector=" + escaped(config_.fieldSelector);
        call.client = config_.client;
        call.headers = {"Accept: application/json"};
        call.maxBytes = kMaxPageBytes;
        const auto answer = caller_.call(call, stop);
        if (!answer)
            return answer.error();
        if (answer->status != 200)
            return Error{config_.apiServer + path + " answered with status " +
                             std::to_string(answer->status),
                         ErrorKind::Unavailable};
        auto more = addPods(answer->body, groups);
        if (!more)
            return Error{config_.apiServer + ": " + more.error().message, more.error().kind};
        if (more->empty())
            return Status::ok();
        next = *std::move(more);
    }
    return Error{config_.apiServer + " has more than 100 pages of pods; narrow them by selectors",
                 ErrorKind::Exhausted};
}

Result<Found> KubernetesSource::look(int stop) {
    if (config_.apiServer.empty())
        return Error{"there is no api_server, and the agent is in no pod of a cluster",
                     ErrorKind::Invalid};
    const auto spaces = namespaces();
    if (!spaces)
        return spaces.error();
    Found found;
    Status done = spaces->empty() ? list("/api/v1/pods", stop, found.groups) : Status::ok();
    for (const std::string& space : *spaces) {
        if (done)
            done = list("/api/v1/namespaces/" + escaped(space) + "/pods", stop, found.groups);
    }
    if (!done)
        return done.error();
    return found;
}

}  // namespace levee::discover
