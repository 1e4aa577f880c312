// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee {

/// Sends commands to HAProxy's runtime socket, each line on a connection of its own (20 us), and
/// brings whole replies. Errors: Unavailable when nobody answers in time, Exhausted for a reply
/// above the limit, Invalid for one that was cut. Thread-safe: it holds nothing but settings.
class RuntimeSocket {
public:
    /// `timeout` bounds one line with its reply.
    explicit RuntimeSocket(std::string path, Duration timeout = std::chrono::milliseconds(500),
                           std::size_t maxReply = 8 * 1024 * 1024)
        : path_(std::move(path)), timeout_(timeout), maxReply_(maxReply) {}

    const std::string& path() const { return path_; }

    /// One command, with its payload if it has one; the reply without the empty line at its end.
    Result<std::string> ask(std::string_view command) const;
    /// Several commands without payload, joined into few lines: one reply for each, in order. When
    /// an error comes, some of the commands may have been carried out: read back.
    Result<std::vector<std::string>> askAll(const std::vector<std::string>& commands) const;

private:
    Result<std::string> exchange(std::string_view line) const;

    std::string path_;
    Duration timeout_;
    std::size_t maxReply_;
};

}  // namespace levee
