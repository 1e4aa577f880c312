// SPDX-License-Identifier: Apache-2.0
// What an operator, or an automation, holds over the rules for a limited time. It changes no rule
// and no revision; when it ends, the guard is the rule's again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/model/topology.h"

namespace levee {

enum class OverrideKind {
    ForceOpen,    ///< an edge's breaker lets nothing through
    ForceClosed,  ///< an edge's breaker lets everything through
    Limit,        ///< a service's concurrency limit stands at `limit`
    Shed,         ///< a service refuses the class `className` and all below it
};

/// One override. The agent counts its time on a clock that never jumps; `expiresMillis` says when
/// that will be by the wall clock, for people. A value.
struct Override {
    std::int64_t id = 0;  ///< counts up for ever on one agent
    std::string subject;  ///< the guard: "payment" or "checkout->payment"
    OverrideKind kind = OverrideKind::ForceOpen;
    std::uint32_t limit = 0;   ///< Limit: concurrent requests, 1 to 100,000
    double factor = kUnknown;  ///< Limit: `limit` was this times the limit of that moment
    std::string author;
    std::string reason;
    std::int64_t startMillis = 0;
    std::int64_t expiresMillis = 0;
    double remainingSeconds = 0;  ///< as of the state that it stands in
    std::string rule;             ///< that it overrides, or "default"; "" where nobody has looked
    std::string ruleFile;         ///< where that rule stands on the agent's disk, or ""
    std::string className = {};   ///< Shed
};

/// "forced open", "forced closed", "limit 20", "limit 20 (0.5 times what it was)", "refusing class
/// batch and below".
std::string describe(const Override& value);

/// Automations hold under their own name: "automation:redis-memory-full". No person may.
inline constexpr std::string_view kAutomationAuthor = "automation:";
inline bool isByAutomation(const Override& value) {
    return value.author.starts_with(kAutomationAuthor);
}

bool isSame(const Override& a, const Override& b);

}  // namespace levee
