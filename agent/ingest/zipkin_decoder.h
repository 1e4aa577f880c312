// SPDX-License-Identifier: Apache-2.0
// Zipkin v2: a JSON list of spans, as POST /api/v2/spans takes it. What differs from OTLP:
//
// - A SERVER span with `shared` has its caller's own id.
// - Trace ids may have 64 bits; they stand for the last half of a full one.
// - Times are microseconds. A tag `error` (other than "false") means the span failed.
// - The remote endpoint's service name counts as peer.service, its address as network.peer.address.
#pragma once

#include <string_view>

#include "agent/ingest/span_builder.h"
#include "shared/base/result.h"

namespace levee::ingest {

/// As decodeOtlpJson(). A span without a name of its own service is refused and counted.
Status decodeZipkin(std::string_view body, const DecodeLimits& limits, SpanBatch& out);

}  // namespace levee::ingest
