// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/openmetrics_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "agent/collect/exposition_check.h"
#include "agent/collect/go_float.h"
#include "agent/collect/line_places.h"
#include "agent/collect/prom_text_parser.h"

namespace levee {
namespace {

constexpr std::size_t kMaxExemplarCodePoints = 128;

/// What a sample is to its family, by the end of its name.
enum class Role { Value, Total, Created, Count, Sum, Bucket, GaugeCount, GaugeSum, Info };

struct Suffix {
    std::string_view text;
    Role role;
};
constexpr Suffix kValue{"", Role::Value}, kTotal{"_total", Role::Total},
    kCreated{"_created", Role::Created}, kCount{"_count", Role::Count}, kSum{"_sum", Role::Sum},
    kBucket{"_bucket", Role::Bucket}, kGaugeCount{"_gcount", Role::GaugeCount},
    kGaugeSum{"_gsum", Role::GaugeSum}, kInfo{"_info", Role::Info};
constexpr Suffix kAllSuffixes[] = {kValue,  kTotal,      kCreated,  kCount, kSum,
                                   kBucket, kGaugeCount, kGaugeSum, kInfo};

std::span<const Suffix> suffixesOf(MetricType type) {
    static constexpr Suffix kOfCounter[] = {kTotal, kCreated};
    static constexpr Suffix kOfSummary[] = {kValue, kCount, kSum, kCreated};
    static constexpr Suffix kOfHistogram[] = {kBucket, kCount, kSum, kCreated};
    static constexpr Suffix kOfGaugeHistogram[] = {kBucket, kGaugeCount, kGaugeSum};
    static constexpr Suffix kOfInfo[] = {kInfo};
    static constexpr Suffix kOfOthers[] = {kValue};
    switch (type) {
        case MetricType::Counter:
            return kOfCounter;
        case MetricType::Summary:
            return kOfSummary;
        case MetricType::Histogram:
            return kOfHistogram;
        case MetricType::GaugeHistogram:
            return kOfGaugeHistogram;
        case MetricType::Info:
            return kOfInfo;
        default:
            return kOfOthers;
    }
}

std::string_view nameOf(MetricType type) {
    switch (type) {
        case MetricType::Counter:
            return "counter";
        case MetricType::Gauge:
            return "gauge";
        case MetricType::Histogram:
            return "histogram";
        case MetricType::Summary:
            return "summary";
        case MetricType::GaugeHistogram:
            return "gaugehistogram";
        case MetricType::Info:
            return "info";
        case MetricType::StateSet:
            return "stateset";
        case MetricType::Untyped:
            break;
    }
    return "unknown";
}

std::optional<Role> roleOf(std::string_view sample, std::string_view family,
                           std::span<const Suffix> suffixes) {
    if (!sample.starts_with(family))
        return std::nullopt;
    for (const Suffix& suffix : suffixes) {
        if (sample.substr(family.size()) == suffix.text)
            return suffix.role;
    }
    return std::nullopt;
}

std::size_t codePoints(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

std::string inQuotes(std::string_view text) {
    return '\'' + std::string(text) + '\'';
}

struct Family {
    std::string name;
    std::optional<MetricType> type;
    std::size_t offset = 0;
    std::size_t unitOffset = 0;
    bool hasHelp = false;
    bool hasUnit = false;
    bool hasSamples = false;
    bool isDamaged = false;  ///< a line of it could not be read: what is missing is unknown

    MetricType effectiveType() const { return type.value_or(MetricType::Untyped); }
    bool isHistogram() const {
        return type == MetricType::Histogram || type == MetricType::GaugeHistogram;
    }
};

/// The samples of one metric with one timestamp, as far as they were seen.
struct Point {
    std::size_t offset = 0;
    std::optional<double> timestamp;
    std::unordered_set<std::string> series;
    bool hasTotal = false;
    bool hasNegativeBound = false;
    std::optional<double> bound;  ///< the newest bucket's
    double bucket = 0;            ///< its value
    std::optional<double> inf;    ///< the +Inf bucket's value
    std::optional<double> count;  ///< _count or _gcount
    std::optional<double> sum;    ///< _sum or _gsum
    std::size_t countOffset = 0;
    std::size_t sumOffset = 0;
};

class OpenMetricsChecker {
public:
    OpenMetricsChecker(std::string_view text, const std::string& file)
        : places_(text, file),
          parser_(text, ExpositionFormat::OpenMetrics, {}, TextRules::Checker) {}

    Diagnostics run() {
        while (errors_.size() < kMaxExpositionErrors) {
            const Entry entry = parser_.next();
            if (entry == Entry::End)
                break;
            if (entry == Entry::Sample) {
                addSample(parser_.sample());
            } else if (entry != Entry::Error) {
                addMetadata(entry, parser_.metadata());
            } else {
                family_.isDamaged = true;
                error("exposition-syntax", parser_.error().message(), parser_.error().offset);
                if (!parser_.recover())
                    break;
            }
        }
        endFamily();
        std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) {
            return std::pair(a.place.line, a.place.column) <
                   std::pair(b.place.line, b.place.column);
        });
        if (errors_.size() > kMaxExpositionErrors)
            errors_.resize(kMaxExpositionErrors);
        return errors_;
    }

private:
    void error(std::string code, std::string message, std::size_t offset) {
        errors_.push_back(
            {Severity::Error, std::move(code), std::move(message), places_.at(offset)});
    }

