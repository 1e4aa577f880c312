// SPDX-License-Identifier: Apache-2.0
// One request's way through the services, span by span, as a waterfall shows it. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace levee {

/// The numbers of OTLP's Span.SpanKind. Kinds that a newer sender invents read as Unspecified.
enum class SpanKind : std::uint8_t { Unspecified, Internal, Server, Client, Producer, Consumer };

/// Times are nanoseconds of the sending host's wall clock: two hosts may disagree.
struct TraceSpan {
    std::uint64_t id = 0;
    std::uint64_t parent = 0;  ///< 0: none
    std::string service;
    std::string name;
    std::string peer;  ///< database, queue or address that it called; "" where not told
    SpanKind kind = SpanKind::Unspecified;
    bool failed = false;
    std::uint64_t startNanos = 0;
    std::uint64_t endNanos = 0;

    double seconds() const {
        return endNanos > startNanos ? static_cast<double>(endNanos - startNanos) * 1e-9 : 0;
    }
};

/// What a list shows of a trace.
struct TraceSummary {
    std::string id;       ///< 32 hexadecimal digits, or 16 when that is all its sender knows
    std::string service;  ///< of its first span: the root's, when that was seen
    std::string name;
    std::int64_t startMillis = 0;  ///< wall time
    double seconds = 0;            ///< of its longest span
    bool failed = false;           ///< some span of it failed
    int spans = 0;
    int spansLeftOut = 0;              ///< beyond the bound of one trace
    std::vector<std::string> keptFor;  ///< services and edges that it is an example of, sorted
};

struct Trace {
    TraceSummary summary;
    std::vector<TraceSpan> spans;  ///< by start
};

}  // namespace levee
