// SPDX-License-Identifier: Apache-2.0
// Private to agent/store.
#pragma once

#include <functional>
#include <mutex>

#include "agent/store/database.h"
#include "agent/store/rule_store.h"

namespace levee {

/// Revisions in rule_store.cpp, overrides in override_rows.cpp, the audit in audit_rows.cpp.
class SqliteRuleStore final : public RuleStore {
public:
    explicit SqliteRuleStore(Database database) : database_(std::move(database)) {}

    Result<RuleRevision> active() override;
    Result<RuleRevision> append(std::int64_t expectedRevision, const RuleRevision& next,
                                AuditAction action, const std::string& change) override;
    Result<std::vector<RuleRevision>> list(int limit, bool withText,
                                           std::int64_t onlyRevision) override;
    std::string fileHash() override;
    Status setFileHash(const std::string& hash) override;

    Result<std::vector<StoredOverride>> overrides() override;
    Result<std::int64_t> setOverride(const StoredOverride& next, const AuditNote& note) override;
    Status extendOverride(const StoredOverride& next, const AuditNote& note) override;
    Status removeOverride(const Override& value, const AuditNote& note) override;
    Status saveRemaining(const std::vector<StoredOverride>& overrides) override;

    Result<std::vector<AuditEntry>> audit(int limit, std::int64_t beforeId,
                                          const std::string& subject) override;

    std::string notice() const override;

private:
    /// All or nothing. Called with the lock held.
    Status together(const std::function<Status()>& changes);
    Result<RuleRevision> readActive();
    Status insertRevision(const RuleRevision& revision);
    Status insertOverride(const StoredOverride& next);
    Status addAudit(const AuditNote& note, const std::string& subject, std::int64_t revision);
    /// With the revision in force.
    Status addAudit(const AuditNote& note, const std::string& subject);

    std::mutex mutex_;
    Database database_;
};

}  // namespace levee
