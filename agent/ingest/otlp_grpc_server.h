// SPDX-License-Identifier: Apache-2.0
// OTLP over gRPC: /opentelemetry.proto.collector.trace.v1.TraceService/Export as a generic service
// over raw bytes, so no message object is ever made. gRPC itself decompresses. Bad data is answered
// INVALID_ARGUMENT, an overload UNAVAILABLE with RetryInfo, another method UNIMPLEMENTED.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "agent/ingest/intake.h"
#include "shared/base/result.h"

namespace levee::ingest {

struct OtlpGrpcOptions {
    std::string listen = "127.0.0.1:4317";         ///< port 0: any free one
    std::uint64_t messageBytes = 4 * 1024 * 1024;  ///< decompressed, and on the wire
    std::uint32_t streamsPerConnection = 100;
    std::uint32_t calls = 256;  ///< under way together; beyond, calls are answered UNAVAILABLE
    std::uint64_t memoryBytes = 64 * 1024 * 1024;  ///< gRPC's own buffers
};

/// Has a thread of its own (and gRPC's). start() and stop() from one thread; the destructor stops.
class OtlpGrpcServer {
public:
    /// `intake` must outlive the server, and must have given every answer before stop().
    OtlpGrpcServer(OtlpGrpcOptions options, Intake& intake);
    ~OtlpGrpcServer();

    Status start();
    void stop();
    std::uint16_t port() const;  ///< bound port; 0 before start()

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace levee::ingest
