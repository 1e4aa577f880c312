// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that a session carries to its agent, and their answers, free of protobuf. Immutable
// values. The meaning of each field is that of shared/wire/proto/levee/v1/{rules,history}.proto.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/diagnostic.h"

namespace levee {

/// How an edit meets the rules in force.
enum class RuleEditKind {
    Replace,  ///< the text is the whole rule set
    Merge,    ///< documents of the same name are replaced, others stay
};

struct RuleCheckRequest {
    std::string text;
    std::string fileName;  ///< shown in diagnostics
    RuleEditKind edit = RuleEditKind::Replace;
};

struct RuleCheckResult {
    Diagnostics diagnostics;
    std::vector<std::string> changes;  ///< difference to the rules in force, a line each
    std::int64_t activeRevision = 0;
};

struct RuleApplyRequest {
    std::string text;
    std::string fileName;
    RuleEditKind edit = RuleEditKind::Replace;
    std::int64_t expectedRevision = 0;  ///< the revision the edit was made on
    std::string author;
    std::string reason;  ///< required
};

struct RuleApplyResult {
    bool applied = false;
    bool conflict = false;  ///< expectedRevision is not the active one; nothing was changed
    std::int64_t activeRevision = 0;
    Diagnostics diagnostics;
    std::vector<std::string> changes;
};

struct RuleRollbackRequest {
    std::int64_t toRevision = 0;        ///< 0: the one before the active one
    std::int64_t expectedRevision = 0;  ///< 0: whatever is active
    std::string author;
    std::string reason;
};

struct RevisionsRequest {
    int limit = 50;
    bool withText = false;
    std::int64_t onlyRevision = 0;  ///< 0: all; -1: the active one
};

struct TracesRequest {
    std::string subject;  ///< a service or an edge; "": all
    int limit = 50;       ///< at most 500
};

struct SeriesRequest {
    std::string subject;          ///< "payment" or "checkout->payment"
    std::int64_t fromMillis = 0;  ///< inclusive
    std::int64_t toMillis = 0;    ///< exclusive; 0: now
};

struct LatencyRequest {
    std::string subject;          ///< a service with the edges around it, or an edge alone
    std::int64_t fromMillis = 0;  ///< 0: all that is kept; then LatencyMap::untilMillis
};

}  // namespace levee
