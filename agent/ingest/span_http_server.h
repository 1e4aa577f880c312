// SPDX-License-Identifier: Apache-2.0
// Spans over HTTP/1.1, plain or gzip, with a length or chunked. Either OTLP: POST /v1/traces with
// application/x-protobuf or application/json; or Zipkin v2: POST /api/v2/spans with
// application/json. Answers as the OTLP specification has them, in the form of the request: 200
// with ExportTraceServiceResponse, 400 and 413 with a Status for what must not be sent again, 429
// and 503 with Retry-After for what may be; and 202 as Zipkin has it. A body is decompressed and
// measured as it comes in; nobody can make the agent hold more than the intake's budget, or keep a
// connection busy by sending slowly.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "agent/ingest/intake.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee::ingest {

enum class SpanProtocol : std::uint8_t { Otlp, Zipkin };

struct SpanHttpOptions {
    SpanProtocol protocol = SpanProtocol::Otlp;
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
class SpanHttpServer {
public:
    /// `intake` must outlive the server, and must have given every answer before stop().
    SpanHttpServer(SpanHttpOptions options, Intake& intake);
    ~SpanHttpServer();

    Status start();
    void stop();
    std::uint16_t port() const;  ///< bound port; 0 before start()

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace levee::ingest
