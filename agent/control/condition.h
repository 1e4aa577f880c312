// SPDX-License-Identifier: Apache-2.0
// What the condition of an automation says at one time, over series. Pure.
#pragma once

#include <string>

#include "rules/promql/evaluator.h"
#include "shared/model/automation_state.h"

namespace levee {

struct ConditionReading {
    ConditionState state = ConditionState::Unknown;
    /// What is compared, of the element that is farthest beyond the threshold, or while it does not
    /// hold closest to it; kUnknown where nothing is compared with a number.
    double value = kUnknown;
    promql::Labels labels;     ///< of that element, without the metric's name
    std::size_t elements = 0;  ///< for which it holds
    std::string detail;        ///< Absent: of what; Failed: why
};

/// True: it gives at least one element. What was only not found is False where all that it reads
/// has data, and Absent where it has not.
ConditionReading readCondition(const promql::Expression& condition,
                               const promql::SeriesSource& source, promql::Millis now);

/// `> 0.95` of a comparison with a number, or "".
std::string thresholdOf(const promql::Expression& condition);
/// `0.97 {instance="a"}, and 2 more`
std::string describe(const ConditionReading& reading);

}  // namespace levee
