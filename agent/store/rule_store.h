// SPDX-License-Identifier: Apache-2.0
// What people changed, kept: the rule sets that were ever put in force, the overrides that hold,
// and the audit of both. Every commit is on disk before the call returns (synchronous=FULL): what
// was acknowledged survives a power cut. A change and its audit entry are one transaction: where
// the audit cannot be written nothing changes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/model/audit.h"
#include "shared/model/override.h"
#include "shared/model/snapshot.h"

namespace levee {

/// An override as it lies on disk, with what it takes to know after a restart how much of it is
/// left: see OverrideBook.
struct StoredOverride {
    Override value;  ///< without remainingSeconds
    std::string bootId;
    std::int64_t bootDeadlineMillis = 0;  ///< by the clock of that boot
    std::int64_t remainingMillis = 0;     ///< as of the last time that it was saved
};

/// What the audit says of a change, beside what the change says itself.
struct AuditNote {
    AuditAction action = AuditAction::Apply;
    std::string author;
    std::string reason;
    std::string change;
    std::int64_t millis = 0;
};

/// Thread-safe; calls wait for the disk, so not for the control thread.
class RuleStore {
public:
    /// Opens `<directory>/rules.db`.
    static Result<std::unique_ptr<RuleStore>> open(const std::string& directory,
                                                   std::int64_t nowMillis);
    virtual ~RuleStore() = default;

    /// The revision in force; revision 0 with no text where there is none yet.
    virtual Result<RuleRevision> active() = 0;

    /// Puts `next` in force under the next number. `next.revision` is ignored. The audit entry has
    /// its author, reason and time.
    /// Conflict when `expectedRevision` is not the active one: nothing is changed.
    virtual Result<RuleRevision> append(std::int64_t expectedRevision, const RuleRevision& next,
                                        AuditAction action, const std::string& change) = 0;

    /// Newest first. onlyRevision: 0 all, -1 the active one. Texts only where asked for.
    virtual Result<std::vector<RuleRevision>> list(int limit, bool withText,
                                                   std::int64_t onlyRevision) = 0;

    /// The content hash of the rule files that a revision was made from, to see that they changed
    /// on disk.
    virtual std::string fileHash() = 0;
    virtual Status setFileHash(const std::string& hash) = 0;

    /// By subject.
    virtual Result<std::vector<StoredOverride>> overrides() = 0;
    /// Takes the place of the one on the same subject, if there is one. Returns its id;
    /// `next.value.id` is ignored.
    virtual Result<std::int64_t> setOverride(const StoredOverride& next, const AuditNote& note) = 0;
    /// The one with this id gets another expiry.
    virtual Status extendOverride(const StoredOverride& next, const AuditNote& note) = 0;
    virtual Status removeOverride(const Override& value, const AuditNote& note) = 0;
    /// How much of each is left, by id. No change, so no audit entry.
    virtual Status saveRemaining(const std::vector<StoredOverride>& overrides) = 0;

    /// Newest first. beforeId: older ones only, 0 from the newest. subject: "" all.
    virtual Result<std::vector<AuditEntry>> audit(int limit, std::int64_t beforeId,
                                                  const std::string& subject) = 0;

    virtual std::string notice() const = 0;  ///< as HistoryStore's
};

}  // namespace levee
