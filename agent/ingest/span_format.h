// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/ingest/span_builder.h"
#include "shared/base/result.h"

namespace levee::ingest {

/// How a body of spans is written.
enum class SpanFormat : std::uint8_t { OtlpProtobuf, OtlpJson, Zipkin };

/// Decodes `body` into `out` (cleared first). Invalid when the bytes are not of that format; `out`
/// is empty then: nothing of a damaged body is used. Pure; any thread.
Status decodeSpans(SpanFormat format, std::string_view body, const DecodeLimits& limits,
                   SpanBatch& out);

}  // namespace levee::ingest
