// SPDX-License-Identifier: Apache-2.0
// What a person or an automation asks to hold, and whether that can be. Pure.
#pragma once

#include <string>

#include "agent/config/agent_config.h"
#include "shared/base/result.h"
#include "shared/model/guard_state.h"

namespace levee {

struct OverrideRequest {
    std::string subject;
    OverrideKind kind = OverrideKind::ForceOpen;
    std::uint32_t limit = 0;     ///< Limit: this, or
    double factor = 0;           ///< this times the limit in force; 0: not given
    std::string className = {};  ///< Shed
    Duration ttl{};              ///< zero: the default
    std::string author;
    std::string reason;
    bool replace = false;
    bool evenProtected = false;
    /// Not a person: it never takes the place of what is held, and `author` is
    /// kAutomationAuthor and its name, which nobody else may have.
    bool byAutomation = false;
};

inline constexpr std::size_t kLongestReason = 1000;  ///< bytes; of an author's name too

/// Every mistake at once. `guard`: the one of that subject; nullptr where there is none, which is
/// not a mistake of this kind.
Status checkOverride(const OverrideRequest& request, const GuardState* guard,
                     const OverrideConfig& config);

/// How long an override holds that was asked for so long; zero: the default.
Result<Duration> overrideTtl(Duration asked, const OverrideConfig& config);

/// The override that was asked for, as of now: a factor becomes a number.
/// REQUIRES: checkOverride() found nothing.
Override makeOverride(const OverrideRequest& request, const GuardState& guard);

}  // namespace levee
