// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/functions.h"

#include <algorithm>
#include <array>

namespace levee::promql {
namespace {

constexpr auto kScalar = ValueType::Scalar;
constexpr auto kVector = ValueType::Vector;
constexpr auto kRange = ValueType::Range;
constexpr auto kString = ValueType::String;

constexpr std::string_view kCalendar =
    "a signal does not depend on the calendar; compare time() where it must";
constexpr std::string_view kNative =
    "native histograms are not scraped; use the series _bucket, _sum and _count";
constexpr std::string_view kTrigonometry = "trigonometry is left out of the subset";

struct Replacement {
    std::string_view name;
    std::string_view words;
};
constexpr std::array kNotSupported{
    Replacement{"acos", kTrigonometry},
    Replacement{"acosh", kTrigonometry},
    Replacement{"asin", kTrigonometry},
    Replacement{"asinh", kTrigonometry},
    Replacement{"atan", kTrigonometry},
    Replacement{"atanh", kTrigonometry},
    Replacement{"cos", kTrigonometry},
    Replacement{"cosh", kTrigonometry},
    Replacement{"day_of_month", kCalendar},
    Replacement{"day_of_week", kCalendar},
    Replacement{"day_of_year", kCalendar},
    Replacement{"days_in_month", kCalendar},
    Replacement{"deg", kTrigonometry},
    Replacement{"double_exponential_smoothing", "use avg_over_time() or deriv()"},
    Replacement{"histogram_avg", kNative},
    Replacement{"histogram_count", kNative},
    Replacement{"histogram_fraction", kNative},
    Replacement{"histogram_stddev", kNative},
    Replacement{"histogram_stdvar", kNative},
    Replacement{"histogram_sum", kNative},
    Replacement{"holt_winters", "use avg_over_time() or deriv()"},
    Replacement{"hour", kCalendar},
    Replacement{"info", "join with * on(...) group_left(...)"},
    Replacement{"mad_over_time", "use stddev_over_time()"},
    Replacement{"minute", kCalendar},
    Replacement{"month", kCalendar},
    Replacement{"pi", "write 3.141592653589793"},
    Replacement{"rad", kTrigonometry},
    Replacement{"sin", kTrigonometry},
    Replacement{"sinh", kTrigonometry},
    Replacement{"sort_by_label", "use sort() or sort_desc()"},
    Replacement{"sort_by_label_desc", "use sort() or sort_desc()"},
    Replacement{"tan", kTrigonometry},
    Replacement{"tanh", kTrigonometry},
    Replacement{"year", kCalendar},
};

std::vector<Function> makeFunctions() {
    std::vector<Function> all{
        {"clamp", kVector, {kVector, kScalar, kScalar}},
        {"clamp_max", kVector, {kVector, kScalar}},
        {"clamp_min", kVector, {kVector, kScalar}},
        {"histogram_quantile", kVector, {kScalar, kVector}},
        {"label_join", kVector, {kVector, kString, kString, kString}, 0, true},
        {"label_replace", kVector, {kVector, kString, kString, kString, kString}},
        {"predict_linear", kVector, {kRange, kScalar}},
        {"quantile_over_time", kVector, {kScalar, kRange}},
        {"round", kVector, {kVector, kScalar}, 1},
        {"scalar", kScalar, {kVector}},
        {"time", kScalar, {}},
        {"vector", kVector, {kScalar}},
    };
    for (const std::string_view name : {"abs", "absent", "ceil", "exp", "floor", "ln", "log10",
                                        "log2", "sgn", "sort", "sort_desc", "sqrt", "timestamp"})
        all.push_back({name, kVector, {kVector}});
    for (const std::string_view name :
         {"absent_over_time", "avg_over_time", "changes", "count_over_time", "delta", "deriv",
          "idelta", "increase", "irate", "last_over_time", "max_over_time", "min_over_time",
          "present_over_time", "rate", "resets", "stddev_over_time", "stdvar_over_time",
          "sum_over_time"})
        all.push_back({name, kVector, {kRange}});
    std::sort(all.begin(), all.end(),
              [](const Function& a, const Function& b) { return a.name < b.name; });
    return all;
}

}  // namespace

std::string_view name(ValueType type) {
    switch (type) {
        case ValueType::Scalar:
            return "a scalar";
        case ValueType::Vector:
            return "an instant vector";
        case ValueType::Range:
            return "a range vector";
        case ValueType::String:
            break;
    }
    return "a string";
}

const std::vector<Function>& functions() {
    static const std::vector<Function> kAll = makeFunctions();
    return kAll;
}

const Function* findFunction(std::string_view name) {
    const auto at = std::find_if(functions().begin(), functions().end(),
                                 [name](const Function& f) { return f.name == name; });
    return at != functions().end() ? &*at : nullptr;
}

std::string_view replacementOf(std::string_view name) {
    const auto at = std::find_if(kNotSupported.begin(), kNotSupported.end(),
                                 [name](const Replacement& r) { return r.name == name; });
    return at != kNotSupported.end() ? at->words : "";
}

}  // namespace levee::promql
