// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace levee {

/// Bytes before the first one that cannot be UTF-8 (RFC 3629: no overlong forms, no surrogates,
/// nothing above U+10FFFF); text.size() when all is well. NUL is an ordinary character.
std::size_t utf8ErrorOffset(std::string_view text);

inline bool isValidUtf8(std::string_view text) {
    return utf8ErrorOffset(text) == text.size();
}

}  // namespace levee
