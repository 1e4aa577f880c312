// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server for the agent's own endpoints. Boost.Beast stays behind it: this is the
// one file that compiles it.
//
// Limits: a request's head may take 8 KiB and its body `bodyBytes`; both must arrive within
// `requestTimeout` (a slow sender is cut off), an idle connection is closed after `idleTimeout`,
// and connections beyond `connections` are refused by closing them at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee {

struct HttpRequest {
    std::string method;  ///< upper case
    std::string path;    ///< without the query
    std::string query;   ///< behind "?", or ""
    std::string contentType;
    std::string contentEncoding;
    std::string body;  ///< as it came, not decompressed
};

struct HttpResponse {
    int status = 200;
    std::string contentType = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

struct HttpLimits {
    std::uint64_t bodyBytes = 1024 * 1024;
    std::uint32_t connections = 256;
    Duration requestTimeout = std::chrono::seconds(10);
    Duration idleTimeout = std::chrono::seconds(60);
};

struct HttpServerStats {
    std::uint64_t requests = 0;
    std::uint64_t tooLarge = 0;  ///< head or body over the limit
    std::uint64_t malformed = 0;
    std::uint64_t timedOut = 0;
    std::uint64_t refused = 0;  ///< connections over the limit
};

/// Runs one thread; the handler is called on it and must not block for long. Thread-safe.
class HttpServer {
public:
    using Handler = std::function<HttpResponse(HttpRequest&&)>;

    /// `address` is "host:port"; port 0 takes a free one. The host is a numeric address.
    static Result<std::unique_ptr<HttpServer>> start(const std::string& address,
                                                     const HttpLimits& limits, Handler handler);
    /// Closes all connections and joins the thread.
    virtual ~HttpServer() = default;

    virtual int port() const = 0;
    virtual HttpServerStats stats() const = 0;
};

}  // namespace levee
