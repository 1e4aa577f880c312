// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/extrapolated_rate.h"

#include <algorithm>

namespace levee::stats {
namespace {

constexpr double kNear = 1.1;  ///< mean intervals within which the edge counts as reached

double increase(std::span<const CounterReading> readings) {
    double sum = readings.back().value - readings.front().value;
    for (std::size_t i = 1; i < readings.size(); ++i) {
        if (readings[i].value < readings[i - 1].value) {
            sum += readings[i - 1].value;
        }
    }
    return sum;
}

}  // namespace

std::optional<double> extrapolatedRate(std::span<const CounterReading> readings, MonotonicTime end,
                                       Duration range) {
    if (readings.size() < 2) {
        return std::nullopt;
    }
    const CounterReading& first = readings.front();
    const double grown = increase(readings);
    const double sampled = toSeconds(readings.back().at - first.at);
    const double interval = sampled / static_cast<double>(readings.size() - 1);
    const auto stretch = [&](Duration gap) {
        return toSeconds(gap) < kNear * interval ? toSeconds(gap) : interval / 2;
    };
    double toStart = stretch(first.at - (end - range));
    if (grown > 0 && first.value >= 0) {
        toStart = std::min(toStart, sampled * (first.value / grown));
    }
    const double toEnd = stretch(end - readings.back().at);
    return grown * ((sampled + toStart + toEnd) / sampled / toSeconds(range));
}

}  // namespace levee::stats