    // Families.

    void beginFamily(std::string_view name, std::size_t offset) {
        endFamily();
        family_ = {};
        family_.name = name;
        family_.offset = offset;
        endedMetrics_.clear();
        hasMetric_ = false;
        if (name.starts_with('_'))
            error("reserved-name", inQuotes(name) + ": names beginning with '_' are reserved",
                  offset);
    }

    void endFamily() {
        if (family_.name.empty())
            return;
        endPoint();
        const MetricType type = family_.effectiveType();
        if (family_.hasUnit && (type == MetricType::Info || type == MetricType::StateSet))
            error("unit", std::string(nameOf(type)) + " families have no unit", family_.unitOffset);
        claim(family_.name);
        for (const Suffix& suffix : suffixesOf(type)) {
            if (!suffix.text.empty())
                claim(family_.name + std::string(suffix.text));
        }
        family_.name.clear();
    }

    /// Takes a name that samples of the family may have.
    void claim(const std::string& name) {
        const auto [claimed, isNew] = claimed_.emplace(name, family_.name);
        if (isNew || family_.isDamaged)
            return;
        family_.isDamaged = true;  // one clash says enough
        error("name-clash",
              claimed->second == family_.name
                  ? "the family " + inQuotes(family_.name) +
                        " stood here before: families must not repeat or interleave"
                  : inQuotes(name) + " could be a sample of the family " +
                        inQuotes(claimed->second) + " too: rename one of them",
              family_.offset);
    }

    void addMetadata(Entry entry, const ParsedMetadata& metadata) {
        if (metadata.name != family_.name)
            beginFamily(metadata.name, metadata.offset);
        if (family_.hasSamples)
            error("metadata-order",
                  "the metadata of " + inQuotes(metadata.name) + " must stand before its samples",
                  metadata.offset);
        if (entry == Entry::Type) {
            if (family_.type)
                error("repeated-type", "a second TYPE line for " + inQuotes(metadata.name),
                      metadata.offset);
            family_.type = metadata.type;
        } else if (!metadata.text.empty()) {  // an empty one counts as none
            const bool isHelp = entry == Entry::Help;
            bool& has = isHelp ? family_.hasHelp : family_.hasUnit;
            if (has)
                error(isHelp ? "repeated-help" : "repeated-unit",
                      std::string("a second ") + (isHelp ? "HELP" : "UNIT") + " line for " +
                          inQuotes(metadata.name),
                      metadata.offset);
            has = true;
            if (!isHelp)
                family_.unitOffset = metadata.offset;
        }
    }

