// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/zipkin_decoder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

#include "agent/ingest/hex_id.h"
#include "agent/ingest/json_walk.h"

namespace levee::ingest {
namespace {

constexpr int kDepth = 32;
// Beyond this, microseconds do not fit into 64 bits as nanoseconds.
constexpr std::int64_t kMostMicros = std::numeric_limits<std::int64_t>::max() / 2000;

enum Place : int {
    kNothing,
    kSpans,
    kSpan,
    kTraceId,
    kId,
    kParentId,
    kName,
    kKind,
    kTimestamp,
    kDuration,
    kShared,
    kLocal,
    kRemote,
    kLocalName,
    kRemoteName,
    kRemoteAddress,
    kTags,
    kTag,
};

struct Member {
    Place in;
    std::string_view key;
    JsonKind kind;
    Place place;
};

constexpr std::array kMembers{
    Member{kSpan, "traceId", JsonKind::Text, kTraceId},
    Member{kSpan, "id", JsonKind::Text, kId},
    Member{kSpan, "parentId", JsonKind::Text, kParentId},
    Member{kSpan, "name", JsonKind::Text, kName},
    Member{kSpan, "kind", JsonKind::Text, kKind},
    Member{kSpan, "timestamp", JsonKind::Number, kTimestamp},
    Member{kSpan, "duration", JsonKind::Number, kDuration},
    Member{kSpan, "shared", JsonKind::Flag, kShared},
    Member{kSpan, "localEndpoint", JsonKind::Object, kLocal},
    Member{kSpan, "remoteEndpoint", JsonKind::Object, kRemote},
    Member{kSpan, "tags", JsonKind::Object, kTags},
    Member{kLocal, "serviceName", JsonKind::Text, kLocalName},
    Member{kRemote, "serviceName", JsonKind::Text, kRemoteName},
    Member{kRemote, "ipv4", JsonKind::Text, kRemoteAddress},
    Member{kRemote, "ipv6", JsonKind::Text, kRemoteAddress},
};

SpanKind kindOf(std::string_view name) {
    return name == "CLIENT"     ? SpanKind::Client
           : name == "SERVER"   ? SpanKind::Server
           : name == "PRODUCER" ? SpanKind::Producer
           : name == "CONSUMER" ? SpanKind::Consumer
                                : SpanKind::Unspecified;
}

class Zipkin final : public JsonVisitor {
public:
    Zipkin(const DecodeLimits& limits, SpanBatch& out) : builder_(limits, out), out_(out) {}

    JsonPlace member(int object, std::string_view key) override {
        if (object == kTags) {
            tag_ = key;
            return builder_.mayAddAttribute() ? JsonPlace{JsonKind::Loose, kTag} : JsonPlace{};
        }
        for (const Member& known : kMembers)
            if (known.in == object && known.key == key)
                return {known.kind, known.place};
        return {};
    }
    JsonPlace element(int array) override {
        return array == kSpans ? JsonPlace{JsonKind::Object, kSpan} : JsonPlace{};
    }
    void open(int id) override {
        if (id != kSpan)
            return;
        builder_.begin().kind = SpanKind::Internal;
        hasTrace_ = hasId_ = false;
        hasParent_ = true;
        service_.clear();
        remoteName_.clear();
        remoteAddress_.clear();
        start_ = duration_ = 0;
    }
    void close(int id) override {
        if (id != kSpan)
            return;
        SpanRecord& span = builder_.span();
        span.startNanos = static_cast<std::uint64_t>(start_) * 1000;
        span.endNanos = static_cast<std::uint64_t>(start_ + duration_) * 1000;
        span.shared = span.shared && span.kind == SpanKind::Server;
        if (!remoteName_.empty())
            builder_.addAttribute("peer.service", {.text = keep(remoteName_)});
        if (!remoteAddress_.empty())
            builder_.addAttribute("net.sock.peer.addr", {.text = keep(remoteAddress_)});
        if (!service_.empty() && (out_.services.empty() || out_.services.back().name != service_))
            out_.services.push_back({.name = keep(service_)});
        span.service = static_cast<std::uint32_t>(out_.services.size() - 1);
        builder_.finish(!service_.empty(), hasTrace_ && hasId_ && hasParent_);
    }
    void text(int id, std::string_view value) override {
        SpanRecord& span = builder_.span();
        switch (id) {
            case kTraceId:
                hasTrace_ = readHexTraceId(value, true, span.trace);
                break;
            case kId:
                hasId_ = readHexSpanId(value, span.span);
                break;
            case kParentId:
                span.parent = 0;
                hasParent_ = value.empty() || readHexSpanId(value, span.parent);
                break;
            case kName:
                span.name = keep(value);
                break;
            case kKind:
                span.kind = kindOf(value);
                break;
            case kLocalName:
                service_ = builder_.cut(value);
                break;
            case kRemoteName:
                remoteName_ = value;
                break;
            case kRemoteAddress:
                remoteAddress_ = value;
                break;
            case kTag:
                addTag(value);
                break;
            default:
                break;
        }
    }
    void number(int id, std::int64_t value) override {
        const std::int64_t micros = std::min(std::max<std::int64_t>(value, 0), kMostMicros);
        (id == kTimestamp ? start_ : duration_) = micros;
    }
    void flag(int /*id*/, bool value) override { builder_.span().shared = value; }

private:
    void addTag(std::string_view value) {
        if (tag_ == "error")
            builder_.span().statusError = value != "false";
        else if (tag_ == "otel.status_code" && value == "ERROR")
            builder_.span().statusError = true;
        if (!isPeerAttribute(tag_))
            return;
        AttributeValue attribute{.text = keep(value), .flag = value == "true"};
        std::from_chars(value.data(), value.data() + value.size(), attribute.number);
        builder_.addAttribute(tag_, attribute);
    }
    std::string_view keep(std::string_view text) { return out_.texts.add(builder_.cut(text)); }

    SpanBuilder builder_;
    SpanBatch& out_;
    std::string tag_;  ///< the name of the tag whose value comes
    std::string service_;
    std::string remoteName_;
    std::string remoteAddress_;
    std::int64_t start_ = 0;  ///< microseconds
    std::int64_t duration_ = 0;
    bool hasTrace_ = false;
    bool hasId_ = false;
    bool hasParent_ = true;
};

}  // namespace

Status decodeZipkin(std::string_view body, const DecodeLimits& limits, SpanBatch& out) {
    Zipkin visitor(limits, out);
    const Status read = walkJson(body, kDepth, {JsonKind::Array, kSpans}, visitor);
    if (read)
        return read;
    out.clear();
    return Error{"not a list of Zipkin v2 spans: " + read.error().message, ErrorKind::Invalid};
}

}  // namespace levee::ingest
