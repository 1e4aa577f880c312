// SPDX-License-Identifier: Apache-2.0
// Spans as values, without OTLP, for the tests of the pairing.
#pragma once

#include <string>
#include <vector>

#include "agent/ingest/span_record.h"
#include "agent/ingest/trace_window.h"

namespace levee::test {

/// A span that owns its text.
struct MadeSpan {
    std::string service;
    ingest::SpanKind kind = ingest::SpanKind::Internal;
    std::uint64_t trace = 1;
    std::uint64_t id = 1;
    std::uint64_t parent = 0;
    std::uint64_t start = 0;  ///< milliseconds
    std::uint64_t end = 0;
    bool failed = false;
    ingest::PeerAttributes peer{};  ///< of string literals
    std::vector<ingest::SpanLink> links{};
    std::uint32_t weight = 0;
    bool shortTrace = false;  ///< sends only the last 64 bits of the trace's id
    bool shared = false;
};

inline ingest::TraceId traceId(std::uint64_t number) {
    return {number * 0x9e3779b97f4a7c15ULL, number};
}

/// A batch of the spans; it points into them.
inline ingest::SpanBatch batchOf(const std::vector<MadeSpan>& spans) {
    ingest::SpanBatch batch;
    for (const MadeSpan& made : spans) {
        ingest::SpanRecord span;
        span.trace = traceId(made.trace);
        if (made.shortTrace)
            span.trace.high = 0;
        span.weight = made.weight;
        span.shared = made.shared;
        span.span = made.id;
        span.parent = made.parent;
        span.startNanos = made.start * 1'000'000;
        span.endNanos = made.end * 1'000'000;
        span.kind = made.kind;
        span.statusError = made.failed;
        span.service = static_cast<std::uint32_t>(batch.services.size());
        batch.services.push_back({.name = made.service});
        span.peer = static_cast<std::uint32_t>(batch.peers.size());
        batch.peers.push_back(made.peer);
        span.firstLink = static_cast<std::uint32_t>(batch.links.size());
        span.linkCount = static_cast<std::uint16_t>(made.links.size());
        batch.links.insert(batch.links.end(), made.links.begin(), made.links.end());
        batch.spans.push_back(span);
    }
    return batch;
}

}  // namespace levee::test
