// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/extrapolated_rate.h"

#include <algorithm>

namespace levee::stats {
namespace {

constexpr double kNear = 1.1;  ///< mean intervals within which the edge counts as reached

double difference(std::span<const CounterReading> readings, bool isCounter) {
    double sum = readings.back().value - readings.front().value;
    for (std::size_t i = 1; i < readings.size() && isCounter; ++i) {
        if (readings[i].value < readings[i - 1].value) {
            sum += readings[i - 1].value;
        }
    }
    return sum;
}

struct Stretched {
    double difference;
    double factor;
};

std::optional<Stretched> stretched(std::span<const CounterReading> readings, MonotonicTime end,
                                   Duration range, Extrapolation how) {
    if (readings.size() < 2) {
        return std::nullopt;
    }
    const CounterReading& first = readings.front();
    const bool isCounter = how != Extrapolation::Gauge;
    const double grown = difference(readings, isCounter);
    const double sampled = toSeconds(readings.back().at - first.at);
    const double interval = sampled / static_cast<double>(readings.size() - 1);
    const auto stretch = [&](double gap) { return gap < kNear * interval ? gap : interval / 2; };
    const auto untilZero = [&](double toStart) {
        return isCounter && grown > 0 && first.value >= 0
                   ? std::min(toStart, sampled * (first.value / grown))
                   : toStart;
    };
    const double gap = toSeconds(first.at - (end - range));
    const double toStart = how == Extrapolation::CounterPrometheus2 ? stretch(untilZero(gap))
                                                                    : untilZero(stretch(gap));
    const double toEnd = stretch(toSeconds(end - readings.back().at));
    return Stretched{grown, (sampled + toStart + toEnd) / sampled};
}

}  // namespace

std::optional<double> extrapolatedDelta(std::span<const CounterReading> readings, MonotonicTime end,
                                        Duration range, Extrapolation how) {
    const auto all = stretched(readings, end, range, how);
    return all ? std::optional(all->difference * all->factor) : std::nullopt;
}

std::optional<double> extrapolatedRate(std::span<const CounterReading> readings, MonotonicTime end,
                                       Duration range, Extrapolation how) {
    // The order of the operations is Prometheus', for the same last bit.
    const auto all = stretched(readings, end, range, how);
    return all ? std::optional(all->difference * (all->factor / toSeconds(range))) : std::nullopt;
}

}  // namespace levee::stats
