// SPDX-License-Identifier: GPL-3.0-or-later
// What a session asks its agent to hold by hand, free of protobuf. Immutable values. The meaning of
// each field is that of shared/wire/proto/levee/v1/overrides.proto.
#pragma once

#include <cstdint>
#include <string>

#include "shared/model/override.h"

namespace levee {

struct OverrideOrder {
    std::string subject;  ///< a guard: "payment" or "checkout->payment"
    OverrideKind kind = OverrideKind::ForceOpen;
    std::uint32_t limit = 0;     ///< Limit: this, 1 to 100,000, or
    double factor = 0;           ///< this times the limit in force, 0.01 to 100; 0: not given
    std::int64_t ttlMillis = 0;  ///< 1 s to the agent's longest; 0: the agent's default
    std::string author;
    std::string reason;    ///< required
    bool replace = false;  ///< of one that is there; else that is a conflict
    bool isMeant = false;  ///< the service is protected, and it is meant all the same
};

/// Of an override that is there.
struct OverrideChange {
    std::string subject;
    std::int64_t id = 0;         ///< 0: whichever holds the subject
    std::int64_t ttlMillis = 0;  ///< extend: from now; 0: the agent's default
    std::string author;
    std::string reason;  ///< extend: required
};

}  // namespace levee
