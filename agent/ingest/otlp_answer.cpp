// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/otlp_answer.h"

#include <nlohmann/json.hpp>
#include <protozero/pbf_writer.hpp>

namespace levee::ingest {
namespace {

/// Bytes that are not UTF-8 are replaced: a message may quote what was sent.
std::string textOf(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string encodeResponse(const OtlpAnswer& answer) {
    std::string bytes;
    if (answer.rejectedSpans == 0 && answer.message.empty())
        return bytes;
    protozero::pbf_writer response(bytes);
    protozero::pbf_writer partial(response, 1);
    if (answer.rejectedSpans > 0)
        partial.add_int64(1, static_cast<std::int64_t>(answer.rejectedSpans));
    if (!answer.message.empty())
        partial.add_string(2, answer.message);
    return bytes;
}

std::string encodeStatus(RpcCode code, std::string_view message, std::uint32_t retryAfterSeconds) {
    std::string bytes;
    protozero::pbf_writer status(bytes);
    status.add_int32(1, static_cast<std::int32_t>(code));
    status.add_string(2, message.data(), message.size());
    if (retryAfterSeconds > 0) {
        std::string info;
        {
            protozero::pbf_writer retry(info);
            protozero::pbf_writer delay(retry, 1);  // google.protobuf.Duration
            delay.add_int64(1, retryAfterSeconds);
        }
        protozero::pbf_writer detail(status, 3);  // google.protobuf.Any
        detail.add_string(1, "type.googleapis.com/google.rpc.RetryInfo");
        detail.add_bytes(2, info);
    }
    return bytes;
}

std::string jsonResponse(const OtlpAnswer& answer) {
    nlohmann::ordered_json response = nlohmann::ordered_json::object();
    // Protobuf's JSON has 64-bit numbers as strings and leaves defaults out.
    if (answer.rejectedSpans > 0)
        response["partialSuccess"]["rejectedSpans"] = std::to_string(answer.rejectedSpans);
    if (!answer.message.empty())
        response["partialSuccess"]["errorMessage"] = answer.message;
    return textOf(response);
}

std::string jsonStatus(RpcCode code, std::string_view message, std::uint32_t retryAfterSeconds) {
    nlohmann::ordered_json status{{"code", static_cast<std::int32_t>(code)}, {"message", message}};
    if (retryAfterSeconds > 0)
        status["details"] = {{{"@type", "type.googleapis.com/google.rpc.RetryInfo"},
                              {"retryDelay", std::to_string(retryAfterSeconds) + "s"}}};
    return textOf(status);
}

RpcCode codeOf(Verdict verdict) {
    switch (verdict) {
        case Verdict::TooLarge:
            return RpcCode::ResourceExhausted;
        case Verdict::Overloaded:
            return RpcCode::Unavailable;
        case Verdict::Accepted:
        case Verdict::Malformed:
            break;
    }
    return RpcCode::InvalidArgument;
}

}  // namespace levee::ingest
