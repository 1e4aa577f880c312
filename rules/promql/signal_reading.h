// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "rules/promql/value.h"

namespace levee::promql {

/// A signal of a pack and what it says now.
struct SignalReading {
    std::string pack;
    std::string name;
    std::string unit;  ///< see rules/lang/pack.h
    std::string help;
    std::string normal;
    Vector elements;          ///< a scalar is one without labels; none: no data
    std::size_t leftOut = 0;  ///< elements beyond the bound
    std::string problem;      ///< why it has no value, or ""
};

}  // namespace levee::promql