    void addSample(const ParsedSample& sample) {
        std::optional<Role> role;
        if (!family_.name.empty())
            role = roleOf(sample.name, family_.name, suffixesOf(family_.effectiveType()));
        if (!role && !isMisnamed(sample)) {
            const auto earlier = claimed_.find(std::string(sample.name));
            const std::string owner = earlier == claimed_.end() ? "" : earlier->second;
            beginFamily(sample.name, sample.offset);
            if (!owner.empty() && owner != sample.name) {
                error("interleaved",
                      "the family " + inQuotes(owner) + " of this sample has ended before",
                      sample.offset);
                family_.isDamaged = true;
            }
            role = Role::Value;
        }
        family_.hasSamples = true;
        if (!role)
            return;
        checkLabels(sample);
        placeInMetric(sample, *role);
        checkValue(sample, *role);
        if (sample.hasExemplar)
            checkExemplar(sample, *role);
    }

    /// Whether the sample belongs to the family but has a name that the family's type does not
    /// have; then that is said.
    bool isMisnamed(const ParsedSample& sample) {
        if (!family_.type || !roleOf(sample.name, family_.name, kAllSuffixes))
            return false;
        if (family_.hasSamples && sample.name != family_.name)
            return false;  // a family of its own
        std::string names;
        for (const Suffix& suffix : suffixesOf(*family_.type))
            names += (names.empty() ? "" : ", ") + family_.name + std::string(suffix.text);
        error("sample-name",
              "samples of the " + std::string(nameOf(*family_.type)) + ' ' +
                  inQuotes(family_.name) + " are named " + names + ", found " +
                  inQuotes(sample.name),
              sample.offset);
        family_.isDamaged = true;
        return true;
    }

    // Metrics and points.

    static std::string seriesKey(const ParsedSample& sample, std::string_view without) {
        std::vector<std::pair<std::string_view, std::string_view>> sorted;
        for (const LabelView& label : sample.labels) {
            if (label.name != without && !label.value.empty())  // empty is as good as absent
                sorted.emplace_back(label.name, label.value);
        }
        std::sort(sorted.begin(), sorted.end());
        std::string key;
        for (const auto& [name, value] : sorted) {
            key.append(name).append(1, '\0');
            key.append(std::to_string(value.size())).append(1, '\0').append(value);
        }
        return key;
    }

    /// The label that tells samples of one point apart.
    std::string_view pointLabel(Role role) const {
        if (role == Role::Bucket)
            return "le";
        if (family_.type == MetricType::Summary && role == Role::Value)
            return "quantile";
        return family_.type == MetricType::StateSet ? std::string_view(family_.name) : "";
    }

    void placeInMetric(const ParsedSample& sample, Role role) {
        std::optional<double> timestamp;
        if (double seconds = 0; parseGoFloat(sample.timestampText, seconds))
            timestamp = seconds;
        std::string metric = seriesKey(sample, pointLabel(role));
        if (!hasMetric_ || metric != metric_) {
            endPoint();
            metric_ = metric;
            if (!endedMetrics_.insert(std::move(metric)).second)
                error("interleaved",
                      "the metric with these labels has ended before: samples of one metric stand "
                      "together",
                      sample.offset);
            beginPoint(sample, timestamp);
        } else if (timestamp != point_.timestamp) {
            const bool isMixed = timestamp.has_value() != point_.timestamp.has_value();
            const bool falls = !isMixed && *timestamp < *point_.timestamp;
            if (isMixed || falls) {
                error("timestamps",
                      isMixed ? "either all samples of a metric have a timestamp or none"
                              : "the points of a metric must have rising timestamps and not "
                                "interleave",
                      sample.offset);
                family_.isDamaged = true;  // the points are torn
            }
            endPoint();
            beginPoint(sample, timestamp);
        }
        if (!point_.series.insert(std::string(sample.name) + '\0' + seriesKey(sample, "")).second)
            error("repeated-sample", "the same sample a second time", sample.offset);
    }

