// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/outlier.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "shared/stats/wilson.h"

namespace levee {
namespace {

constexpr double kSure = 2.576;             ///< normal quantile: 99 % lie within
constexpr double kLeastGap = 0.05;          ///< in the share of good calls
constexpr double kLeastLatencyGap = 0.005;  ///< seconds

/// The lower median of the sorted values without the one at `left`. REQUIRES: two values at least.
double medianWithout(const std::vector<double>& sorted, std::size_t left) {
    const std::size_t middle = (sorted.size() - 2) / 2;
    return sorted[middle < left ? middle : middle + 1];
}

void sortWorstFirst(std::vector<Outlier>& outliers) {
    std::stable_sort(outliers.begin(), outliers.end(),
                     [](const Outlier& a, const Outlier& b) { return a.badness > b.badness; });
}

}  // namespace

double InstanceWindow::goodShare() const {
    return calls > 0 ? static_cast<double>(calls - failures) / static_cast<double>(calls)
                     : kUnknown;
}

double InstanceWindow::median() const {
    return latency.isEmpty() ? kUnknown : latency.quantile(0.5);
}

std::vector<Outlier> failingOutliers(const std::vector<const InstanceWindow*>& group,
                                     const EjectionSettings& settings) {
    std::vector<std::size_t> judged;
    double sum = 0;
    double squares = 0;
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (group[i]->calls >= settings.minimumCalls) {
            const double share = group[i]->goodShare();
            judged.push_back(i);
            sum += share;
            squares += share * share;
            calls += group[i]->calls;
            failures += group[i]->failures;
        }
    }
    std::vector<Outlier> outliers;
    if (settings.deviations < 0 || judged.size() < 2) {
        return outliers;
    }
    const auto others = static_cast<double>(judged.size() - 1);
    for (const std::size_t i : judged) {
        const InstanceWindow& it = *group[i];
        const double share = it.goodShare();
        const double mean = (sum - share) / others;
        const double variance = (squares - share * share) / others - mean * mean;
        const double deviation = std::sqrt(std::max(0.0, variance));
        const std::uint64_t otherCalls = calls - it.calls;
        const double otherAtLeast =
            stats::wilsonBounds(otherCalls - (failures - it.failures), otherCalls, kSure).low;
        const double limit =
            std::min(mean - std::max(settings.deviations * deviation, kLeastGap), otherAtLeast);
        const double atMost = stats::wilsonBounds(it.calls - it.failures, it.calls, kSure).high;
        if (atMost >= limit) {
            continue;
        }
        outliers.push_back(
            {i,
             limit - share,
             fmt::format("{:.1f} % of {} calls were good (the others: {:.1f} %)", 100 * share,
                         it.calls, 100 * mean),
             {.inputs = fmt::format("calls={} failed={} goodShare={:.4g} goodShareAtMost={:.4g} "
                                    "othersMean={:.4g} othersDeviation={:.4g}",
                                    it.calls, it.failures, share, atMost, mean, deviation),
              .thresholds =
                  fmt::format("goodShareLimit={:.4g} deviations={}", limit, settings.deviations),
              .distance = 0,
              .counterfactual = {
                  "stayed in", {{"goodShare", Condition::Relation::AtLeast, limit}}, ""}}});
    }
    sortWorstFirst(outliers);
    return outliers;
}

std::vector<Outlier> slowOutliers(const std::vector<const InstanceWindow*>& group,
                                  const EjectionSettings& settings) {
    std::vector<std::size_t> judged;
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (group[i]->latency.count() >= settings.minimumCalls) {
            judged.push_back(i);
        }
    }
    std::vector<Outlier> outliers;
    if (settings.latencyFactor < 0 || judged.size() < 2) {
        return outliers;
    }
    std::stable_sort(judged.begin(), judged.end(), [&](std::size_t a, std::size_t b) {
        return group[a]->median() < group[b]->median();
    });
    std::vector<double> medians;
    std::transform(judged.begin(), judged.end(), std::back_inserter(medians),
                   [&](std::size_t i) { return group[i]->median(); });
    for (std::size_t rank = 0; rank < judged.size(); ++rank) {
        const stats::Histogram& latency = group[judged[rank]]->latency;
        const double others = medianWithout(medians, rank);
        const double limit = std::max(settings.latencyFactor * others, others + kLeastLatencyGap);
        const auto slow = static_cast<std::uint64_t>(
            std::lround(latency.shareAbove(limit) * static_cast<double>(latency.count())));
        if (stats::wilsonBounds(slow, latency.count(), kSure).low <= 0.5) {
            continue;
        }
        outliers.push_back(
            {judged[rank],
             medians[rank],
             fmt::format("half of its calls take {:.3g} ms and more (the others': {:.3g} ms)",
                         1e3 * medians[rank], 1e3 * others),
             {.inputs = fmt::format("calls={} slow={} medianMs={:.4g} othersMedianMs={:.4g}",
                                    latency.count(), slow, 1e3 * medians[rank], 1e3 * others),
              .thresholds = fmt::format("medianMsLimit={:.4g} latencyFactor={}", 1e3 * limit,
                                        settings.latencyFactor),
              .distance = 0,
              .counterfactual = {
                  "stayed in", {{"medianMs", Condition::Relation::AtMost, 1e3 * limit}}, ""}}});
    }
    sortWorstFirst(outliers);
    return outliers;
}

}  // namespace levee
