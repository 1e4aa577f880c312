// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/rollout_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "shared/base/units.h"
#include "shared/stats/wilson.h"

namespace levee::cli {
namespace {

constexpr double kSurely = 3.3;  // normal quantile
constexpr std::size_t kFewestSeconds = 5;
constexpr double kLeastDelay = 0.005;  // s: less than that is nobody's harm

/// A point stands for a second at the finest resolution, which is all that is asked for.
double sum(const std::vector<SeriesPoint>& points, double Traffic::*rate) {
    double all = 0;
    for (const SeriesPoint& point : points)
        all += point.traffic.*rate;
    return all;
}

std::uint64_t whole(double count) {
    return static_cast<std::uint64_t>(std::llround(std::max(0.0, count)));
}

/// Whether a share of the requests rose by `most` and beyond doubt: as text.
std::optional<std::string> risen(const char* what, double Traffic::*rate,
                                 const std::vector<SeriesPoint>& before,
                                 const std::vector<SeriesPoint>& after, double most) {
    const std::uint64_t callsBefore = whole(requestsIn(before));
    const std::uint64_t callsAfter = whole(requestsIn(after));
    if (callsBefore == 0 || callsAfter == 0)
        return std::nullopt;
    const std::uint64_t hitsBefore = std::min(callsBefore, whole(sum(before, rate)));
    const std::uint64_t hitsAfter = std::min(callsAfter, whole(sum(after, rate)));
    const double shareBefore = static_cast<double>(hitsBefore) / static_cast<double>(callsBefore);
    const double shareAfter = static_cast<double>(hitsAfter) / static_cast<double>(callsAfter);
    const Traffic& last = before.back().traffic;
    const double shareAtEnd = last.requestRate > 0 ? last.*rate / last.requestRate : 0;
    if (shareAfter <= std::max(shareBefore, shareAtEnd) + most ||
        stats::wilsonBounds(hitsAfter, callsAfter, kSurely).low <=
            stats::wilsonBounds(hitsBefore, callsBefore, kSurely).high)
        return std::nullopt;
    return fmt::format("{} {:.1f} % -> {:.1f} % of {} requests", what, 100 * shareBefore,
                       100 * shareAfter, callsAfter);
}

/// The seconds' p99, sorted, of the points from `first` on.
std::vector<double> slowest(const std::vector<SeriesPoint>& points, std::size_t first = 0) {
    std::vector<double> values;
    for (std::size_t i = first; i < points.size(); ++i)
        if (std::isfinite(points[i].traffic.p99))
            values.push_back(points[i].traffic.p99);
    std::sort(values.begin(), values.end());
    return values;
}

double middle(const std::vector<double>& sorted) {
    return sorted.empty() ? 0 : sorted[sorted.size() / 2];
}

/// Of Wilcoxon's rank-sum test: how far `after` lies above `before`, in standard deviations. Both
/// sorted, neither empty.
double rankSum(const std::vector<double>& before, const std::vector<double>& after) {
    double above = 0;  // pairs in which the later value is the larger one; equal ones count a half
    for (const double value : after) {
        const auto [from, to] = std::equal_range(before.begin(), before.end(), value);
        above += static_cast<double>(from - before.begin()) + static_cast<double>(to - from) / 2;
    }
    const auto n = static_cast<double>(before.size());
    const auto m = static_cast<double>(after.size());
    return (above - n * m / 2) / std::sqrt(n * m * (n + m + 1) / 12);
}

std::optional<std::string> slower(const std::vector<SeriesPoint>& before,
                                  const std::vector<SeriesPoint>& after, double most) {
    const std::vector<double> was = slowest(before);
    const std::vector<double> is = slowest(after);
    if (was.size() < kFewestSeconds || is.size() < kFewestSeconds)
        return std::nullopt;
    const std::size_t last = before.size() - std::min(before.size(), kFewestSeconds);
    const double middleBefore = std::max(middle(was), middle(slowest(before, last)));
    const double middleAfter = middle(is);
    if (middleAfter <= most * middleBefore || middleAfter <= middleBefore + kLeastDelay ||
        rankSum(was, is) <= kSurely)
        return std::nullopt;
    return fmt::format("p99 {:.1f} ms -> {:.1f} ms", 1000 * middleBefore, 1000 * middleAfter);
}

}  // namespace

double requestsIn(const std::vector<SeriesPoint>& points) {
    return sum(points, &Traffic::requestRate);
}

std::vector<Worsening> worsenings(const std::string& subject,
                                  const std::vector<SeriesPoint>& before,
                                  const std::vector<SeriesPoint>& after,
                                  const RolloutLimits& limits) {
    std::vector<Worsening> found;
    const auto note = [&](Harm harm, std::optional<std::string> text) {
        if (text)
            found.push_back({harm, subject, std::move(*text)});
    };
    note(Harm::Errors, risen("errors", &Traffic::errorRate, before, after, limits.errors));
    note(Harm::Refused, risen("refused", &Traffic::shedRate, before, after, limits.refused));
    note(Harm::Latency, slower(before, after, limits.latency));
    return found;
}

}  // namespace levee::cli
