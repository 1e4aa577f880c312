// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/exposition_check.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include "agent/collect/go_float.h"
#include "agent/collect/line_places.h"
#include "agent/collect/metric_lint.h"
#include "agent/collect/openmetrics_check.h"
#include "agent/collect/prom_text_parser.h"

namespace levee {
namespace {

/// Walks the entries of one text and keeps what its families have shown so far.
class Checker {
public:
    Checker(std::string_view text, const std::string& file)
        : places_(text, file), parser_(text, ExpositionFormat::PromText, {}, TextRules::Checker) {}

    Diagnostics run() {
        while (errors_.size() < kMaxExpositionErrors) {
            const Entry entry = parser_.next();
            if (entry == Entry::End)
                return errors_.empty() ? lint() : errors_;
            if (entry == Entry::Sample)
                addSample(parser_.sample());
            else if (entry != Entry::Error)
                addMetadata(entry, parser_.metadata());
            else if (addError("exposition-syntax", parser_.error().message(),
                              parser_.error().offset);
                     !parser_.recover())
                return errors_;
        }
        return errors_;
    }

private:
    /// The family of a name: its own, or that of the histogram or summary it is a part of.
    MetricFamily& familyOf(std::string_view name, std::size_t offset) {
        const auto found = byName_.find(name);
        if (found != byName_.end())
            return *found->second;
        for (const auto& [suffix, summaryToo] : {std::pair<std::string_view, bool>{"_count", true},
                                                 {"_sum", true},
                                                 {"_bucket", false}}) {
            if (!name.ends_with(suffix) || name.size() == suffix.size())
                continue;
            const auto base = byName_.find(name.substr(0, name.size() - suffix.size()));
            if (base == byName_.end())
                continue;
            const MetricType type = base->second->effectiveType();
            if (type == MetricType::Histogram || (type == MetricType::Summary && summaryToo))
                return *base->second;
        }
        MetricFamily& family = families_.emplace_back();
        family.name = name;
        family.offset = offset;
        byName_.emplace(family.name, &family);
        return family;
    }

    void addMetadata(Entry entry, const ParsedMetadata& metadata) {
        MetricFamily& family = familyOf(metadata.name, metadata.offset);
        if (metadata.text.empty())
            return;  // "# HELP name": no text given
        if (entry == Entry::Help) {
            if (family.hasHelp)
                addError("repeated-help", "a second HELP line for '" + family.name + "'",
                         metadata.offset);
            family.hasHelp = true;
            return;
        }
        if (family.type)
            addError("repeated-type",
                     family.hasSamples
                         ? "the TYPE of '" + family.name + "' must stand before its samples"
                         : "a second TYPE line for '" + family.name + "'",
                     metadata.offset);
        family.type = metadata.type;
    }

    void addSample(const ParsedSample& sample) {
        MetricFamily& family = familyOf(sample.name, sample.offset);
        family.hasSamples = true;
        if (!family.type)
            family.type = MetricType::Untyped;
        for (const LabelView& label : sample.labels)
            addLabel(family, label, sample.offset);
    }

    void addLabel(MetricFamily& family, const LabelView& label, std::size_t offset) {
        const bool isBound = label.name == "le" && family.type == MetricType::Histogram;
        const bool isQuantile = label.name == "quantile" && family.type == MetricType::Summary;
        double ignored = 0;
        if ((isBound || isQuantile) && !parseGoFloat(label.value, ignored))
            addError("bound-not-a-number",
                     "the label '" + std::string(label.name) + "' of '" + family.name +
                         "' must be a number, found '" + std::string(label.value) + "'",
                     offset);
        family.hasLe |= label.name == "le" && !isBound;
        family.hasQuantile |= label.name == "quantile" && !isQuantile;
        family.hasCamelLabel |= isCamelCase(label.name);
    }

    void addError(std::string code, std::string message, std::size_t offset) {
        errors_.push_back(
            {Severity::Error, std::move(code), std::move(message), places_.at(offset)});
    }

    Diagnostics lint() const {
        Diagnostics found;
        for (const MetricFamily& family : families_) {
            if (!family.hasSamples)
                continue;
            for (LintFinding& finding : lintFamily(family))
                found.push_back({Severity::Warning, std::move(finding.code),
                                 family.name + ": " + finding.message, places_.at(family.offset)});
        }
        return found;
    }

    LinePlaces places_;
    PromTextParser parser_;
    std::deque<MetricFamily> families_;  // a deque: byName_ points into it
    std::unordered_map<std::string_view, MetricFamily*> byName_;
    Diagnostics errors_;
};

}  // namespace

Diagnostics checkExposition(std::string_view text, const std::string& fileName,
                            ExpositionFormat format) {
    return format == ExpositionFormat::OpenMetrics ? checkOpenMetrics(text, fileName)
                                                   : Checker(text, fileName).run();
}

}  // namespace levee
