// SPDX-License-Identifier: Apache-2.0
// How many calls a sampled span stands for. OpenTelemetry's consistent probability sampling writes
// the rejection threshold T into tracestate as `ot=th:HEX` (up to 14 digits, trailing zeros left
// out): the span was kept with probability (2^56 - T) / 2^56, and stands for the inverse of it.
// A weight that is not whole is rounded up or down by the trace id, so that all spans of a trace
// agree and sums are right on average.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/ingest/span_record.h"

namespace levee::ingest {

/// No span counts for more, whatever its sender claims.
constexpr std::uint32_t kMostWeight = 100'000;

/// The weight that tracestate gives; 0 when it has no `th`, or one that cannot be read. Pure.
std::uint32_t samplingWeight(std::string_view traceState, const TraceId& trace);

/// The weight of a span that was kept with this probability, above 0 to 1. Pure.
std::uint32_t weightOfShare(double share, const TraceId& trace);

}  // namespace levee::ingest
