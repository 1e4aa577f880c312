// SPDX-License-Identifier: Apache-2.0
// global and scrape_configs, in Prometheus' spelling.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"
#include "shared/base/units.h"

namespace levee::config {
namespace {

using namespace std::chrono_literals;

constexpr DurationRange kInterval{100ms, 24h};
constexpr DurationRange kTimeout{10ms, 24h};

/// What Prometheus has and we do not (yet): people bring these from their prometheus.yml.
const std::vector<std::string_view> kGlobalElsewhere{"evaluation_interval",
                                                     "rule_query_offset",
                                                     "query_log_file",
                                                     "scrape_failure_log_file",
                                                     "scrape_protocols",
                                                     "body_size_limit",
                                                     "sample_limit",
                                                     "label_limit",
                                                     "label_name_length_limit",
                                                     "label_value_length_limit",
                                                     "target_limit",
                                                     "keep_dropped_targets",
                                                     "metric_name_validation_scheme",
                                                     "metric_name_escaping_scheme"};
const std::vector<std::string_view> kJobElsewhere{"track_timestamps_staleness",
                                                  "scrape_protocols",
                                                  "scrape_classic_histograms",
                                                  "always_scrape_classic_histograms",
                                                  "convert_classic_histograms_to_nhcb",
                                                  "scrape_native_histograms",
                                                  "native_histogram_bucket_limit",
                                                  "native_histogram_min_bucket_factor",
                                                  "enable_compression",
                                                  "target_limit",
                                                  "keep_dropped_targets",
                                                  "scrape_failure_log_file",
                                                  "metric_name_validation_scheme",
                                                  "metric_name_escaping_scheme",
                                                  "azure_sd_configs",
                                                  "consul_sd_configs",
                                                  "digitalocean_sd_configs",
                                                  "dockerswarm_sd_configs",
                                                  "ec2_sd_configs",
                                                  "eureka_sd_configs",
                                                  "gce_sd_configs",
                                                  "hetzner_sd_configs",
                                                  "ionos_sd_configs",
                                                  "kuma_sd_configs",
                                                  "lightsail_sd_configs",
                                                  "linode_sd_configs",
                                                  "marathon_sd_configs",
                                                  "nerve_sd_configs",
                                                  "nomad_sd_configs",
                                                  "openstack_sd_configs",
                                                  "ovhcloud_sd_configs",
                                                  "puppetdb_sd_configs",
                                                  "scaleway_sd_configs",
                                                  "serverset_sd_configs",
                                                  "stackit_sd_configs",
                                                  "triton_sd_configs",
                                                  "uyuni_sd_configs",
                                                  "vultr_sd_configs"};

/// A timeout that nobody wrote follows a shorter interval; a written one must fit.
void readTiming(FieldReader& fields, Duration& interval, Duration& timeout) {
    fields.duration("scrape_interval", interval, kInterval);
    const YamlNode* written = fields.duration("scrape_timeout", timeout, kTimeout);
    if (timeout <= interval)
        return;
    if (written != nullptr)
        fields.findings().error(
            "conflict",
            fmt::format("{} is {}, longer than the scrape_interval of {}; "
                        "lower it or raise the interval",
                        fields.pathOf("scrape_timeout"), written->text, formatDuration(interval)),
            written->span);
    timeout = interval;
}

void readLimits(FieldReader& fields, ScrapeLimits& limits) {
    fields.bytes("body_size_limit", limits.bodyBytes, {1024, 1024 * 1024 * 1024});
    fields.integer("sample_limit", limits.samples, {1, 10'000'000});
    fields.integer("label_limit", limits.labels, {1, 1000});
    fields.integer("label_name_length_limit", limits.nameBytes, {1, 65'536});
    fields.integer("label_value_length_limit", limits.valueBytes, {1, 65'536});
}

void readMetricsPath(FieldReader& fields, ScrapeJob& job) {
    const YamlNode* node = fields.text("metrics_path", job.metricsPath, {1, 1024});
    const bool isPath = job.metricsPath.starts_with('/') &&
                        std::all_of(job.metricsPath.begin(), job.metricsPath.end(),
                                    [](char c) { return c > ' ' && c < 0x7F; });
    if (node != nullptr && !isPath)
        fields.findings().error("bad-path",
                                fmt::format("{} is '{}'; it must begin with / and have no spaces",
                                            fields.pathOf("metrics_path"), shown(job.metricsPath)),
                                node->span);
}

constexpr std::size_t kMaxParams = 64;

void readParams(FieldReader& fields, ScrapeJob& job) {
    const YamlNode* node = fields.any("params");
    if (node == nullptr || !expectMapping(*node, fields.pathOf("params"), fields.findings()))
        return;
    for (const YamlEntry& entry : node->entries) {
        FieldReader one(*node, fields.pathOf("params"), fields.findings());
        std::vector<std::string>& values = job.params[entry.key];
        one.list(entry.key, [&](const YamlNode& item, const std::string& path) {
            if (const auto text = readText(item, path, {0, 4096}, fields.findings()))
                values.push_back(*text);
        });
    }
    if (node->entries.size() > kMaxParams)
        fields.findings().error(
            "too-many",
            fmt::format("{} has {} parameters; at most {} are sent", fields.pathOf("params"),
                        node->entries.size(), kMaxParams),
            node->span);
}

StaticTargets readStatic(const YamlNode& node, const std::string& path, Findings& findings) {
    StaticTargets group;
    FieldReader fields(node, path, findings);
    group.targets = readTargets(fields, "targets");
    fields.require("targets", "write targets: [\"host:port\"]");
    fields.texts("labels", group.labels, kMaxLabels, targetLabelProblem);
    fields.finish();
    return group;
}

class JobReader {
public:
    JobReader(const ScrapeDefaults& defaults, AgentConfig& config, Findings& findings)
        : defaults_(defaults), config_(config), findings_(findings) {}

    void read(const YamlNode& node, const std::string& path) {
        FieldReader fields(node, path, findings_);
        if (!fields.isSound())
            return;
        ScrapeJob job;
        job.interval = defaults_.interval;
        job.timeout = defaults_.timeout;
        if (const YamlNode* name = fields.text("job_name", job.name, {1, 128}))
            claim(job.name, name->span);
        fields.require("job_name", "give the job a name that is unique in this file");
        readTiming(fields, job.interval, job.timeout);
        readMetricsPath(fields, job);
        fields.word("scheme", job.scheme, {"http", "https"});
        fields.word("fallback_scrape_protocol", job.fallbackProtocol,
                    {"PrometheusText0.0.4", "PrometheusText1.0.0", "OpenMetricsText0.0.1",
                     "OpenMetricsText1.0.0"});
        readParams(fields, job);
        fields.boolean("honor_labels", job.honorLabels);
        fields.boolean("honor_timestamps", job.honorTimestamps);
        readHttpClient(fields, defaults_.directory, job.client);
        readRelabel(fields, "relabel_configs", job.relabel);
        readRelabel(fields, "metric_relabel_configs", job.metricRelabel);
        readLimits(fields, job.limits);
        fields.list("static_configs", [&](const YamlNode& item, const std::string& itemPath) {
            job.statics.push_back(readStatic(item, itemPath, findings_));
        });
        readDiscoveries(fields, defaults_.directory, job.discoveries);
        discoveries_ += job.discoveries.size();
        if (discoveries_ > kMaxDiscoveries)
            findings_.error("too-many",
                            fmt::format("{} is past the {} discoveries that one agent can run; put "
                                        "more names, files or URLs into fewer",
                                        path, kMaxDiscoveries),
                            node.span);
        fields.unsupported(kJobElsewhere);
        fields.finish();
        config_.scrapeJobs.push_back(std::move(job));
    }

private:
    void claim(const std::string& name, YamlSpan span) {
        const auto [first, isNew] = names_.emplace(name, span);
        if (!isNew)
            findings_.error("duplicate-job",
                            fmt::format("job_name '{}' is already given at {}:{}", shown(name),
                                        first->second.line, first->second.column),
                            span);
    }

    const ScrapeDefaults& defaults_;
    AgentConfig& config_;
    Findings& findings_;
    std::size_t discoveries_ = 0;
    std::map<std::string, YamlSpan> names_;
};

}  // namespace

ScrapeDefaults readGlobal(FieldReader& fields, AgentConfig& config) {
    ScrapeDefaults defaults;
    fields.mapping("global", [&](FieldReader& global) {
        readTiming(global, defaults.interval, defaults.timeout);
        global.texts("external_labels", config.externalLabels, kMaxLabels, labelProblem);
        global.unsupported(kGlobalElsewhere);
    });
    return defaults;
}

void readScrapeConfigs(FieldReader& fields, const ScrapeDefaults& defaults, AgentConfig& config) {
    JobReader jobs(defaults, config, fields.findings());
    fields.list("scrape_configs",
                [&](const YamlNode& item, const std::string& path) { jobs.read(item, path); });
}

}  // namespace levee::config
