// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/keep_filter.h"

#include <algorithm>
#include <functional>

namespace levee {

std::size_t KeepFilter::Hash::operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
}

KeepFilter::KeepFilter() {
    for (const char* pattern :
         {"process_cpu_seconds_total", "process_resident_memory_bytes",
          "nodejs_eventloop_lag_seconds", "http_server_*", "worker_pool_*", "redis_up",
          "redis_connected_clients", "redis_commands_processed_total", "rabbitmq_queue_messages*",
          "node_cpu_seconds_total", "node_load1", "node_memory_MemAvailable_bytes",
          "node_memory_MemTotal_bytes", "haproxy_server_*", "haproxy_backend_*"})
        add(pattern);
}

KeepFilter::KeepFilter(const std::vector<std::string>& patterns) {
    for (const std::string& pattern : patterns)
        add(pattern);
}

void KeepFilter::add(std::string_view pattern) {
    if (pattern.ends_with('*'))
        prefixes_.emplace_back(pattern.substr(0, pattern.size() - 1));
    else
        names_.emplace(pattern);
}

void KeepFilter::add(std::vector<promql::Matcher> matchers) {
    selectors_.push_back(std::move(matchers));
}

bool KeepFilter::keepsAll(std::string_view name) const {
    return names_.find(name) != names_.end() ||
           std::any_of(prefixes_.begin(), prefixes_.end(),
                       [name](const std::string& prefix) { return name.starts_with(prefix); });
}

bool KeepFilter::keeps(std::string_view name) const {
    const auto allowsName = [name](const promql::Matcher& matcher) {
        return matcher.name() != promql::kMetricName || matcher.matches(name);
    };
    return keepsAll(name) ||
           std::any_of(selectors_.begin(), selectors_.end(), [&](const auto& matchers) {
               return std::all_of(matchers.begin(), matchers.end(), allowsName);
           });
}

bool KeepFilter::keeps(const Series& series) const {
    return keepsAll(series.name) ||
           std::any_of(selectors_.begin(), selectors_.end(),
                       [&](const auto& matchers) { return matchAll(matchers, series); });
}

}  // namespace levee
