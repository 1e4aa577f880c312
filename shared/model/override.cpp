// SPDX-License-Identifier: Apache-2.0
#include "shared/model/override.h"

#include <fmt/format.h>

#include <cmath>

namespace levee {

std::string describe(const Override& value) {
    switch (value.kind) {
        case OverrideKind::ForceOpen:
            return "forced open";
        case OverrideKind::ForceClosed:
            return "forced closed";
        case OverrideKind::Limit:
            return std::isnan(value.factor) ? fmt::format("limit {}", value.limit)
                                            : fmt::format("limit {} ({:g} times what it was)",
                                                          value.limit, value.factor);
        case OverrideKind::Shed:
            return fmt::format("refusing class {} and below", value.className);
    }
    return "invalid";
}

bool isSame(const Override& a, const Override& b) {
    const bool isSameFactor =
        a.factor == b.factor || (std::isnan(a.factor) && std::isnan(b.factor));
    return a.id == b.id && a.subject == b.subject && a.kind == b.kind && a.limit == b.limit &&
           isSameFactor && a.author == b.author && a.reason == b.reason &&
           a.startMillis == b.startMillis && a.expiresMillis == b.expiresMillis &&
           a.remainingSeconds == b.remainingSeconds && a.rule == b.rule &&
           a.ruleFile == b.ruleFile && a.className == b.className;
}

}  // namespace levee
