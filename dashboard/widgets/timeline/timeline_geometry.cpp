// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/timeline/timeline_geometry.h"

#include <algorithm>
#include <tuple>

namespace levee {
namespace {

constexpr std::int64_t kSteps[] = {1'000,     5'000,      10'000,     30'000,     60'000,
                                   120'000,   300'000,    600'000,    1'800'000,  3'600'000,
                                   7'200'000, 21'600'000, 86'400'000, 604'800'000};

bool isWorse(const TimelineMark& a, const TimelineMark& b) {
    return std::make_tuple(a.isQuiet, severityRank(a.state), -a.millis) <
           std::make_tuple(b.isQuiet, severityRank(b.state), -b.millis);
}

}  // namespace

std::vector<TimelineCluster> clusterMarks(const std::vector<TimelineMark>& marks,
                                          const TimelineScale& scale, double distance) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < marks.size(); ++i)
        if (marks[i].millis >= scale.fromMillis && marks[i].millis <= scale.toMillis)
            order.push_back(i);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return std::tie(marks[a].lane, marks[a].millis, a) <
               std::tie(marks[b].lane, marks[b].millis, b);
    });
    std::vector<TimelineCluster> clusters;
    double first = 0;  // x of the newest cluster's first member
    for (const std::size_t i : order) {
        const double x = scale.xOf(marks[i].millis);
        if (clusters.empty() || clusters.back().lane != marks[i].lane || x - first > distance) {
            clusters.push_back({x, marks[i].lane, i, {i}});
            first = x;
            continue;
        }
        TimelineCluster& cluster = clusters.back();
        cluster.members.push_back(i);
        if (isWorse(marks[i], marks[cluster.shown])) {
            cluster.shown = i;
            cluster.x = x;
        }
    }
    // One that shows at the end of its cluster would be covered by the next: it moves back, never
    // in front of its own first member.
    for (std::size_t i = clusters.size(); i-- > 1;)
        if (clusters[i - 1].lane == clusters[i].lane)
            clusters[i - 1].x = std::min(clusters[i - 1].x, clusters[i].x - distance);
    return clusters;
}

std::vector<std::int64_t> axisTicks(const TimelineScale& scale, double spacing) {
    const double perPixel = static_cast<double>(scale.toMillis - scale.fromMillis) /
                            std::max(1.0, scale.right - scale.left);
    const auto* step = std::ranges::find_if(kSteps, [&](std::int64_t millis) {
        return static_cast<double>(millis) >= perPixel * spacing;
    });
    const std::int64_t millis = step != std::end(kSteps) ? *step : *(std::end(kSteps) - 1);
    std::vector<std::int64_t> ticks;
    for (std::int64_t at = (scale.fromMillis / millis + 1) * millis; at < scale.toMillis;
         at += millis)
        ticks.push_back(at);
    return ticks;
}

}  // namespace levee
