// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/span_format.h"

#include "agent/ingest/otlp_decoder.h"
#include "agent/ingest/otlp_json_decoder.h"
#include "agent/ingest/zipkin_decoder.h"

namespace levee::ingest {

Status decodeSpans(SpanFormat format, std::string_view body, const DecodeLimits& limits,
                   SpanBatch& out) {
    switch (format) {
        case SpanFormat::OtlpJson:
            return decodeOtlpJson(body, limits, out);
        case SpanFormat::Zipkin:
            return decodeZipkin(body, limits, out);
        case SpanFormat::OtlpProtobuf:
            break;
    }
    return decodeTraces(body, limits, out);
}

}  // namespace levee::ingest
