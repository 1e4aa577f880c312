// SPDX-License-Identifier: Apache-2.0
// The functions of the subset: their names and the types of what they take and give.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/promql/expression.h"

namespace levee::promql {

struct Function {
    std::string_view name;
    ValueType result;
    std::vector<ValueType> arguments;
    std::size_t optional = 0;  ///< how many of the last arguments may be left out
    bool isVariadic = false;   ///< the last argument may stand there any number of times, or not
};

/// Sorted by name.
const std::vector<Function>& functions();
/// Null when the subset has none of that name.
const Function* findFunction(std::string_view name);
/// What to write in place of a function that Prometheus has and the subset has not; "" for a name
/// that is none of Prometheus' functions.
std::string_view replacementOf(std::string_view name);

}  // namespace levee::promql
