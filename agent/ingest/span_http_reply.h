// SPDX-License-Identifier: Apache-2.0
// What a sender of spans is told over HTTP, as text: OTLP in the form of the request (the
// specification wants the same Content-Type back), Zipkin as its own server does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/ingest/otlp_answer.h"

namespace levee::ingest {

enum class ReplyForm : std::uint8_t {
    Protobuf,
    Json,
    Plain,  ///< to requests that are neither, and to Zipkin's
};

struct SpanHttpReply {
    int status = 200;
    std::string body;
    std::string_view type;  ///< "": no Content-Type, as there is no body
    std::uint32_t retryAfterSeconds = 0;
};

/// The form that fits a Content-Type ("application/json; charset=utf-8"); Plain for other types.
ReplyForm formOf(std::string_view contentType);

/// A refusal; `retryAfterSeconds` 0: it must not be sent again.
SpanHttpReply refusalOf(ReplyForm form, int status, RpcCode code, std::string_view message,
                        std::uint32_t retryAfterSeconds = 0);

/// The intake's answer: 200, 400, 413 or 429; 202 without a body for Plain.
SpanHttpReply replyTo(ReplyForm form, const OtlpAnswer& answer);

}  // namespace levee::ingest
