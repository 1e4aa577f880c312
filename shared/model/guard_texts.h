// SPDX-License-Identifier: Apache-2.0
// What stands in those guard settings that are texts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/guard_settings.h"

namespace levee {

inline constexpr std::size_t kMostPriorityClasses = 16;

/// 1 to 128 of the letters, digits and - _ . : what is safe in every proxy.
bool isHeaderName(std::string_view text);
/// Whether a deadline header's values are in gRPC's words: "100m", "2S".
bool isGrpcTimeout(std::string_view header);

/// "all", "source", "path" or "header:" and a header's name.
bool isRateKey(std::string_view text);

/// The name after "header:", or "".
std::string_view rateKeyHeader(std::string_view key);

/// The classes in their order, without the spaces around them.
std::vector<std::string> priorityClassNames(const PrioritySettings& settings);

}  // namespace levee
