// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "agent/ingest/span_record.h"

namespace levee::ingest {

/// One span of one trace. Hashed with abseil's per-process seed, as the ids come from strangers.
struct SpanKey {
    TraceId trace;
    std::uint64_t span = 0;

    bool operator==(const SpanKey&) const = default;

    template <typename H>
    friend H AbslHashValue(H state, const SpanKey& key) {
        return H::combine(std::move(state), key.trace.high, key.trace.low, key.span);
    }
};

/// The span that a SERVER span was called by; 0: none. Zipkin lets both sides share one id.
inline std::uint64_t callerOf(const SpanRecord& span) {
    return span.shared ? span.span : span.parent;
}

}  // namespace levee::ingest
