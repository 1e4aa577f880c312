// SPDX-License-Identifier: Apache-2.0
#include "agent/store/rule_store.h"

#include <algorithm>

#include "agent/store/sqlite_rule_store.h"

namespace levee {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS revision(
  revision INTEGER PRIMARY KEY, millis INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,
  text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS note(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS override(
  id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL,
  concurrency INTEGER NOT NULL, factor REAL, author TEXT NOT NULL, reason TEXT NOT NULL,
  start_millis INTEGER NOT NULL, expires_millis INTEGER NOT NULL, boot_id TEXT NOT NULL,
  boot_deadline_millis INTEGER NOT NULL, remaining_millis INTEGER NOT NULL,
  class TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS audit(
  id INTEGER PRIMARY KEY, millis INTEGER NOT NULL, action INTEGER NOT NULL, author TEXT NOT NULL,
  reason TEXT NOT NULL, subject TEXT NOT NULL, revision INTEGER NOT NULL, change TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS audit_subject ON audit(subject, id);
CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
)";

RuleRevision read(const Statement& statement) {
    RuleRevision revision;
    revision.revision = statement.integer(0);
    revision.millis = statement.integer(1);
    revision.author = statement.text(2);
    revision.reason = statement.text(3);
    revision.text = statement.text(4);
    return revision;
}

}  // namespace

Result<RuleRevision> SqliteRuleStore::active() {
    const std::lock_guard lock(mutex_);
    return readActive();
}

Result<RuleRevision> SqliteRuleStore::append(std::int64_t expectedRevision,
                                             const RuleRevision& next, AuditAction action,
                                             const std::string& change) {
    const std::lock_guard lock(mutex_);
    const Result<RuleRevision> current = readActive();
    if (!current)
        return current;
    if (current->revision != expectedRevision) {
        return Error{"the rules are at revision " + std::to_string(current->revision) +
                         " now, the edit was made on " + std::to_string(expectedRevision) +
                         "; look at the difference and apply again",
                     ErrorKind::Conflict};
    }
    RuleRevision made = next;
    made.revision = current->revision + 1;
    made.active = true;
    const Status written = together([&]() -> Status {
        const Status inserted = insertRevision(made);
        if (!inserted)
            return inserted;
        return addAudit({action, made.author, made.reason, change, made.millis}, "rules",
                        made.revision);
    });
    if (!written)
        return written.error();
    return made;
}

Status SqliteRuleStore::insertRevision(const RuleRevision& revision) {
    auto statement = database_.prepare(
        "INSERT INTO revision(revision, millis, author, reason, text) VALUES(?, ?, ?, ?, ?)");
    if (!statement)
        return statement.error();
    return statement->bind(1, revision.revision)
        .bind(2, revision.millis)
        .bind(3, revision.author)
        .bind(4, revision.reason)
        .bind(5, revision.text)
        .run();
}

Result<std::vector<RuleRevision>> SqliteRuleStore::list(int limit, bool withText,
                                                        std::int64_t onlyRevision) {
    const std::lock_guard lock(mutex_);
    const Result<RuleRevision> current = readActive();
    if (!current)
        return current.error();
    if (onlyRevision == -1)
        onlyRevision = current->revision;
    auto statement = database_.prepare(
        "SELECT revision, millis, author, reason, CASE WHEN ? THEN text ELSE '' END FROM revision "
        "WHERE ? = 0 OR revision = ? ORDER BY revision DESC LIMIT ?");
    if (!statement)
        return statement.error();
    statement->bind(1, withText ? 1 : 0)
        .bind(2, onlyRevision)
        .bind(3, onlyRevision)
        .bind(4, std::clamp(limit, 1, 1000));
    std::vector<RuleRevision> revisions;
    Result<bool> row = statement->step();
    for (; row.isOk() && *row; row = statement->step()) {
        revisions.push_back(read(*statement));
        revisions.back().active = revisions.back().revision == current->revision;
    }
    if (!row)
        return row.error();
    return revisions;
}

std::string SqliteRuleStore::fileHash() {
    const std::lock_guard lock(mutex_);
    auto statement = database_.prepare("SELECT value FROM note WHERE name = 'file_hash'");
    if (!statement)
        return {};
    const Result<bool> row = statement->step();
    return row.isOk() && *row ? statement->text(0) : std::string();
}

Status SqliteRuleStore::setFileHash(const std::string& hash) {
    const std::lock_guard lock(mutex_);
    auto statement =
        database_.prepare("INSERT OR REPLACE INTO note(name, value) VALUES('file_hash', ?)");
    if (!statement)
        return statement.error();
    return statement->bind(1, hash).run();
}

std::string SqliteRuleStore::notice() const {
    return database_.quarantined().empty()
               ? std::string()
               : "the rule revisions were damaged; they lie in " + database_.quarantined();
}

Status SqliteRuleStore::together(const std::function<Status()>& changes) {
    Status done = database_.execute("BEGIN IMMEDIATE");
    if (!done)
        return done;
    done = changes();
    if (done)
        done = database_.execute("COMMIT");
    if (!done)
        (void)database_.execute("ROLLBACK");
    return done;
}

Result<RuleRevision> SqliteRuleStore::readActive() {
    auto statement = database_.prepare(
        "SELECT revision, millis, author, reason, text FROM revision ORDER BY revision DESC "
        "LIMIT 1");
    if (!statement)
        return statement.error();
    const Result<bool> row = statement->step();
    if (!row)
        return row.error();
    if (!*row)
        return RuleRevision{};
    RuleRevision revision = read(*statement);
    revision.active = true;
    return revision;
}

Result<std::unique_ptr<RuleStore>> RuleStore::open(const std::string& directory,
                                                   std::int64_t nowMillis) {
    Result<Database> database =
        Database::open(directory + "/rules.db", Durability::Full, nowMillis);
    if (!database)
        return database.error();
    Status made = database->execute(kSchema);
    if (made)
        made = database->addMissingText("override", "class");
    if (!made)
        return made.error();
    return std::unique_ptr<RuleStore>(std::make_unique<SqliteRuleStore>(std::move(*database)));
}

}  // namespace levee
