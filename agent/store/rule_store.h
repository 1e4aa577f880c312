// SPDX-License-Identifier: Apache-2.0
// The rule sets that were ever put in force: who, when, why, the text. Every commit is on disk
// before the call returns (synchronous=FULL): a rule that was acknowledged survives a power cut.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/model/snapshot.h"

namespace levee {

/// Thread-safe; calls wait for the disk, so not for the control thread.
class RuleStore {
public:
    /// Opens `<directory>/rules.db`.
    static Result<std::unique_ptr<RuleStore>> open(const std::string& directory,
                                                   std::int64_t nowMillis);
    virtual ~RuleStore() = default;

    /// The revision in force; revision 0 with no text where there is none yet.
    virtual Result<RuleRevision> active() = 0;

    /// Puts `next` in force under the next number. `next.revision` is ignored.
    /// Conflict when `expectedRevision` is not the active one: nothing is changed.
    virtual Result<RuleRevision> append(std::int64_t expectedRevision,
                                        const RuleRevision& next) = 0;

    /// Newest first. onlyRevision: 0 all, -1 the active one. Texts only where asked for.
    virtual Result<std::vector<RuleRevision>> list(int limit, bool withText,
                                                   std::int64_t onlyRevision) = 0;

    /// The content hash of the rule files that a revision was made from, to see that they changed
    /// on disk.
    virtual std::string fileHash() = 0;
    virtual Status setFileHash(const std::string& hash) = 0;

    virtual std::string notice() const = 0;  ///< as HistoryStore's
};

}  // namespace levee
