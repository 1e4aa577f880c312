// SPDX-License-Identifier: Apache-2.0
// Rewrites label sets as Prometheus does: relabel_configs, metric_relabel_configs,
// write_relabel_configs. The answers are those of Prometheus 2.42; where 3.x differs (a `.` that
// matches line ends, UTF-8 names) 2.42 is followed.
//
// Differences: lowercase and uppercase change the letters of ASCII alone, and in the name after a
// `$` every character beyond ASCII counts as a letter.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/collect/series.h"
#include "agent/config/relabel_config.h"
#include "shared/base/result.h"

namespace levee {

/// A label set while rules change it. Confined to one thread.
class LabelBuilder {
public:
    explicit LabelBuilder(Labels labels) : labels_(std::move(labels)) {}

    /// "" for a label that is not there.
    std::string_view get(std::string_view name) const;
    /// An empty value removes the label.
    void set(std::string_view name, std::string value);
    void remove(std::string_view name);

    const Labels& labels() const { return labels_; }
    Labels take() { return std::move(labels_); }  ///< in no order

private:
    std::size_t find(std::string_view name) const;

    Labels labels_;
};

/// Rules, compiled. Immutable; any thread.
class Relabeler {
public:
    /// An Error for a regular expression that does not compile; the configuration has refused that.
    static Result<std::shared_ptr<const Relabeler>> make(std::vector<RelabelRule> rules);
    ~Relabeler();
    Relabeler(const Relabeler&) = delete;
    Relabeler& operator=(const Relabeler&) = delete;

    /// False: a rule drops what has these labels.
    bool apply(LabelBuilder& labels) const;

    bool operator==(const Relabeler& other) const { return rules_ == other.rules_; }

private:
    struct Compiled;
    explicit Relabeler(std::vector<RelabelRule> rules);
    bool apply(const Compiled& rule, LabelBuilder& labels) const;

    std::vector<RelabelRule> rules_;
    std::vector<Compiled> compiled_;
};

/// Letters, digits and _, not beginning with a digit.
bool isLabelName(std::string_view name);

}  // namespace levee
