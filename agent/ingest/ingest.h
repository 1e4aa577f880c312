// SPDX-License-Identifier: Apache-2.0
// Takes in spans: the OTLP servers, the decoder and the pairing, tied together by one intake
// thread.
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
#include "agent/ingest/otlp_decoder.h"
#include "agent/ingest/span_pairing.h"
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
    std::atomic<std::uint64_t> malformed{0};    ///< bodies refused as bad data
    std::atomic<std::uint64_t> tooLarge{0};     ///< requests refused for their size
    std::atomic<std::uint64_t> refusedBusy{0};  ///< requests refused for load
    std::atomic<std::uint64_t> badRequests{0};  ///< wrong path, method, type; broken HTTP
    std::atomic<std::uint64_t> timeouts{0};     ///< requests sent too slowly
    std::atomic<std::uint64_t> queuedBytes{0};  ///< now, bodies being read included
};

struct IngestLimits {
    std::uint64_t queueBytes = 64 * 1024 * 1024;
    std::uint32_t queueBodies = 4096;
    DecodeLimits decode;
    PairingLimits pairing;  ///< ttl and waiting are taken from the configuration
};

/// start() and stop() from one thread; the destructor stops. The callback runs on the intake thread
/// and must not block.
class Ingest {
public:
    using WindowCallback = std::function<void(std::shared_ptr<const TraceWindow>)>;

    Ingest(OtlpConfig config, IngestLimits limits, const TimeSource& time, WindowCallback onWindow);
    ~Ingest();

    /// Opens the ports that the configuration names. On an error nothing is left running.
    Status start();
    /// Answers what is queued, closes the ports, hands out the last window.
    void stop();

    std::uint16_t httpPort() const;  ///< 0: not listening
    std::uint16_t grpcPort() const;
    const IngestStats& stats() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace levee::ingest
