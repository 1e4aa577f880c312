// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/evaluator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "rules/promql/aggregation.h"
#include "rules/promql/functions.h"
#include "rules/promql/label_functions.h"
#include "rules/promql/number_text.h"
#include "rules/promql/operators.h"
#include "rules/promql/range_functions.h"
#include "shared/stats/histogram_quantile.h"
#include "shared/stats/stale_marker.h"

namespace levee::promql {
namespace {

using Kind = Expression::Kind;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Go's math.Min and math.Max: an infinity decides before NaN does.
double least(double a, double b) {
    if (a == -kInfinity || b == -kInfinity)
        return -kInfinity;
    return std::isnan(a) || std::isnan(b) ? kNaN : std::min(a, b);
}
double greatest(double a, double b) {
    return -least(-a, -b);
}

using MathFunction = double (*)(double);
struct NamedMath {
    std::string_view name;
    MathFunction function;
};
constexpr std::array kMath{
    NamedMath{"abs", [](double v) { return std::abs(v); }},
    NamedMath{"ceil", [](double v) { return std::ceil(v); }},
    NamedMath{"exp", [](double v) { return std::exp(v); }},
    NamedMath{"floor", [](double v) { return std::floor(v); }},
    NamedMath{"ln", [](double v) { return std::log(v); }},
    NamedMath{"log10", [](double v) { return std::log10(v); }},
    NamedMath{"log2", [](double v) { return std::log2(v); }},
    NamedMath{"sgn", [](double v) { return v < 0   ? -1.0
                                           : v > 0 ? 1.0
                                                   : v; }},
    NamedMath{"sqrt", [](double v) { return std::sqrt(v); }},
};

/// The labels that a series must have to be the missing one: those asked for once, with =.
Labels labelsOfAbsent(const Expression& argument) {
    Labels labels;
    std::set<std::string> seen;
    if (argument.kind != Kind::Selector)
        return labels;
    for (const Matcher& matcher : argument.selector.matchers) {
        if (matcher.name() == kMetricName)
            continue;
        const bool isFirst =
            matcher.kind() == Matcher::Kind::Equal && seen.insert(matcher.name()).second;
        setLabel(labels, matcher.name(), isFirst ? matcher.value() : "");
    }
    return labels;
}

/// Walks the tree. The first mistake is kept, and what follows works on nothing.
class Evaluator {
public:
    Evaluator(const SeriesSource& source, Millis now, const EvaluationLimits& limits)
        : source_(source), now_(now), limits_(limits) {}

    Result<Value> run(const Expression& e) {
        Value value;
        value.type = e.type;
        if (e.type == ValueType::Scalar)
            value.scalar = scalar(e);
        else
            value.vector = vector(e);
        if (error_)
            return *error_;
        return value;
    }

private:
    void fail(const Expression& e, const std::string& message,
              ErrorKind kind = ErrorKind::Invalid) {
        if (!error_)
            error_ = Error{std::to_string(e.place.line) + ':' + std::to_string(e.place.column) +
                               ": " + message,
                           kind};
    }

    double scalar(const Expression& e) {
        switch (e.kind) {
            case Kind::Number:
                return e.number;
            case Kind::Negation:
                return -scalar(*e.operands[0]);
            case Kind::Binary: {
                const auto value = apply(e.binary, scalar(*e.operands[0]), scalar(*e.operands[1]));
                return e.returnsBool ? (value ? 1 : 0) : *value;
            }
            default:
                break;
        }
        if (e.function->name == "time")
            return static_cast<double>(now_) / 1000;
        const Vector only = vector(*e.operands[0]);
        return only.size() == 1 ? only.front().value : kNaN;
    }

    Vector vector(const Expression& e) {
        Vector result = e.kind == Kind::Selector ? newest(e) : computed(e);
        if (e.kind != Kind::Selector) {
            for (Element& element : result)
                element.at = now_;
            checkDistinct(e, result);
        }
        return error_ ? Vector() : std::move(result);
    }

    void checkDistinct(const Expression& e, const Vector& vector) {
        std::vector<const Labels*> all;
        for (const Element& element : vector)
            all.push_back(&element.labels);
        std::sort(all.begin(), all.end(), [](const Labels* a, const Labels* b) { return *a < *b; });
        const auto twin = std::adjacent_find(
            all.begin(), all.end(), [](const Labels* a, const Labels* b) { return *a == *b; });
        if (twin != all.end())
            fail(e, "two elements of the result have the same labels " + text(**twin) +
                        "; keep what tells them apart, or aggregate them");
    }

