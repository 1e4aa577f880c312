// SPDX-License-Identifier: Apache-2.0
// Ids as JSON formats spell them: hexadecimal digits of either case. The bytes come to lie in
// memory as protobuf's do, so that halves from both forms meet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/ingest/span_record.h"

namespace levee::ingest {

/// 32 digits, not all zero. With `mayBeShort` 16 or more: missing digits in front are zeros.
bool readHexTraceId(std::string_view digits, bool mayBeShort, TraceId& id);
/// 16 digits, not all zero.
bool readHexSpanId(std::string_view digits, std::uint64_t& id);

std::string hexOf(const TraceId& id);       ///< 32 digits, or 16 when the first 16 are zeros
std::string hexOfSpan(std::uint64_t span);  ///< 16 digits

}  // namespace levee::ingest
