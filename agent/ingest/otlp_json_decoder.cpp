// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/otlp_json_decoder.h"

#include <algorithm>
#include <array>
#include <string>

#include "agent/ingest/hex_id.h"
#include "agent/ingest/json_walk.h"
#include "agent/ingest/sampling_weight.h"

namespace levee::ingest {
namespace {

constexpr int kDepth = 32;

enum Place : int {
    kNothing,
    kRequest,
    kResourceSpansList,
    kResourceSpans,
    kResource,
    kResourceAttributes,
    kResourceAttribute,
    kScopeSpansList,
    kScopeSpans,
    kSpans,
    kSpan,
    kTraceId,
    kSpanId,
    kParentSpanId,
    kTraceState,
    kName,
    kKind,
    kStart,
    kEnd,
    kSpanAttributes,
    kSpanAttribute,
    kAttributeKey,
    kAttributeValue,
    kTextValue,
    kNumberValue,
    kFlagValue,
    kLinks,
    kLink,
    kLinkTraceId,
    kLinkSpanId,
    kStatus,
    kStatusCode,
};

struct Member {
    Place in;
    std::string_view key;
    JsonKind kind;
    Place place;
};

constexpr std::array kMembers{
    Member{kRequest, "resourceSpans", JsonKind::Array, kResourceSpansList},
    Member{kResourceSpans, "resource", JsonKind::Object, kResource},
    Member{kResourceSpans, "scopeSpans", JsonKind::Array, kScopeSpansList},
    Member{kResource, "attributes", JsonKind::Array, kResourceAttributes},
    Member{kResourceAttribute, "key", JsonKind::Text, kAttributeKey},
    Member{kResourceAttribute, "value", JsonKind::Object, kAttributeValue},
    Member{kScopeSpans, "spans", JsonKind::Array, kSpans},
    Member{kSpan, "traceId", JsonKind::Text, kTraceId},
    Member{kSpan, "spanId", JsonKind::Text, kSpanId},
    Member{kSpan, "parentSpanId", JsonKind::Text, kParentSpanId},
    Member{kSpan, "traceState", JsonKind::Text, kTraceState},
    Member{kSpan, "name", JsonKind::Text, kName},
    Member{kSpan, "kind", JsonKind::Ordinal, kKind},
    Member{kSpan, "startTimeUnixNano", JsonKind::Number, kStart},
    Member{kSpan, "endTimeUnixNano", JsonKind::Number, kEnd},
    Member{kSpan, "attributes", JsonKind::Array, kSpanAttributes},
    Member{kSpan, "links", JsonKind::Array, kLinks},
    Member{kSpan, "status", JsonKind::Object, kStatus},
    Member{kSpanAttribute, "key", JsonKind::Text, kAttributeKey},
    Member{kSpanAttribute, "value", JsonKind::Object, kAttributeValue},
    Member{kAttributeValue, "stringValue", JsonKind::Text, kTextValue},
    Member{kAttributeValue, "intValue", JsonKind::Number, kNumberValue},
    Member{kAttributeValue, "boolValue", JsonKind::Flag, kFlagValue},
    Member{kLink, "traceId", JsonKind::Text, kLinkTraceId},
    Member{kLink, "spanId", JsonKind::Text, kLinkSpanId},
    Member{kStatus, "code", JsonKind::Ordinal, kStatusCode},
};

class OtlpJson final : public JsonVisitor {
public:
    OtlpJson(const DecodeLimits& limits, SpanBatch& out) : builder_(limits, out), out_(out) {}

