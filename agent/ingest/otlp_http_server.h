// SPDX-License-Identifier: Apache-2.0
// OTLP over HTTP/1.1: POST /v1/traces with application/x-protobuf, plain or gzip, with a length or
// chunked. Answers as the OTLP specification has them: 200 with ExportTraceServiceResponse, 400 and
// 413 for what must not be sent again, 429 and 503 with Retry-After for what may be. A body is
// decompressed and measured as it comes in; nobody can make the agent hold more than the intake's
// budget, or keep a connection busy by sending slowly.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "agent/ingest/intake.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee::ingest {

struct OtlpHttpOptions {
    std::string listen = "127.0.0.1:4318";       ///< port 0: any free one
    std::uint64_t bodyBytes = 20 * 1024 * 1024;  ///< after decompression, and before
    std::uint32_t headerBytes = 16 * 1024;
    std::uint32_t gzipRatio = 200;  ///< output to input, after the first MiB
    std::uint32_t connections = 256;
    Duration headerTimeout = std::chrono::seconds(5);  ///< for the whole head of a request
    Duration bodyTimeout = std::chrono::seconds(15);   ///< for the whole body, and for the answer
    Duration idleTimeout = std::chrono::seconds(75);   ///< between requests of a connection
};

/// Has a thread of its own. start() and stop() from one thread; the destructor stops.
class OtlpHttpServer {
public:
    /// `intake` must outlive the server, and must have given every answer before stop().
    OtlpHttpServer(OtlpHttpOptions options, Intake& intake);
    ~OtlpHttpServer();

    Status start();
    void stop();
    std::uint16_t port() const;  ///< bound port; 0 before start()

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace levee::ingest