    void beginPoint(const ParsedSample& sample, std::optional<double> timestamp) {
        hasMetric_ = true;
        point_ = {};
        point_.offset = sample.offset;
        point_.timestamp = timestamp;
    }

    /// What only a whole point shows to be missing or wrong.
    void endPoint() {
        if (!hasMetric_ || family_.isDamaged)
            return;
        hasMetric_ = false;
        if (family_.type == MetricType::Counter && !point_.hasTotal)
            error("no-total", "a point of a counter needs its _total", point_.offset);
        if (family_.isHistogram())
            endHistogramPoint();
    }

    void endHistogramPoint() {
        const bool isGauge = family_.type == MetricType::GaugeHistogram;
        const std::string sum = isGauge ? "_gsum" : "_sum";
        const std::string count = isGauge ? "_gcount" : "_count";
        if (!point_.inf)
            error("no-inf-bucket", "a point of a histogram needs a bucket with le=\"+Inf\"",
                  point_.offset);
        if (point_.sum && !point_.count)
            error("no-count", sum + " without " + count, point_.sumOffset);
        if (point_.count && !point_.sum)
            error("no-sum", count + " without " + sum, point_.countOffset);
        if (point_.inf && point_.count && *point_.inf != *point_.count)
            error("count", count + " must equal the +Inf bucket", point_.countOffset);
        if (!isGauge && point_.sum && point_.hasNegativeBound)
            error("sum", "a histogram with a bucket below zero has no _sum", point_.sumOffset);
        if (isGauge && point_.sum && *point_.sum < 0 && !point_.hasNegativeBound)
            error("sum", "_gsum is negative although no bucket is", point_.sumOffset);
    }

    // Single samples.

    void checkLabels(const ParsedSample& sample) {
        for (const LabelView& label : sample.labels) {
            if (label.name.starts_with('_'))
                error("reserved-name",
                      "label " + inQuotes(label.name) + ": names beginning with '_' are reserved",
                      sample.offset);
        }
    }

    static std::optional<std::string_view> label(const ParsedSample& sample,
                                                 std::string_view name) {
        for (const LabelView& label : sample.labels) {
            if (label.name == name)
                return label.value;
        }
        return std::nullopt;
    }

    void checkValue(const ParsedSample& sample, Role role) {
        const bool isHistogram = family_.isHistogram();
        if (isHistogram && role != Role::Bucket && label(sample, "le"))
            error("label", "only buckets have a label 'le'", sample.offset);
        if (family_.type == MetricType::Summary && role != Role::Value && label(sample, "quantile"))
            error("label", "only quantiles have a label 'quantile'", sample.offset);
        switch (role) {
            case Role::Total:
                point_.hasTotal = true;
                requireCounter(sample);
                break;
            case Role::Created:
                if (!std::isfinite(sample.value))
                    error("value", "_created must be a time in seconds", sample.offset);
                break;
            case Role::Count:
            case Role::GaugeCount:
                requireCounter(sample);
                requireInteger(sample);
                point_.count = sample.value;
                point_.countOffset = sample.offset;
                break;
            case Role::Sum:
                requireCounter(sample);
                [[fallthrough]];
            case Role::GaugeSum:
                if (role == Role::GaugeSum && std::isnan(sample.value))
                    error("value", "_gsum must not be NaN", sample.offset);
                point_.sum = sample.value;
                point_.sumOffset = sample.offset;
                break;
            case Role::Bucket:
                checkBucket(sample);
                break;
            case Role::Info:
                if (sample.value != 1)
                    error("value", "the value of an info is 1", sample.offset);
                break;
            case Role::Value:
                if (family_.type == MetricType::StateSet)
                    checkState(sample);
                else if (family_.type == MetricType::Summary)
                    checkQuantile(sample);
        }
    }

