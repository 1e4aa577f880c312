// SPDX-License-Identifier: Apache-2.0
// OTLP ExportTraceServiceRequest, protobuf form, decoded in place: no message objects, no copies of
// text. The nesting that is followed is fixed by the code (request, resource, scope, span,
// attribute, value), so hostile nesting costs nothing: arrays, maps, events and unknown fields are
// stepped over by their length.
#pragma once

#include <string_view>

#include "agent/ingest/span_builder.h"
#include "shared/base/result.h"

namespace levee::ingest {

/// Decodes `body` into `out` (cleared first). Invalid when the bytes are not such a message; `out`
/// is empty then: nothing of a damaged body is used. Pure; any thread.
Status decodeTraces(std::string_view body, const DecodeLimits& limits, SpanBatch& out);

}  // namespace levee::ingest
