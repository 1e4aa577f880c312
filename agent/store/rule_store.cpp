// SPDX-License-Identifier: Apache-2.0
#include "agent/store/rule_store.h"

#include <algorithm>
#include <mutex>

#include "agent/store/database.h"

namespace levee {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS revision(
  revision INTEGER PRIMARY KEY, millis INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,
  text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS note(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)";

class SqliteRuleStore final : public RuleStore {
public:
    explicit SqliteRuleStore(Database database) : database_(std::move(database)) {}

    Result<RuleRevision> active() override {
        const std::lock_guard lock(mutex_);
        return readActive();
    }

    Result<RuleRevision> append(std::int64_t expectedRevision, const RuleRevision& next) override {
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
        auto statement = database_.prepare(
            "INSERT INTO revision(revision, millis, author, reason, text) VALUES(?, ?, ?, ?, ?)");
        if (!statement)
            return statement.error();
        const Status written = statement->bind(1, made.revision)
                                   .bind(2, made.millis)
                                   .bind(3, made.author)
                                   .bind(4, made.reason)
                                   .bind(5, made.text)
                                   .run();
        if (!written)
            return written.error();
        return made;
    }

    Result<std::vector<RuleRevision>> list(int limit, bool withText,
                                           std::int64_t onlyRevision) override {
        const std::lock_guard lock(mutex_);
        const Result<RuleRevision> current = readActive();
        if (!current)
            return current.error();
        if (onlyRevision == -1)
            onlyRevision = current->revision;
        auto statement = database_.prepare(
            "SELECT revision, millis, author, reason, CASE WHEN ? THEN text ELSE '' END FROM "
            "revision "
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

    std::string fileHash() override {
        const std::lock_guard lock(mutex_);
        auto statement = database_.prepare("SELECT value FROM note WHERE name = 'file_hash'");
        if (!statement)
            return {};
        const Result<bool> row = statement->step();
        return row.isOk() && *row ? statement->text(0) : std::string();
    }

    Status setFileHash(const std::string& hash) override {
        const std::lock_guard lock(mutex_);
        auto statement =
            database_.prepare("INSERT OR REPLACE INTO note(name, value) VALUES('file_hash', ?)");
        if (!statement)
            return statement.error();
        return statement->bind(1, hash).run();
    }

    std::string notice() const override {
        return database_.quarantined().empty()
                   ? std::string()
                   : "the rule revisions were damaged; they lie in " + database_.quarantined();
    }

private:
    static RuleRevision read(const Statement& statement) {
        RuleRevision revision;
        revision.revision = statement.integer(0);
        revision.millis = statement.integer(1);
        revision.author = statement.text(2);
        revision.reason = statement.text(3);
        revision.text = statement.text(4);
        return revision;
    }

    Result<RuleRevision> readActive() {
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

    std::mutex mutex_;
    Database database_;
};

}  // namespace

Result<std::unique_ptr<RuleStore>> RuleStore::open(const std::string& directory,
                                                   std::int64_t nowMillis) {
    Result<Database> database =
        Database::open(directory + "/rules.db", Durability::Full, nowMillis);
    if (!database)
        return database.error();
    const Status made = database->execute(kSchema);
    if (!made)
        return made.error();
    return std::unique_ptr<RuleStore>(std::make_unique<SqliteRuleStore>(std::move(*database)));
}

}  // namespace levee
