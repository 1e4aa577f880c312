// SPDX-License-Identifier: GPL-3.0-or-later
// A trace as rows of a waterfall: pure values, without a window.
#pragma once

#include <vector>

#include "shared/model/trace.h"

namespace levee {

struct WaterfallRow {
    std::size_t span = 0;  ///< index in Trace::spans
    int depth = 0;         ///< 0: a root
    double start = 0;      ///< seconds after the beginning of the trace
    double seconds = 0;
    double selfSeconds = 0;   ///< without what its children cover
    bool isCritical = false;  ///< on the way that the trace's end waited for
};

struct Waterfall {
    std::vector<WaterfallRow> rows;  ///< parents before their children, children by start
    double seconds = 0;              ///< from the first start to the last end
};

/// Spans whose parent is missing are roots; cycles are cut. Clocks of hosts may disagree: a child
/// may begin before its parent, which is shown as it was told. O(n log n).
Waterfall layOutWaterfall(const Trace& trace);

}  // namespace levee
