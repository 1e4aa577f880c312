// SPDX-License-Identifier: Apache-2.0
// Bearer tokens: how they stand in a file, and how two are compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace levee {

inline constexpr std::size_t kShortestToken = 16;
inline constexpr std::size_t kLongestToken = 1024;

/// The token that is all of the file, but for white space at its end. An error says what is wrong
/// with the file or the token, and never shows it. Any thread.
Result<std::string> readTokenFile(const std::string& path);

/// What is wrong with a token, or "": 16 to 1,024 printable characters without a blank.
std::string tokenProblem(std::string_view token);

/// True when they are the same. How long it takes tells nothing about `secret` but its length.
bool isSameToken(std::string_view presented, std::string_view secret);

}  // namespace levee
