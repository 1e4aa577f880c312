// SPDX-License-Identifier: Apache-2.0
#include "agent/store/database.h"

#include <sqlite3.h>

#include <cstdio>
#include <utility>

namespace levee {
namespace {

Error sqliteError(sqlite3* handle, std::string_view what) {
    return {std::string(what) + ": " + (handle != nullptr ? sqlite3_errmsg(handle) : "no memory")};
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

Statement& Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(statement_, index, value);
    return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
    sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindReal(int index, double value) {
    sqlite3_bind_double(statement_, index, value);
    return *this;
}

Statement& Statement::bindBlob(int index, std::string_view bytes) {
    sqlite3_bind_blob64(statement_, index, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
}

Result<bool> Statement::step() {
    switch (sqlite3_step(statement_)) {
        case SQLITE_ROW:
            return true;
        case SQLITE_DONE:
            return false;
        default:
            return sqliteError(sqlite3_db_handle(statement_), "database");
    }
}

Status Statement::run() {
    Result<bool> more = step();
    while (more.isOk() && *more)
        more = step();
    reset();
    return more.isOk() ? Status::ok() : Status(more.error());
}

void Statement::reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

bool Statement::isNull(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string Statement::text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr
               ? std::string()
               : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

Database::Database(Database&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), quarantined_(std::move(other.quarantined_)) {}

Database::~Database() {
    sqlite3_close(handle_);
}

Result<Database> Database::open(const std::string& path, Durability durability,
                                std::int64_t nowMillis) {
    Result<Database> first = openChecked(path, durability);
    if (first.isOk() || first.error().kind != ErrorKind::Invalid)
        return first;
    const std::string aside = path + ".damaged-" + std::to_string(nowMillis);
    if (std::rename(path.c_str(), aside.c_str()) != 0)
        return first;
    std::remove((path + "-wal").c_str());
    std::remove((path + "-shm").c_str());
    Result<Database> second = openChecked(path, durability);
    if (second.isOk())
        second->quarantined_ = aside;
    return second;
}

Result<Database> Database::openChecked(const std::string& path, Durability durability) {
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(handle);
    if (code != SQLITE_OK)
        return Error{sqliteError(handle, "cannot open " + path).message, ErrorKind::Unavailable};
    sqlite3_busy_timeout(handle, 5000);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);

    Result<Statement> check = database.prepare("PRAGMA quick_check(1)");
    if (!check)
        return Error{path + " is damaged: " + check.error().message, ErrorKind::Invalid};
    const Result<bool> row = check->step();
    if (!row || check->text(0) != "ok")
        return Error{path + " is damaged", ErrorKind::Invalid};
    check->reset();
    const char* synchronous = durability == Durability::Full ? "FULL" : "NORMAL";
    const Status set =
        database.execute(std::string("PRAGMA journal_mode=WAL; PRAGMA synchronous=") + synchronous);
    if (!set)
        return Error{"cannot use " + path + ": " + set.error().message, ErrorKind::Unavailable};
    return database;
}

Status Database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return sqliteError(handle_, "database");
    return Status::ok();
}

Result<Statement> Database::prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), static_cast<int>(sql.size()), &statement,
                           nullptr) != SQLITE_OK)
        return sqliteError(handle_, "database");
    return Statement(statement);
}

Status Database::addMissingText(const std::string& table, const std::string& column) {
    auto columns = prepare("SELECT count(*) FROM pragma_table_info(?) WHERE name = ?");
    if (!columns)
        return columns.error();
    const Result<bool> row = columns->bind(1, table).bind(2, column).step();
    if (!row)
        return row.error();
    if (columns->integer(0) > 0)
        return {};
    columns->reset();
    return execute("ALTER TABLE " + table + " ADD COLUMN " + column + " TEXT NOT NULL DEFAULT ''");
}

std::int64_t Database::lastRowId() const {
    return sqlite3_last_insert_rowid(handle_);
}

}  // namespace levee
