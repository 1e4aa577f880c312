// SPDX-License-Identifier: Apache-2.0
// Errors are values below the composition roots; exceptions of libraries are caught in the adaptor
// that uses the library.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace levee {

/// What a caller should do about an error, for exit codes and RPC status.
enum class ErrorKind { Failed, Invalid, NotFound, Conflict, Unavailable, Exhausted };

/// A failure in a sentence a person can act on: what, where, the value, the fix.
struct Error {
    std::string message;
    ErrorKind kind = ErrorKind::Failed;
};

/// A value or an Error. REQUIRES: isOk() before value(), !isOk() before error().
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool isOk() const { return state_.index() == 0; }
    explicit operator bool() const { return isOk(); }
    const T& value() const& { return std::get<0>(state_); }
    T& value() & { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }
    const Error& error() const { return std::get<1>(state_); }

private:
    std::variant<T, Error> state_;
};

/// Success, or an Error.
class [[nodiscard]] Status {
public:
    Status() = default;
    Status(Error error) : error_(std::move(error)) {}
    static Status ok() { return {}; }

    bool isOk() const { return !error_.has_value(); }
    explicit operator bool() const { return isOk(); }
    const Error& error() const { return *error_; }

private:
    std::optional<Error> error_;
};

}  // namespace levee
