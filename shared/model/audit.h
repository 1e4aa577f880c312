// SPDX-License-Identifier: Apache-2.0
// The record of every change that somebody made: written with the change, or the change is not
// made.
#pragma once

#include <cstdint>
#include <string>

namespace levee {

enum class AuditAction {
    Apply,     ///< rules through the API
    Rollback,  ///< to an earlier revision
    Files,     ///< rule files that were read
    OverrideSet,
    OverrideExtend,
    OverrideClear,   ///< ended by somebody
    OverrideExpire,  ///< ended by the agent
};

/// One entry. Entries are only ever added. A value.
struct AuditEntry {
    std::int64_t id = 0;  ///< counts up, without gaps
    std::int64_t millis = 0;
    AuditAction action = AuditAction::Apply;
    std::string author;  ///< "agent" where it acted by itself
    std::string reason;
    std::string subject;        ///< "rules", or the guard of an override
    std::int64_t revision = 0;  ///< in force afterwards; of an override: during it
    std::string change;         ///< rules: a unified diff of the texts; overrides: what is held
};

}  // namespace levee
