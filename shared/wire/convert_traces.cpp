// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_traces.h"

#include "shared/wire/enum_wire.h"

namespace levee::wire {

void toWire(const TraceSummary& value, v1::TraceSummary& message) {
    message.set_id(value.id);
    message.set_service(value.service);
    message.set_name(value.name);
    message.set_start_millis(value.startMillis);
    message.set_seconds(value.seconds);
    message.set_failed(value.failed);
    message.set_spans(value.spans);
    message.set_spans_left_out(value.spansLeftOut);
    message.mutable_kept_for()->Assign(value.keptFor.begin(), value.keptFor.end());
}

TraceSummary fromWire(const v1::TraceSummary& message) {
    TraceSummary value;
    value.id = message.id();
    value.service = message.service();
    value.name = message.name();
    value.startMillis = message.start_millis();
    value.seconds = message.seconds();
    value.failed = message.failed();
    value.spans = message.spans();
    value.spansLeftOut = message.spans_left_out();
    value.keptFor.assign(message.kept_for().begin(), message.kept_for().end());
    return value;
}

void toWire(const Trace& value, v1::Trace& message) {
    toWire(value.summary, *message.mutable_summary());
    for (const TraceSpan& span : value.spans) {
        v1::TraceSpan& out = *message.add_spans();
        out.set_id(span.id);
        out.set_parent(span.parent);
        out.set_service(span.service);
        out.set_name(span.name);
        out.set_peer(span.peer);
        out.set_kind(enumToWire<v1::SpanKind>(span.kind));
        out.set_failed(span.failed);
        out.set_start_nanos(span.startNanos);
        out.set_end_nanos(span.endNanos);
    }
}

Trace fromWire(const v1::Trace& message) {
    Trace value;
    value.summary = fromWire(message.summary());
    for (const v1::TraceSpan& in : message.spans()) {
        TraceSpan& span = value.spans.emplace_back();
        span.id = in.id();
        span.parent = in.parent();
        span.service = in.service();
        span.name = in.name();
        span.peer = in.peer();
        span.kind = enumFromWire(in.kind(), SpanKind::Consumer);
        span.failed = in.failed();
        span.startNanos = in.start_nanos();
        span.endNanos = in.end_nanos();
    }
    return value;
}

}  // namespace levee::wire
