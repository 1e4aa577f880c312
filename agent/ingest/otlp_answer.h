// SPDX-License-Identifier: Apache-2.0
// What a sender of spans is told, without a transport: the servers turn it into HTTP or gRPC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace levee::ingest {

enum class Verdict : std::uint8_t {
    Accepted,    ///< taken; some spans may have been rejected for good
    Malformed,   ///< bad data: must not be sent again
    TooLarge,    ///< over a size limit: must not be sent again
    Overloaded,  ///< nothing taken: may be sent again after a pause
};

struct OtlpAnswer {
    Verdict verdict = Verdict::Accepted;
    std::uint64_t rejectedSpans = 0;  ///< Accepted: spans left out
    std::string message;              ///< why, for a person; "" when all is well
    std::uint32_t retryAfterSeconds = 0;
};

/// google.rpc.Code numbers, as they stand in OTLP's error bodies.
enum class RpcCode : std::int32_t {
    InvalidArgument = 3,
    NotFound = 5,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Unavailable = 14
};

/// ExportTraceServiceResponse; empty bytes when nothing was rejected and there is nothing to say.
std::string encodeResponse(const OtlpAnswer& answer);

/// google.rpc.Status, with a RetryInfo detail when `retryAfterSeconds` is not zero.
std::string encodeStatus(RpcCode code, std::string_view message, std::uint32_t retryAfterSeconds);

/// The same two in OTLP's JSON form.
std::string jsonResponse(const OtlpAnswer& answer);
std::string jsonStatus(RpcCode code, std::string_view message, std::uint32_t retryAfterSeconds);

RpcCode codeOf(Verdict verdict);

}  // namespace levee::ingest
