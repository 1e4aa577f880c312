// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "agent/store/sqlite_rule_store.h"

namespace levee {
namespace {

constexpr auto kLastAction = static_cast<std::int64_t>(AuditAction::OverrideExpire);

}  // namespace

Status SqliteRuleStore::addAudit(const AuditNote& note, const std::string& subject,
                                 std::int64_t revision) {
    auto statement = database_.prepare(
        "INSERT INTO audit(millis, action, author, reason, subject, revision, change) "
        "VALUES(?, ?, ?, ?, ?, ?, ?)");
    if (!statement)
        return statement.error();
    return statement->bind(1, note.millis)
        .bind(2, static_cast<std::int64_t>(note.action))
        .bind(3, note.author)
        .bind(4, note.reason)
        .bind(5, subject)
        .bind(6, revision)
        .bind(7, note.change)
        .run();
}

Status SqliteRuleStore::addAudit(const AuditNote& note, const std::string& subject) {
    auto statement = database_.prepare("SELECT coalesce(max(revision), 0) FROM revision");
    if (!statement)
        return statement.error();
    const Result<bool> row = statement->step();
    if (!row)
        return row.error();
    return addAudit(note, subject, statement->integer(0));
}

Result<std::vector<AuditEntry>> SqliteRuleStore::audit(int limit, std::int64_t beforeId,
                                                       const std::string& subject) {
    const std::lock_guard lock(mutex_);
    auto statement = database_.prepare(
        "SELECT id, millis, action, author, reason, subject, revision, change FROM audit "
        "WHERE (?1 = 0 OR id < ?1) AND (?2 = '' OR subject = ?2) ORDER BY id DESC LIMIT ?3");
    if (!statement)
        return statement.error();
    statement->bind(1, beforeId).bind(2, subject).bind(3, std::clamp(limit, 1, 1000));
    std::vector<AuditEntry> entries;
    Result<bool> row = statement->step();
    for (; row.isOk() && *row; row = statement->step()) {
        AuditEntry& entry = entries.emplace_back();
        entry.id = statement->integer(0);
        entry.millis = statement->integer(1);
        entry.action = static_cast<AuditAction>(
            std::clamp<std::int64_t>(statement->integer(2), 0, kLastAction));
        entry.author = statement->text(3);
        entry.reason = statement->text(4);
        entry.subject = statement->text(5);
        entry.revision = statement->integer(6);
        entry.change = statement->text(7);
    }
    if (!row)
        return row.error();
    return entries;
}

}  // namespace levee
