// SPDX-License-Identifier: Apache-2.0
// Whether a host is worse off with new rules than before them: errors, refusals, latency. Pure.
#pragma once

#include <string>
#include <vector>

#include "shared/model/snapshot.h"

namespace levee::cli {

/// What counts as worse. All three have to be beyond doubt as well, see worsenings().
struct RolloutLimits {
    double errors = 0.01;   ///< so much more of the requests fails, 0 to 1
    double refused = 0.10;  ///< so much more of them is refused by a guard, 0 to 1
    double latency = 1.3;   ///< so many times the p99 (and 5 ms more)
};

enum class Harm { Errors, Refused, Latency };

struct Worsening {
    Harm harm = Harm::Errors;
    std::string subject;  ///< "payment", "checkout->payment"
    std::string text;     ///< "errors 0.2 % -> 7.1 % of 512 requests"
};

/// What got worse from `before` to `after`, seconds of one subject's traffic. Shares count when
/// their Wilson bounds (z = 3.3: one in two thousand) do not overlap; latencies when the seconds'
/// p99 differ by as much in Wilcoxon's rank-sum test, with five seconds on either side at least.
/// Both have to be worse than at the end of `before` as well: an agent's rates trail by some five
/// seconds, and what went wrong until then shows afterwards, too.
/// Empty: nothing got worse, or too little was seen.
std::vector<Worsening> worsenings(const std::string& subject,
                                  const std::vector<SeriesPoint>& before,
                                  const std::vector<SeriesPoint>& after,
                                  const RolloutLimits& limits);

/// Requests in these seconds.
double requestsIn(const std::vector<SeriesPoint>& points);

}  // namespace levee::cli
