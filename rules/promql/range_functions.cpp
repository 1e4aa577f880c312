// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/range_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "rules/promql/compensated_sum.h"
#include "rules/promql/quantile.h"
#include "shared/stats/extrapolated_rate.h"

namespace levee::promql {
namespace {

using Answer = std::optional<double>;

MonotonicTime timeOf(Millis at) {
    return MonotonicTime(std::chrono::milliseconds(at));
}

using Extrapolate = std::optional<double> (*)(std::span<const stats::CounterReading>, MonotonicTime,
                                              Duration, stats::Extrapolation);

Answer extrapolated(const Window& window, Extrapolate extrapolate, stats::Extrapolation how) {
    std::vector<stats::CounterReading> readings;
    readings.reserve(window.samples.size());
    for (const Sample& sample : window.samples)
        readings.push_back({timeOf(sample.at), sample.value});
    return extrapolate(readings, timeOf(window.to),
                       std::chrono::milliseconds(window.to - window.from), how);
}
Answer rate(const Window& window) {
    return extrapolated(window, stats::extrapolatedRate, stats::Extrapolation::CounterPrometheus2);
}
Answer increase(const Window& window) {
    return extrapolated(window, stats::extrapolatedDelta, stats::Extrapolation::CounterPrometheus2);
}
Answer delta(const Window& window) {
    return extrapolated(window, stats::extrapolatedDelta, stats::Extrapolation::Gauge);
}

/// Between the last two samples.
Answer lastStep(const Window& window, bool isCounter) {
    if (window.samples.size() < 2)
        return std::nullopt;
    const Sample& last = window.samples.back();
    const Sample& before = window.samples[window.samples.size() - 2];
    return isCounter && last.value < before.value ? last.value : last.value - before.value;
}
Answer idelta(const Window& window) {
    return lastStep(window, false);
}
Answer irate(const Window& window) {
    const Answer step = lastStep(window, true);
    if (!step)
        return step;
    const Millis elapsed = window.samples.back().at - window.samples[window.samples.size() - 2].at;
    return elapsed == 0 ? Answer() : Answer(*step / (static_cast<double>(elapsed) / 1000));
}

Answer sumOverTime(const Window& window) {
    CompensatedSum sum;
    for (const Sample& sample : window.samples)
        sum.add(sample.value);
    return sum.finiteTotal();
}

Answer avgOverTime(const Window& window) {
    CompensatedSum mean;
    double count = 0;
    for (const Sample& sample : window.samples) {
        ++count;
        // An infinite mean stays what it is, but for NaN and for the other infinity.
        const bool isSettled =
            std::isinf(mean.rough()) &&
            (std::isfinite(sample.value) ||
             (std::isinf(sample.value) && (sample.value > 0) == (mean.rough() > 0)));
        if (!isSettled)
            mean.add(sample.value / count - mean.rough() / count);
    }
    return mean.finiteTotal();
}

/// Welford's sum of squared deviations over n, with compensated sums.
double variance(std::span<const Sample> samples) {
    CompensatedSum mean;
    CompensatedSum squares;
    double count = 0;
    for (const Sample& sample : samples) {
        ++count;
        const double deviation = sample.value - mean.total();
        mean.add(deviation / count);
        squares.add(deviation * (sample.value - mean.total()));
    }
    return squares.total() / count;
}
Answer stdvarOverTime(const Window& window) {
    return variance(window.samples);
}
Answer stddevOverTime(const Window& window) {
    return std::sqrt(variance(window.samples));
}

template <typename Replaces>
Answer extreme(const Window& window, Replaces replaces) {
    double found = window.samples.front().value;
    for (const Sample& sample : window.samples) {
        if (replaces(sample.value, found) || std::isnan(found))
            found = sample.value;
    }
    return found;
}
Answer maxOverTime(const Window& window) {
    return extreme(window, std::greater<>());
}
Answer minOverTime(const Window& window) {
    return extreme(window, std::less<>());
}

Answer countOverTime(const Window& window) {
    return static_cast<double>(window.samples.size());
}
Answer lastOverTime(const Window& window) {
    return window.samples.back().value;
}
Answer presentOverTime(const Window& /*window*/) {
    return 1;
}
Answer quantileOverTime(const Window& window) {
    std::vector<double> values;
    for (const Sample& sample : window.samples)
        values.push_back(sample.value);
    return quantile(window.parameter, std::move(values));
}

template <typename Counts>
Answer countSteps(const Window& window, Counts counts) {
    double steps = 0;
    for (std::size_t i = 1; i < window.samples.size(); ++i)
        steps += counts(window.samples[i - 1].value, window.samples[i].value) ? 1 : 0;
    return steps;
}
Answer changes(const Window& window) {
    return countSteps(window, [](double before, double after) {
        return before != after && !(std::isnan(before) && std::isnan(after));
    });
}
Answer resets(const Window& window) {
    return countSteps(window, std::greater<>());
}

struct Line {
    double slope;
    double intercept;  ///< at the time asked for
};

/// Least squares; a constant series is its own line exactly.
Line regression(std::span<const Sample> samples, Millis origin) {
    const double first = samples.front().value;
    if (std::all_of(samples.begin(), samples.end(),
                    [first](const Sample& s) { return s.value == first; })) {
        constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
        return std::isinf(first) ? Line{kNaN, kNaN} : Line{0, first};
    }
    CompensatedSum x;
    CompensatedSum y;
    CompensatedSum xy;
    CompensatedSum xx;
    for (const Sample& sample : samples) {
        const double seconds = static_cast<double>(sample.at - origin) / 1000;
        x.add(seconds);
        y.add(sample.value);
        xy.add(seconds * sample.value);
        xx.add(seconds * seconds);
    }
    const double n = static_cast<double>(samples.size());
    const double slope =
        (xy.total() - x.total() * y.total() / n) / (xx.total() - x.total() * x.total() / n);
    return {slope, y.total() / n - slope * x.total() / n};
}
Answer deriv(const Window& window) {
    if (window.samples.size() < 2)
        return std::nullopt;
    return regression(window.samples, window.samples.front().at).slope;
}
Answer predictLinear(const Window& window) {
    if (window.samples.size() < 2)
        return std::nullopt;
    const Line line = regression(window.samples, window.now);
    return line.slope * window.parameter + line.intercept;
}

struct Named {
    std::string_view name;
    RangeFunction function;
};
constexpr std::array kFunctions{
    Named{"avg_over_time", avgOverTime},
    Named{"changes", changes},
    Named{"count_over_time", countOverTime},
    Named{"delta", delta},
    Named{"deriv", deriv},
    Named{"idelta", idelta},
    Named{"increase", increase},
    Named{"irate", irate},
    Named{"last_over_time", lastOverTime},
    Named{"max_over_time", maxOverTime},
    Named{"min_over_time", minOverTime},
    Named{"predict_linear", predictLinear},
    Named{"present_over_time", presentOverTime},
    Named{"quantile_over_time", quantileOverTime},
    Named{"rate", rate},
    Named{"resets", resets},
    Named{"stddev_over_time", stddevOverTime},
    Named{"stdvar_over_time", stdvarOverTime},
    Named{"sum_over_time", sumOverTime},
};

}  // namespace

RangeFunction findRangeFunction(std::string_view name) {
    const auto at = std::find_if(kFunctions.begin(), kFunctions.end(),
                                 [name](const Named& named) { return named.name == name; });
    return at != kFunctions.end() ? at->function : nullptr;
}

}  // namespace levee::promql
