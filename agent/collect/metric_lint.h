// SPDX-License-Identifier: Apache-2.0
// The naming conventions for metrics, as `promtool check metrics` warns about them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/collect/exposition_parser.h"

namespace levee {

/// One family as an exposition shows it.
struct MetricFamily {
    std::string name;
    std::optional<MetricType> type;  ///< none: neither declared nor sampled yet
    bool hasHelp = false;
    bool hasSamples = false;
    bool hasLe = false;        ///< a label `le` that is no bucket bound
    bool hasQuantile = false;  ///< a label `quantile` that is no summary's
    bool hasCamelLabel = false;
    std::size_t offset = 0;  ///< of its first line

    MetricType effectiveType() const { return type.value_or(MetricType::Untyped); }
};

/// A finding: a stable short code, and a sentence.
struct LintFinding {
    std::string code;
    std::string message;
};

std::vector<LintFinding> lintFamily(const MetricFamily& family);

/// True for "fooBar": a lower-case letter directly before an upper-case one.
bool isCamelCase(std::string_view name);

}  // namespace levee
