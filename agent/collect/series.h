// SPDX-License-Identifier: Apache-2.0
// A scraped series and its values, as they leave this module. Values, immutable once made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/promql/matcher.h"

namespace levee {

struct Label {
    std::string name;
    std::string value;
    bool operator==(const Label&) const = default;
};

/// Sorted by name, names unique, values not empty.
using Labels = std::vector<Label>;

/// The value of a label, or "" (Prometheus makes no difference between empty and absent).
std::string_view labelValue(const Labels& labels, std::string_view name);

/// Name and labels, the target's labels included. Shared by every sample of the series, so that a
/// scrape hands over a pointer and a number instead of strings.
struct Series {
    std::string name;
    Labels labels;
    std::uint64_t hash = 0;  ///< of name and labels

    static std::shared_ptr<const Series> make(std::string name, Labels labels);
    bool operator==(const Series& other) const {
        return hash == other.hash && name == other.name && labels == other.labels;
    }
    std::string text() const;  ///< up{job="a"}
};

/// The series passes all matchers of a selector; its name is the label __name__ there.
bool matchAll(std::span<const promql::Matcher> matchers, const Series& series);
/// The labels as PromQL has them, the name among them.
promql::Labels promqlLabels(const Series& series);

struct Sample {
    std::shared_ptr<const Series> series;
    double value = 0;                             ///< NaN and infinities as exposed
    std::optional<std::int64_t> timestampMillis;  ///< as exposed; no decision reads it
};

}  // namespace levee