    void requireCounter(const ParsedSample& sample) {
        if (std::isnan(sample.value) || sample.value < 0)
            error("value", inQuotes(sample.name) + " must not be NaN or negative", sample.offset);
    }

    void requireInteger(const ParsedSample& sample) {
        if (std::isfinite(sample.value) ? sample.value != std::floor(sample.value)
                                        : std::isinf(sample.value))
            error("value", inQuotes(sample.name) + " must be an integer", sample.offset);
    }

    void checkState(const ParsedSample& sample) {
        if (!label(sample, family_.name))
            error("label", "a state needs the label " + inQuotes(family_.name), sample.offset);
        if (sample.value != 0 && sample.value != 1)
            error("value", "the value of a state is 0 or 1", sample.offset);
    }

    void checkQuantile(const ParsedSample& sample) {
        const auto written = label(sample, "quantile");
        double quantile = 0;
        if (!written || !parseGoFloat(*written, quantile) || !(quantile >= 0 && quantile <= 1))
            error("label", "a quantile needs the label 'quantile' between 0 and 1", sample.offset);
        if (sample.value < 0)
            error("value", "the value of a quantile must not be negative", sample.offset);
    }

    void checkBucket(const ParsedSample& sample) {
        requireCounter(sample);
        requireInteger(sample);
        const auto written = label(sample, "le");
        double bound = 0;
        if (!written || !parseGoFloat(*written, bound) || std::isnan(bound)) {
            error("label", "a bucket needs the label 'le' with a number", sample.offset);
            return;
        }
        if (bound == std::numeric_limits<double>::infinity()) {
            if (*written != "+Inf")
                error("label", "infinity as 'le' is written +Inf, found " + inQuotes(*written),
                      sample.offset);
            point_.inf = sample.value;
        }
        if (point_.bound && bound <= *point_.bound)
            error("bucket-order",
                  "buckets must have rising bounds, each once: " + std::string(*written) +
                      " does not rise",
                  sample.offset);
        if (point_.bound && sample.value < point_.bucket)
            error("bucket-order", "buckets are cumulative: the value must not fall", sample.offset);
        point_.hasNegativeBound |= bound < 0;
        point_.bound = bound;
        point_.bucket = sample.value;
    }

    void checkExemplar(const ParsedSample& sample, Role role) {
        if (role != Role::Total && role != Role::Bucket) {
            error("exemplar", "only counters and buckets have exemplars", sample.offset);
            return;
        }
        std::size_t length = 0;
        std::unordered_set<std::string_view> names;
        for (const LabelView& label : sample.exemplar.labels) {
            length += codePoints(label.name) + codePoints(label.value);
            if (!names.insert(label.name).second)
                error("exemplar", "the exemplar's label " + inQuotes(label.name) + " repeats",
                      sample.offset);
        }
        if (length > kMaxExemplarCodePoints)
            error(
                "exemplar",
                "an exemplar's labels have at most 128 characters, found " + std::to_string(length),
                sample.offset);
        if (role == Role::Bucket && point_.bound && !(sample.exemplar.value <= *point_.bound))
            error("exemplar", "the exemplar's value lies above its bucket", sample.offset);
    }

    LinePlaces places_;
    PromTextParser parser_;
    Diagnostics errors_;
    Family family_;
    std::unordered_map<std::string, std::string> claimed_;  ///< sample name -> family
    std::unordered_set<std::string> endedMetrics_;          ///< of the family, the current one too
    bool hasMetric_ = false;
    std::string metric_;  ///< the labels of the current one
    Point point_;
};

}  // namespace

Diagnostics checkOpenMetrics(std::string_view text, const std::string& fileName) {
    return OpenMetricsChecker(text, fileName).run();
}

}  // namespace levee
