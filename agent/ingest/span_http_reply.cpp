// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/span_http_reply.h"

#include <algorithm>

namespace levee::ingest {
namespace {

constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kPlain = "text/plain; charset=utf-8";

bool isSame(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
    });
}

std::string_view typeOf(ReplyForm form) {
    return form == ReplyForm::Protobuf ? kProtobuf : form == ReplyForm::Json ? kJson : kPlain;
}

}  // namespace

ReplyForm formOf(std::string_view contentType) {
    std::string_view type = contentType.substr(0, contentType.find(';'));
    while (type.ends_with(' ') || type.ends_with('\t'))
        type.remove_suffix(1);
    return isSame(type, kProtobuf) ? ReplyForm::Protobuf
           : isSame(type, kJson)   ? ReplyForm::Json
                                   : ReplyForm::Plain;
}

SpanHttpReply refusalOf(ReplyForm form, int status, RpcCode code, std::string_view message,
                        std::uint32_t retryAfterSeconds) {
    SpanHttpReply reply{status, {}, typeOf(form), retryAfterSeconds};
    switch (form) {
        case ReplyForm::Protobuf:
            reply.body = encodeStatus(code, message, retryAfterSeconds);
            break;
        case ReplyForm::Json:
            reply.body = jsonStatus(code, message, retryAfterSeconds);
            break;
        case ReplyForm::Plain:
            reply.body = std::string(message) + "\n";
            break;
    }
    return reply;
}

SpanHttpReply replyTo(ReplyForm form, const OtlpAnswer& answer) {
    const RpcCode code = codeOf(answer.verdict);
    switch (answer.verdict) {
        case Verdict::TooLarge:
            return refusalOf(form, 413, code, answer.message);
        case Verdict::Overloaded:
            return refusalOf(form, 429, code, answer.message,
                             std::max(answer.retryAfterSeconds, 1U));
        case Verdict::Malformed:
            return refusalOf(form, 400, code, answer.message);
        case Verdict::Accepted:
            break;
    }
    if (form == ReplyForm::Plain)
        return {202, {}, {}, 0};
    return {200, form == ReplyForm::Json ? jsonResponse(answer) : encodeResponse(answer),
            typeOf(form), 0};
}

}  // namespace levee::ingest