    Vector computed(const Expression& e) {
        switch (e.kind) {
            case Kind::Negation: {
                Vector operand = vector(*e.operands[0]);
                for (Element& element : operand) {
                    dropMetricName(element.labels);
                    element.value = -element.value;
                }
                return operand;
            }
            case Kind::Binary:
                return binary(e);
            case Kind::Aggregation:
                return aggregation(e);
            default:
                return call(e);
        }
    }

    Vector binary(const Expression& e) {
        const Expression& left = *e.operands[0];
        const Expression& right = *e.operands[1];
        if (left.type == ValueType::Scalar)
            return applyToEach(e, vector(right), scalar(left), true);
        if (right.type == ValueType::Scalar)
            return applyToEach(e, vector(left), scalar(right), false);
        Vector leftVector = vector(left);
        Vector rightVector = vector(right);
        auto result = applyMatched(e, std::move(leftVector), std::move(rightVector));
        if (result)
            return *std::move(result);
        fail(e, result.error().message);
        return {};
    }

    Vector aggregation(const Expression& e) {
        double parameter = 0;
        std::string label;
        if (e.operands.size() == 2 && e.operands[0]->type == ValueType::String)
            label = e.operands[0]->string;
        else if (e.operands.size() == 2)
            parameter = scalar(*e.operands[0]);
        const bool isCount =
            e.aggregate == AggregateOp::Topk || e.aggregate == AggregateOp::Bottomk;
        if (isCount && !(std::abs(parameter) < 0x1p63)) {
            fail(*e.operands[0], formatNumber(parameter) + " is no number of elements");
            return {};
        }
        return aggregate(e, vector(*e.operands.back()), parameter, label);
    }

    /// Hands over the series of a selector within the limits.
    void read(const Expression& e, SeriesSource::Depth depth,
              const std::function<void(Labels&&, std::span<const Sample>)>& use) {
        const auto take = [&](Labels&& labels, std::span<const Sample> samples) {
            seriesRead_ += 1;
            samplesRead_ += samples.size();
            if (seriesRead_ > limits_.series)
                fail(e,
                     "more than " + std::to_string(limits_.series) +
                         " series; ask for fewer with matchers",
                     ErrorKind::Exhausted);
            else if (samplesRead_ > limits_.samples)
                fail(e,
                     "more than " + std::to_string(limits_.samples) +
                         " samples; ask for a shorter range or fewer series",
                     ErrorKind::Exhausted);
            else
                use(std::move(labels), samples);
            return !error_;
        };
        if (!error_)
            source_.select(e.selector.matchers, now_ - e.selector.reach(), now_ - e.selector.offset,
                           depth, take);
    }

    /// So that results do not depend on the order of the source.
    static Vector ordered(Vector vector) {
        std::sort(vector.begin(), vector.end(),
                  [](const Element& a, const Element& b) { return a.labels < b.labels; });
        return vector;
    }

    Vector newest(const Expression& e) {
        Vector result;
        read(e, SeriesSource::Depth::Newest, [&](Labels&& labels, std::span<const Sample> samples) {
            if (!stats::isStaleMarker(samples.back().value))
                result.push_back({std::move(labels), samples.back().value, samples.back().at});
        });
        return ordered(std::move(result));
    }

    /// A function over each window of a range vector that has a sample.
    Vector overWindows(const Expression& range, double parameter, bool keepsName,
                       RangeFunction function) {
        Window window;
        window.parameter = parameter;
        window.now = now_;
        window.to = now_ - range.selector.offset;
        window.from = window.to - range.selector.range;
        std::vector<Sample> values;
        Vector result;
        read(range, SeriesSource::Depth::All, [&](Labels&& labels, std::span<const Sample> all) {
            values.assign(all.begin(), all.end());
            std::erase_if(values, [](const Sample& s) { return stats::isStaleMarker(s.value); });
            window.samples = values;
            const auto value = values.empty() ? std::nullopt : function(window);
            if (!value)
                return;
            if (!keepsName)
                dropMetricName(labels);
            result.push_back({std::move(labels), *value});
        });
        return ordered(std::move(result));
    }

    Vector overRange(const Expression& e, RangeFunction function) {
        const bool isRangeFirst = e.operands[0]->type == ValueType::Range;
        const double parameter =
            e.operands.size() == 2 ? scalar(*e.operands[isRangeFirst ? 1 : 0]) : 0;
        return overWindows(*e.operands[isRangeFirst ? 0 : 1], parameter,
                           e.function->name == "last_over_time", function);
    }

