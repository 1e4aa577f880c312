// SPDX-License-Identifier: Apache-2.0
// The command line of levee-loadgen.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/time.h"
#include "tests/support/loadgen/arrival_schedule.h"

namespace levee::loadgen {

struct Url {
    std::string host;  ///< a name or an address, without brackets
    std::string port = "80";
    std::string path = "/";  ///< with the query
    std::string authority;   ///< as written: the Host header
};

/// What to send, how fast, and what counts as good. Immutable once parsed.
struct Options {
    Url url;
    std::string urlText;
    std::string method = "GET";
    std::vector<std::string> headers;  ///< "Name: value"
    std::string body;
    std::vector<RateStep> steps;
    Arrivals arrivals = Arrivals::Poisson;
    std::uint64_t seed = 1;
    Duration duration = std::chrono::seconds(10);  ///< zero: until a signal
    Duration warmup = Duration::zero();            ///< requests due in it are sent, not counted
    Duration timeout = std::chrono::seconds(5);    ///< from the intended start
    Duration goodputWithin = std::chrono::seconds(1);
    std::size_t maxConnections = 1024;
    bool isQuiet = false;

    /// The bytes of every request.
    std::string requestText() const;
};

/// `http://host[:port][/path]`, also with an IPv6 address in brackets.
Result<Url> parseUrl(std::string_view text);

/// Empty: the help was asked for. An error names the argument and the legal form.
Result<std::optional<Options>> parseOptions(const std::vector<std::string>& arguments);

/// The text of --help.
extern const char* const kUsage;

}  // namespace levee::loadgen
