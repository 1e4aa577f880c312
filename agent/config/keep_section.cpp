// SPDX-License-Identifier: Apache-2.0
// keep: which scraped series are kept, for how long, in how much memory.
#include <fmt/format.h>

#include <algorithm>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"
#include "rules/promql/parser.h"

namespace levee::config {
namespace {

using namespace std::chrono_literals;

bool isMetricPattern(std::string_view text) {
    const std::string_view name = text.ends_with('*') ? text.substr(0, text.size() - 1) : text;
    const bool isName = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == ':';
    });
    return isName && (name.empty() || name.front() < '0' || name.front() > '9');
}

void readMetric(const YamlNode& node, const std::string& path, KeepConfig& config,
                Findings& findings) {
    const auto pattern = readText(node, path, {1, 256}, findings);
    if (!pattern)
        return;
    if (isMetricPattern(*pattern))
        config.metrics.push_back(*pattern);
    else
        findings.error("bad-name",
                       fmt::format("{} is '{}'; it must be a metric's name, or the beginning of "
                                   "names and a *, such as haproxy_server_*",
                                   path, shown(*pattern)),
                       node.span);
}

/// A mistake stands at the expression, its place inside of it in the message.
void readExpression(const YamlNode& node, const std::string& path, KeepConfig& config,
                    Findings& findings) {
    const auto text = readText(node, path, {1, promql::kMaxExpressionBytes}, findings);
    if (!text)
        return;
    const promql::ParsedExpression parsed = promql::parseExpression(*text);
    for (const Diagnostic& found : parsed.diagnostics)
        findings.error("bad-expression",
                       fmt::format("{}, {}:{} in the expression: {}", path, found.place.line,
                                   found.place.column, found.message),
                       node.span);
    if (parsed.expression != nullptr)
        config.expressions.push_back(*text);
}

}  // namespace

void readKeep(FieldReader& keep, KeepConfig& config) {
    keep.list("metrics", [&](const YamlNode& item, const std::string& path) {
        readMetric(item, path, config, keep.findings());
    });
    keep.list("expressions", [&](const YamlNode& item, const std::string& path) {
        readExpression(item, path, config, keep.findings());
    });
    keep.duration("history", config.history, {5min, 24h});
    keep.bytes("memory", config.memoryBytes, {1024 * 1024, 4ULL * 1024 * 1024 * 1024});
}

}  // namespace levee::config
