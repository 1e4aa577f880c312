// SPDX-License-Identifier: Apache-2.0
// OTLP ExportTraceServiceRequest in its JSON form: ids in hexadecimal digits, enumerators as
// numbers, 64-bit numbers as strings or numbers, names in lowerCamelCase; what is not known is
// ignored.
#pragma once

#include <string_view>

#include "agent/ingest/span_builder.h"
#include "shared/base/result.h"

namespace levee::ingest {

/// As decodeTraces(). Invalid as well: nested deeper than 32, or a known field of another type.
/// Text that is kept is copied into the batch.
Status decodeOtlpJson(std::string_view body, const DecodeLimits& limits, SpanBatch& out);

}  // namespace levee::ingest
