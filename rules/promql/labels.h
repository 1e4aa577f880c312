// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace levee::promql {

struct Label {
    std::string name;
    std::string value;
    auto operator<=>(const Label&) const = default;
};

/// What identifies a series. Sorted by name, names unique, values not empty; the metric's name is
/// the label `__name__`.
using Labels = std::vector<Label>;

inline constexpr std::string_view kMetricName = "__name__";

/// The value, or "": PromQL makes no difference between an empty label and none.
std::string_view labelValue(const Labels& labels, std::string_view name);
/// Sets a label; the value "" removes it.
void setLabel(Labels& labels, std::string_view name, std::string_view value);
void dropMetricName(Labels& labels);
Labels onlyLabels(const Labels& labels, std::span<const std::string> names);
/// All but those named; the metric's name goes as well.
Labels withoutLabels(const Labels& labels, std::span<const std::string> names);

/// [a-zA-Z_][a-zA-Z0-9_]*
bool isLabelName(std::string_view text);

/// up{job="a"}, as PromQL writes it.
std::string text(const Labels& labels);
/// A Go string literal: "...", with \" \\ \n escaped.
std::string quoted(std::string_view text);

}  // namespace levee::promql
