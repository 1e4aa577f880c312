// SPDX-License-Identifier: Apache-2.0
// OTLP ExportTraceServiceRequest, protobuf form, decoded in place: no message objects, no copies of
// text. The nesting that is followed is fixed by the code (request, resource, scope, span,
// attribute, value), so hostile nesting costs nothing: arrays, maps, events and unknown fields are
// stepped over by their length.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/ingest/span_record.h"
#include "shared/base/result.h"

namespace levee::ingest {

/// What is read of one body. Beyond a limit the rest is left out and counted in the batch; the body
/// as a whole is still good.
struct DecodeLimits {
    std::uint32_t spans = 100'000;  ///< a body; bounds the batch at about 20 MB
    std::uint32_t links = 100'000;  ///< a body
    std::uint32_t attributesPerSpan = 128;
    std::uint32_t linksPerSpan = 128;
    std::uint32_t stringBytes = 8192;
};

/// Decodes `body` into `out` (cleared first). Invalid when the bytes are not such a message; `out`
/// is empty then: nothing of a damaged body is used. Pure; any thread.
Status decodeTraces(std::string_view body, const DecodeLimits& limits, SpanBatch& out);

}  // namespace levee::ingest
