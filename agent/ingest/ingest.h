// SPDX-License-Identifier: Apache-2.0
// Takes in spans: the OTLP and Zipkin servers, the decoders and the pairing, tied together by one
// intake thread.
//
//   HTTP and gRPC threads --bodies--> bounded queue --> intake thread: decode, pair, answer
//                                                          |  each second
//                                                          v
//                                          window callback: immutable TraceWindow
//
// A body is decoded whole before any of it is paired, and answered when that is known. When bodies
// come faster than they are worked off, the queue's byte budget fills and senders are told to wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "agent/config/agent_config.h"
#include "agent/ingest/exemplar_store.h"
#include "agent/ingest/span_builder.h"
#include "agent/ingest/span_pairing.h"
#include "agent/ingest/trace_buffer.h"
#include "agent/ingest/trace_window.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee::ingest {

/// Counters since the start. Thread-safe.
struct IngestStats {
    std::atomic<std::uint64_t> bodies{0};
    std::atomic<std::uint64_t> bytes{0};  ///< of those bodies, decompressed
    std::atomic<std::uint64_t> spans{0};  ///< accepted
    std::atomic<std::uint64_t> rejectedWithoutService{0};
    std::atomic<std::uint64_t> rejectedInvalidIds{0};
    std::atomic<std::uint64_t> rejectedOverLimit{0};
    std::atomic<std::uint64_t> attributesCut{0};
    std::atomic<std::uint64_t> linksCut{0};
    std::atomic<std::uint64_t> stringsCut{0};
    std::atomic<std::uint64_t> malformed{0};       ///< bodies refused as bad data
    std::atomic<std::uint64_t> tooLarge{0};        ///< requests refused for their size
    std::atomic<std::uint64_t> refusedBusy{0};     ///< requests refused for load
    std::atomic<std::uint64_t> badRequests{0};     ///< wrong path, method, type; broken HTTP
    std::atomic<std::uint64_t> timeouts{0};        ///< requests sent too slowly
    std::atomic<std::uint64_t> queuedBytes{0};     ///< now, bodies being read included
    std::atomic<std::uint64_t> spansCollected{0};  ///< of traces that may become exemplars
    std::atomic<std::uint64_t> tracesDropped{0};   ///< given up while collecting, for want of room
    std::atomic<double> tracesCollectedShare{1};   ///< of all traces, now
};

struct IngestLimits {
    std::uint64_t queueBytes = 64 * 1024 * 1024;
    std::uint32_t queueBodies = 4096;
    DecodeLimits decode;
    TraceBufferLimits collecting;  ///< bytes and collectFor are taken from the configuration
    ExemplarLimits exemplars;      ///< bytes and keepFor are taken from the configuration
    PairingOptions pairing;        ///< ttl and waiting are taken from the configuration
};

/// start() and stop() from one thread; the destructor stops. The callback runs on the intake thread
/// and must not block.
class Ingest {
public:
    using WindowCallback = std::function<void(std::shared_ptr<const TraceWindow>)>;

    Ingest(IngestConfig config, IngestLimits limits, const TimeSource& time,
           WindowCallback onWindow);
    ~Ingest();

    /// Opens the ports that the configuration names. On an error nothing is left running.
    Status start();
    /// Answers what is queued, closes the ports, hands out the last window.
    void stop();

    std::uint16_t httpPort() const;  ///< 0: not listening
    std::uint16_t grpcPort() const;
    std::uint16_t zipkinPort() const;
    const IngestStats& stats() const;
    const ExemplarStore& exemplars() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace levee::ingest
