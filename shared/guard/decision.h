// SPDX-License-Identifier: Apache-2.0
// Why a guard decided as it did, so that a person can follow it and a program can check it: what
// was looked at, what it was held against, how far apart the two were, and what would have led to
// another decision.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/topology.h"

namespace levee {

/// "failureShare > 0.62". A value.
struct Condition {
    enum class Relation { AtLeast, Above, AtMost };
    std::string name;  ///< a setting as rules call it ("failureShare"), or an input ("failed")
    Relation relation = Relation::AtLeast;
    double value = 0;
};

/// What would have led to another decision, on the same calls. A value.
struct Counterfactual {
    std::string outcome = {};  ///< "stayed closed"
    std::vector<Condition> conditions =
        {};                  ///< all of them together; none: there is nothing to say
    std::string given = {};  ///< what else is assumed, or ""

    /// "would have stayed closed at failureShare > 0.62 and consecutiveFailures >= 11"; "" without
    /// conditions. Values are rounded to three decimals, away from where they would be false.
    std::string text() const;
};

/// One decision's record. A value.
struct Decision {
    std::string inputs = {};      ///< measured: "calls=20 failed=12 slow=0"
    std::string thresholds = {};  ///< held against, as rules call them: "minimumCalls=20 ..."
    /// From the threshold, as the decision fell: 1 far away, 0 reached. kUnknown where a clock or a
    /// person decided.
    double distance = kUnknown;
    Counterfactual counterfactual = {};
};

/// The condition under which `hits` of `calls` would not have reached the share `limit`: a higher
/// limit, or where all were hits and no limit is higher, fewer of them.
/// REQUIRES: 0 < hits <= calls, hits / calls >= limit > 0.
Condition belowShare(std::string_view setting, std::string_view input, std::uint64_t hits,
                     std::uint64_t calls, double limit);
/// So many of `calls` reach the share `limit`; at least 1.
std::uint64_t hitsAtShare(double limit, std::uint64_t calls);

}  // namespace levee