    JsonPlace member(int object, std::string_view key) override {
        for (const Member& known : kMembers)
            if (known.in == object && known.key == key)
                return {known.kind, known.place};
        return {};
    }
    JsonPlace element(int array) override {
        switch (array) {
            case kResourceSpansList:
                return {JsonKind::Object, kResourceSpans};
            case kScopeSpansList:
                return {JsonKind::Object, kScopeSpans};
            case kSpans:
                return {JsonKind::Object, kSpan};
            case kLinks:
                return {JsonKind::Object, kLink};
            case kResourceAttributes:
                return {JsonKind::Object, kResourceAttribute};
            case kSpanAttributes:
                if (builder_.mayAddAttribute())
                    return {JsonKind::Object, kSpanAttribute};
                break;
            default:
                break;
        }
        return {};
    }
    void open(int id) override {
        switch (id) {
            case kResourceSpans:
                // The resource may stand behind its spans: they get its name in the end.
                mark_ = builder_.mark();
                out_.services.emplace_back();
                break;
            case kSpan:
                builder_.begin();
                hasTrace_ = hasSpan_ = false;
                hasParent_ = true;
                traceState_.clear();
                break;
            case kLink:
                link_ = {};
                hasLinkTrace_ = hasLinkSpan_ = false;
                break;
            case kResourceAttribute:
            case kSpanAttribute:
                key_.clear();
                text_.clear();
                value_ = {};
                break;
            default:
                break;
        }
    }
    void close(int id) override {
        switch (id) {
            case kResourceSpans:
                if (out_.services.back().name.empty()) {
                    builder_.dropSince(mark_);
                    out_.services.pop_back();
                }
                break;
            case kSpan:
                if (!traceState_.empty())
                    builder_.span().weight = samplingWeight(traceState_, builder_.span().trace);
                builder_.finish(true, hasTrace_ && hasSpan_ && hasParent_);
                break;
            case kLink:
                if (hasLinkTrace_ && hasLinkSpan_)
                    builder_.addLink(link_);
                break;
            case kResourceAttribute:
                addResourceAttribute();
                break;
            case kSpanAttribute:
                if (isPeerAttribute(key_)) {
                    value_.text = keep(text_);
                    builder_.addAttribute(key_, value_);
                }
                break;
            default:
                break;
        }
    }
    void text(int id, std::string_view value) override {
        SpanRecord& span = builder_.span();
        switch (id) {
            case kTraceId:
                hasTrace_ = readHexTraceId(value, false, span.trace);
                break;
            case kSpanId:
                hasSpan_ = readHexSpanId(value, span.span);
                break;
            case kParentSpanId:
                span.parent = 0;
                hasParent_ = value.empty() || value == "0000000000000000" ||
                             readHexSpanId(value, span.parent);
                break;
            case kTraceState:
                traceState_ = builder_.cut(value);
                break;
            case kName:
                span.name = keep(value);
                break;
            case kAttributeKey:
                key_ = value;
                break;
            case kTextValue:
                text_ = builder_.cut(value);
                break;
            case kLinkTraceId:
                hasLinkTrace_ = readHexTraceId(value, false, link_.trace);
                break;
            case kLinkSpanId:
                hasLinkSpan_ = readHexSpanId(value, link_.span);
                break;
            default:
                break;
        }
    }
    void number(int id, std::int64_t value) override {
        SpanRecord& span = builder_.span();
        switch (id) {
            case kKind:
                span.kind =
                    value >= 0 && value <= 5 ? static_cast<SpanKind>(value) : SpanKind::Unspecified;
                break;
            case kStart:
                span.startNanos = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
                break;
            case kEnd:
                span.endNanos = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
                break;
            case kStatusCode:
                span.statusError = value == 2;
                break;
            case kNumberValue:
                value_.number = value;
                break;
            default:
                break;
        }
    }
    void flag(int id, bool value) override {
        if (id == kFlagValue)
            value_.flag = value;
    }

private:
    void addResourceAttribute() {
        ServiceSource& source = out_.services.back();
        if (key_ == "service.name")
            source.name = keep(text_);
        else if (key_ == "service.instance.id")
            source.instance = keep(text_);
        else if (key_ == "host.name")
            source.host = keep(text_);
        else if (key_ == "service.namespace")
            source.nameSpace = keep(text_);
        else if (key_ == "team")
            source.team = keep(text_);
    }
    std::string_view keep(std::string_view text) { return out_.texts.add(builder_.cut(text)); }

    SpanBuilder builder_;
    SpanBatch& out_;
    SpanBuilder::Mark mark_;
    SpanLink link_;
    std::string key_;  ///< of the attribute being read
    std::string text_;
    AttributeValue value_;
    std::string traceState_;
    bool hasTrace_ = false;
    bool hasSpan_ = false;
    bool hasParent_ = true;
    bool hasLinkTrace_ = false;
    bool hasLinkSpan_ = false;
};

}  // namespace

Status decodeOtlpJson(std::string_view body, const DecodeLimits& limits, SpanBatch& out) {
    OtlpJson visitor(limits, out);
    const Status read = walkJson(body, kDepth, {JsonKind::Object, kRequest}, visitor);
    if (read)
        return read;
    out.clear();
    return Error{"not an ExportTraceServiceRequest in JSON: " + read.error().message,
                 ErrorKind::Invalid};
}

}  // namespace levee::ingest
