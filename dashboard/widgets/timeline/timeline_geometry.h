// SPDX-License-Identifier: GPL-3.0-or-later
// Where things stand on a timeline: pure values, without a window.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dashboard/widgets/state_glyph.h"

namespace levee {

/// From wall time to pixels and back. REQUIRES: from < to, left < right.
struct TimelineScale {
    std::int64_t fromMillis = 0;
    std::int64_t toMillis = 1;
    double left = 0;
    double right = 1;

    double xOf(std::int64_t millis) const {
        return left + (right - left) * static_cast<double>(millis - fromMillis) /
                          static_cast<double>(toMillis - fromMillis);
    }
    std::int64_t millisAt(double x) const {
        return fromMillis + static_cast<std::int64_t>((x - left) / (right - left) *
                                                      static_cast<double>(toMillis - fromMillis));
    }
};

/// One thing on a lane.
struct TimelineMark {
    std::string id;
    std::int64_t millis = 0;
    int lane = 0;  ///< from the top
    VisualState state = VisualState::Idle;
    QString text;          ///< one line
    bool isQuiet = false;  ///< not about what is selected: drawn dim
};

/// Marks that would cover each other, as one: the worst shows, the others are counted.
struct TimelineCluster {
    double x = 0;  ///< where the mark that shows is drawn
    int lane = 0;
    std::size_t shown = 0;             ///< index of the worst, the newest of several
    std::vector<std::size_t> members;  ///< oldest first
};

/// Marks outside the scale are left out. `distance`: marks of a lane closer than this are one
/// cluster, at most that wide; those that show are as far apart, and may stand a little before
/// their time for it. By lane, then from left to right. O(n log n).
std::vector<TimelineCluster> clusterMarks(const std::vector<TimelineMark>& marks,
                                          const TimelineScale& scale, double distance);

/// Round times for the axis, at least `spacing` pixels apart: 10 s, 1 min, 5 min, 1 h, ...
std::vector<std::int64_t> axisTicks(const TimelineScale& scale, double spacing);

}  // namespace levee
