// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/series.h"

#include <algorithm>
#include <utility>

#include "shared/base/hash.h"

namespace levee {

std::string_view labelValue(const Labels& labels, std::string_view name) {
    for (const Label& label : labels) {
        if (label.name == name)
            return label.value;
    }
    return {};
}

std::shared_ptr<const Series> Series::make(std::string name, Labels labels) {
    std::sort(labels.begin(), labels.end(),
              [](const Label& a, const Label& b) { return a.name < b.name; });
    auto series = std::make_shared<Series>();
    std::uint64_t hash = stableHash(name);
    for (const Label& label : labels) {
        hash = hash * 0x100000001b3ULL ^ stableHash(label.name);
        hash = hash * 0x100000001b3ULL ^ stableHash(label.value);
    }
    series->name = std::move(name);
    series->labels = std::move(labels);
    series->hash = hash;
    return series;
}

std::string Series::text() const {
    std::string out = name + '{';
    for (const Label& label : labels) {
        if (out.back() != '{')
            out += ',';
        out += label.name + "=\"" + label.value + '"';
    }
    return out + '}';
}

bool matchAll(std::span<const promql::Matcher> matchers, const Series& series) {
    return std::all_of(matchers.begin(), matchers.end(), [&](const promql::Matcher& matcher) {
        return matcher.matches(matcher.name() == promql::kMetricName
                                   ? std::string_view(series.name)
                                   : labelValue(series.labels, matcher.name()));
    });
}

promql::Labels promqlLabels(const Series& series) {
    promql::Labels labels;
    labels.reserve(series.labels.size() + 1);
    for (const Label& label : series.labels)
        labels.push_back({label.name, label.value});
    promql::setLabel(labels, promql::kMetricName, series.name);
    return labels;
}

}  // namespace levee
