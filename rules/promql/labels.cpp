// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/labels.h"

#include <algorithm>

namespace levee::promql {
namespace {

auto place(auto& labels, std::string_view name) {
    return std::lower_bound(
        labels.begin(), labels.end(), name,
        [](const Label& label, std::string_view n) { return label.name.compare(n) < 0; });
}

bool contains(std::span<const std::string> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

std::string_view labelValue(const Labels& labels, std::string_view name) {
    const auto at = place(labels, name);
    return at != labels.end() && at->name == name ? std::string_view(at->value) : "";
}

void setLabel(Labels& labels, std::string_view name, std::string_view value) {
    const auto at = place(labels, name);
    const bool isThere = at != labels.end() && at->name == name;
    if (value.empty()) {
        if (isThere)
            labels.erase(at);
    } else if (isThere) {
        at->value = value;
    } else {
        labels.insert(at, Label{std::string(name), std::string(value)});
    }
}

void dropMetricName(Labels& labels) {
    setLabel(labels, kMetricName, "");
}

Labels onlyLabels(const Labels& labels, std::span<const std::string> names) {
    Labels kept;
    for (const Label& label : labels) {
        if (contains(names, label.name))
            kept.push_back(label);
    }
    return kept;
}

Labels withoutLabels(const Labels& labels, std::span<const std::string> names) {
    Labels kept;
    for (const Label& label : labels) {
        if (label.name != kMetricName && !contains(names, label.name))
            kept.push_back(label);
    }
    return kept;
}

bool isLabelName(std::string_view text) {
    return !text.empty() && isLetter(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return isLetter(c) || (c >= '0' && c <= '9'); });
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return out + '"';
}

std::string text(const Labels& labels) {
    std::string list;
    for (const Label& label : labels) {
        if (label.name != kMetricName)
            list += (list.empty() ? "" : ", ") + label.name + '=' + quoted(label.value);
    }
    const std::string name(labelValue(labels, kMetricName));
    return !name.empty() && list.empty() ? name : name + '{' + list + '}';
}

}  // namespace levee::promql
