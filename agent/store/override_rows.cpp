// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "agent/store/sqlite_rule_store.h"

namespace levee {
namespace {

constexpr auto kLastKind = static_cast<std::int64_t>(OverrideKind::Shed);

StoredOverride read(const Statement& row) {
    StoredOverride stored;
    stored.value.id = row.integer(0);
    stored.value.subject = row.text(1);
    stored.value.kind =
        static_cast<OverrideKind>(std::clamp<std::int64_t>(row.integer(2), 0, kLastKind));
    stored.value.limit = static_cast<std::uint32_t>(std::max<std::int64_t>(0, row.integer(3)));
    stored.value.factor = row.isNull(4) ? kUnknown : row.real(4);
    stored.value.author = row.text(5);
    stored.value.reason = row.text(6);
    stored.value.startMillis = row.integer(7);
    stored.value.expiresMillis = row.integer(8);
    stored.bootId = row.text(9);
    stored.bootDeadlineMillis = row.integer(10);
    stored.remainingMillis = row.integer(11);
    stored.value.className = row.text(12);
    return stored;
}

}  // namespace

Result<std::vector<StoredOverride>> SqliteRuleStore::overrides() {
    const std::lock_guard lock(mutex_);
    auto statement = database_.prepare(
        "SELECT id, subject, kind, concurrency, factor, author, reason, start_millis, "
        "expires_millis, boot_id, boot_deadline_millis, remaining_millis, class FROM override "
        "ORDER BY subject");
    if (!statement)
        return statement.error();
    std::vector<StoredOverride> overrides;
    Result<bool> row = statement->step();
    for (; row.isOk() && *row; row = statement->step())
        overrides.push_back(read(*statement));
    if (!row)
        return row.error();
    return overrides;
}

Status SqliteRuleStore::insertOverride(const StoredOverride& next) {
    auto statement = database_.prepare(
        "INSERT INTO override(subject, kind, concurrency, factor, author, reason, start_millis, "
        "expires_millis, boot_id, boot_deadline_millis, remaining_millis, class) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!statement)
        return statement.error();
    const Override& value = next.value;
    statement->bind(1, value.subject)
        .bind(2, static_cast<std::int64_t>(value.kind))
        .bind(3, std::int64_t{value.limit})
        .bind(5, value.author)
        .bind(6, value.reason)
        .bind(7, value.startMillis)
        .bind(8, value.expiresMillis)
        .bind(9, next.bootId)
        .bind(10, next.bootDeadlineMillis)
        .bind(11, next.remainingMillis)
        .bind(12, value.className);
    if (!std::isnan(value.factor))
        statement->bindReal(4, value.factor);
    return statement->run();
}

Result<std::int64_t> SqliteRuleStore::setOverride(const StoredOverride& next,
                                                  const AuditNote& note) {
    const std::lock_guard lock(mutex_);
    std::int64_t id = 0;
    const Status done = together([&]() -> Status {
        auto old = database_.prepare("DELETE FROM override WHERE subject = ?");
        if (!old)
            return old.error();
        const Status removed = old->bind(1, next.value.subject).run();
        if (!removed)
            return removed;
        const Status inserted = insertOverride(next);
        if (!inserted)
            return inserted;
        id = database_.lastRowId();
        return addAudit(note, next.value.subject);
    });
    if (!done)
        return done.error();
    return id;
}

Status SqliteRuleStore::extendOverride(const StoredOverride& next, const AuditNote& note) {
    const std::lock_guard lock(mutex_);
    return together([&]() -> Status {
        auto statement = database_.prepare(
            "UPDATE override SET expires_millis = ?, boot_id = ?, boot_deadline_millis = ?, "
            "remaining_millis = ? WHERE id = ?");
        if (!statement)
            return statement.error();
        const Status updated = statement->bind(1, next.value.expiresMillis)
                                   .bind(2, next.bootId)
                                   .bind(3, next.bootDeadlineMillis)
                                   .bind(4, next.remainingMillis)
                                   .bind(5, next.value.id)
                                   .run();
        return updated ? addAudit(note, next.value.subject) : updated;
    });
}

Status SqliteRuleStore::removeOverride(const Override& value, const AuditNote& note) {
    const std::lock_guard lock(mutex_);
    return together([&]() -> Status {
        auto statement = database_.prepare("DELETE FROM override WHERE id = ?");
        if (!statement)
            return statement.error();
        const Status removed = statement->bind(1, value.id).run();
        return removed ? addAudit(note, value.subject) : removed;
    });
}

Status SqliteRuleStore::saveRemaining(const std::vector<StoredOverride>& overrides) {
    const std::lock_guard lock(mutex_);
    return together([&]() -> Status {
        auto statement = database_.prepare("UPDATE override SET remaining_millis = ? WHERE id = ?");
        if (!statement)
            return statement.error();
        for (const StoredOverride& each : overrides) {
            const Status saved =
                statement->bind(1, each.remainingMillis).bind(2, each.value.id).run();
            if (!saved)
                return saved;
        }
        return Status::ok();
    });
}

}  // namespace levee
