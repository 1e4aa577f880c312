// SPDX-License-Identifier: Apache-2.0
// A thin RAII layer over SQLite: errors as values, statements that finalise themselves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace levee {

/// Whether a power cut may lose the newest commits (history) or must not (rules, audit).
enum class Durability { Normal, Full };

/// A prepared statement. Bind from 1, read columns from 0. Confined to one thread at a time.
class Statement {
public:
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::string_view text);
    Statement& bindReal(int index, double value);
    Statement& bindBlob(int index, std::string_view bytes);

    /// True: a row is there. False: done. An Error: SQLite's words.
    Result<bool> step();
    /// Runs to the end and makes the statement ready for new values.
    Status run();
    void reset();

    std::int64_t integer(int column) const;
    double real(int column) const;
    bool isNull(int column) const;
    std::string text(int column) const;  ///< also for blobs: bytes as they are

private:
    sqlite3_stmt* statement_;
};

/// One connection to one file, WAL journal, hardened against a hostile file. Confined to one thread
/// at a time.
class Database {
public:
    /// Opens or makes the file. A damaged file is moved aside to `<path>.damaged-<unix ms>` and a
    /// new one made; `quarantined` then names it.
    static Result<Database> open(const std::string& path, Durability durability,
                                 std::int64_t nowMillis);
    Database(Database&& other) noexcept;
    Database& operator=(Database&&) = delete;
    ~Database();

    Status execute(const std::string& sql);
    Result<Statement> prepare(const std::string& sql);
    /// For files of versions that did not know the column, whose rows get "" there.
    Status addMissingText(const std::string& table, const std::string& column);
    std::int64_t lastRowId() const;
    const std::string& quarantined() const { return quarantined_; }

private:
    explicit Database(sqlite3* handle) : handle_(handle) {}
    static Result<Database> openChecked(const std::string& path, Durability durability);

    sqlite3* handle_;
    std::string quarantined_;
};

}  // namespace levee