    template <typename Function>
    Vector each(const Expression& operand, Function function) {
        Vector result = vector(operand);
        for (Element& element : result) {
            dropMetricName(element.labels);
            element.value = function(element.value);
        }
        return result;
    }

    Vector call(const Expression& e) {
        const std::string_view name = e.function->name;
        if (const RangeFunction function = findRangeFunction(name))
            return overRange(e, function);
        for (const NamedMath& math : kMath) {
            if (math.name == name)
                return each(*e.operands[0], math.function);
        }
        if (name.starts_with("clamp") || name == "round")
            return bounded(e);
        if (name.starts_with("absent"))
            return absent(e);
        if (name.starts_with("sort"))
            return sorted(e);
        if (name == "label_replace")
            return replaced(e);
        if (name == "label_join")
            return joined(e);
        if (name == "histogram_quantile")
            return histogram(e);
        if (name == "vector")
            return {{{}, scalar(*e.operands[0]), now_}};
        return timestamps(e);
    }

    Vector bounded(const Expression& e) {
        const std::string_view name = e.function->name;
        const double first = e.operands.size() > 1 ? scalar(*e.operands[1]) : 1;
        const Expression& operand = *e.operands[0];
        if (name == "round")
            return each(operand, [inverse = 1 / first](double v) {
                return std::floor(v * inverse + 0.5) / inverse;
            });
        if (name == "clamp_min")
            return each(operand, [first](double v) { return greatest(first, v); });
        if (name == "clamp_max")
            return each(operand, [first](double v) { return least(first, v); });
        const double most = scalar(*e.operands[2]);
        Vector clamped = each(operand, [=](double v) { return greatest(first, least(most, v)); });
        return most < first ? Vector() : clamped;
    }

    Vector absent(const Expression& e) {
        const Expression& operand = *e.operands[0];
        const bool isThere =
            operand.type == ValueType::Range
                ? !overWindows(operand, 0, true, findRangeFunction("present_over_time")).empty()
                : !vector(operand).empty();
        if (isThere)
            return {};
        return {{labelsOfAbsent(operand), 1, now_}};
    }

    Vector sorted(const Expression& e) {
        Vector result = vector(*e.operands[0]);
        const bool isDown = e.function->name == "sort_desc";
        std::stable_sort(result.begin(), result.end(), [&](const Element& a, const Element& b) {
            if (std::isnan(a.value) || std::isnan(b.value))
                return !std::isnan(a.value) && std::isnan(b.value);
            return isDown ? a.value > b.value : a.value < b.value;
        });
        return result;
    }

    Vector replaced(const Expression& e) {
        const auto regex = compileRegex(e.operands[4]->string);
        if (!regex) {
            fail(*e.operands[4], regex.error().message);
            return {};
        }
        return labelReplace(vector(*e.operands[0]), e.operands[1]->string, e.operands[2]->string,
                            e.operands[3]->string, **regex);
    }

    Vector joined(const Expression& e) {
        std::vector<std::string> sources;
        for (std::size_t i = 3; i < e.operands.size(); ++i)
            sources.push_back(e.operands[i]->string);
        return labelJoin(vector(*e.operands[0]), e.operands[1]->string, e.operands[2]->string,
                         sources);
    }

    Vector histogram(const Expression& e) {
        const double q = scalar(*e.operands[0]);
        const std::array<std::string, 1> bound{"le"};
        std::map<Labels, std::vector<stats::ClassicBucket>> histograms;
        for (const Element& element : vector(*e.operands[1])) {
            // A series without a bound is no bucket.
            if (const auto upper = parseNumber(labelValue(element.labels, bound[0])))
                histograms[withoutLabels(element.labels, bound)].push_back({*upper, element.value});
        }
        Vector result;
        for (auto& [labels, buckets] : histograms)
            result.push_back({labels, stats::histogramQuantile(q, std::move(buckets)).value});
        return result;
    }

    Vector timestamps(const Expression& e) {
        Vector result = vector(*e.operands[0]);
        for (Element& element : result) {
            dropMetricName(element.labels);
            element.value = static_cast<double>(element.at) / 1000;
        }
        return result;
    }

    const SeriesSource& source_;
    const Millis now_;
    const EvaluationLimits limits_;
    std::size_t seriesRead_ = 0;
    std::size_t samplesRead_ = 0;
    std::optional<Error> error_;
};

}  // namespace

Result<Value> evaluate(const Expression& expression, const SeriesSource& source, Millis now,
                       const EvaluationLimits& limits) {
    return Evaluator(source, now, limits).run(expression);
}

}  // namespace levee::promql
