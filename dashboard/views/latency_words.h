// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison of latencies in words: always with the counts, and saying when they are too few.
#pragma once

#include <QString>
#include <vector>

#include "dashboard/model/latency_compare.h"
#include "dashboard/model/latency_difference_model.h"

namespace levee {

QString wordOf(LatencyDimension dimension);  ///< "instance", "caller", ...

/// "91 % of 37"; below 20: "3 of 7"; "-" of none.
QString shareOfCount(std::uint64_t part, std::uint64_t whole);

/// What was chosen, against what, and whether that is enough to tell anything.
QString comparisonSummary(const LatencyComparison& comparison, const LatencyBox& box);
/// In which dimensions nothing differs, or "".
QString sameText(const LatencyComparison& comparison);
/// Most first; none while there is too little to compare.
std::vector<DifferenceRow> differenceRows(const LatencyComparison& comparison,
                                          const LatencyBox& box);

}  // namespace levee
