// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

constexpr double kDecimals = 1'000;
constexpr double kTiny = 1e-9;  ///< what arithmetic on doubles may add

std::string text(const Condition& condition) {
    const double scaled = condition.value * kDecimals;
    switch (condition.relation) {
        case Condition::Relation::AtLeast:
            return fmt::format("{} >= {}", condition.name,
                               std::ceil(scaled - kTiny * scaled) / kDecimals);
        case Condition::Relation::Above:
            return fmt::format("{} > {}", condition.name,
                               std::ceil(scaled - kTiny * scaled) / kDecimals);
        case Condition::Relation::AtMost:
            return fmt::format("{} <= {}", condition.name,
                               std::floor(scaled + kTiny * scaled) / kDecimals);
    }
    return {};
}

}  // namespace

std::string Counterfactual::text() const {
    std::string words;
    for (const Condition& condition : conditions) {
        words += (words.empty() ? "would have " + outcome + " at " : std::string(" and ")) +
                 levee::text(condition);
    }
    return words.empty() || given.empty() ? words : words + ", " + given;
}

std::uint64_t hitsAtShare(double limit, std::uint64_t calls) {
    const double hits = std::ceil(limit * static_cast<double>(calls) - kTiny);
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::max(0.0, hits)));
}

Condition belowShare(std::string_view setting, std::string_view input, std::uint64_t hits,
                     std::uint64_t calls, double limit) {
    if (hits < calls) {
        return {std::string(setting), Condition::Relation::Above,
                static_cast<double>(hits) / static_cast<double>(calls)};
    }
    return {std::string(input), Condition::Relation::AtMost,
            static_cast<double>(hitsAtShare(limit, calls) - 1)};
}

}  // namespace levee
