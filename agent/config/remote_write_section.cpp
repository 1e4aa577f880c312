// SPDX-License-Identifier: Apache-2.0
// remote_write, in Prometheus' spelling.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"
#include "shared/base/units.h"

namespace levee::config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxReceivers = 4;
constexpr std::size_t kMaxHeaders = 32;

/// Headers that say what the request is, or who sends it: not for the configuration.
const std::vector<std::string_view> kOwnHeaders{
    "authorization",    "host",
    "content-encoding", "content-length",
    "content-type",     "user-agent",
    "connection",       "transfer-encoding",
    "expect",           "x-prometheus-remote-write-version"};

std::string headerProblem(const std::string& key, const std::string& value) {
    std::string lowered = key;
    for (char& c : lowered)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    if (std::find(kOwnHeaders.begin(), kOwnHeaders.end(), lowered) != kOwnHeaders.end())
        return "this header is set by the agent; for credentials use basic_auth or authorization";
    const bool isToken = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
    const bool isLine = std::all_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) != 0x7F;
    });
    return isToken && isLine ? "" : "a header is one line, its name letters, digits and -";
}

void readQueue(FieldReader& fields, RemoteWriteConfig& write) {
    fields.integer("capacity", write.capacity, {100, 10'000'000});
    fields.integer("max_samples_per_send", write.samplesPerSend, {1, 100'000});
    fields.duration("batch_send_deadline", write.deadline, {10ms, 10min});
    fields.duration("min_backoff", write.minBackoff, {1ms, 10min});
    fields.duration("max_backoff", write.maxBackoff, {1ms, 10min});
    fields.unsupported({"max_shards", "min_shards", "retry_on_http_429", "sample_age_limit"});
    Findings& findings = fields.findings();
    if (write.samplesPerSend > write.capacity)
        findings.error("conflict",
                       fmt::format("{} is {}, more than the capacity of {}",
                                   fields.pathOf("max_samples_per_send"), write.samplesPerSend,
                                   write.capacity),
                       fields.node().span);
    if (write.minBackoff > write.maxBackoff)
        findings.error(
            "conflict",
            fmt::format("{} is {}, longer than the max_backoff of {}", fields.pathOf("min_backoff"),
                        formatDuration(write.minBackoff), formatDuration(write.maxBackoff)),
            fields.node().span);
}

/// "http://host:9090/api/v1/write" -> "host:9090".
std::string authorityOf(const std::string& url) {
    const std::size_t start = url.find("://");
    const std::string rest = start == std::string::npos ? url : url.substr(start + 3);
    return rest.substr(0, rest.find_first_of("/?"));
}

}  // namespace

void readRemoteWrites(FieldReader& fields, const std::string& directory, AgentConfig& config) {
    std::map<std::string, YamlSpan> names;
    Findings& findings = fields.findings();
    const YamlNode* list =
        fields.list("remote_write", [&](const YamlNode& item, const std::string& path) {
            FieldReader one(item, path, findings);
            if (!one.isSound())
                return;
            RemoteWriteConfig write;
            readUrl(one, "url", write.url);
            write.name = authorityOf(write.url);
            one.text("name", write.name, {1, 128});
            one.duration("remote_timeout", write.timeout, {10ms, 10min});
            one.texts("headers", write.headers, kMaxHeaders, headerProblem);
            readRelabel(one, "write_relabel_configs", write.relabel);
            one.mapping("queue_config", [&](FieldReader& queue) { readQueue(queue, write); });
            readHttpClient(one, directory, write.client);
            one.unsupported({"metadata_config", "send_exemplars", "send_native_histograms",
                             "protobuf_message", "round_robin_dns"});
            one.finish();
            const auto [first, isNew] = names.emplace(write.name, item.span);
            if (!isNew)
                findings.error(
                    "duplicate-name",
                    fmt::format("{}: the name '{}' is already given at {}:{}; give each "
                                "a name of its own",
                                path, shown(write.name), first->second.line, first->second.column),
                    item.span);
            config.remoteWrites.push_back(std::move(write));
        });
    if (list != nullptr && config.remoteWrites.size() > kMaxReceivers)
        findings.error("too-many",
                       fmt::format("remote_write has {} receivers; at most {} are served",
                                   config.remoteWrites.size(), kMaxReceivers),
                       list->span);
}

}  // namespace levee::config
