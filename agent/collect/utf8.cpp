// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/utf8.h"

#include <cstdint>
#include <cstring>

namespace levee {
namespace {

std::uint8_t byteAt(std::string_view text, std::size_t i) {
    return static_cast<std::uint8_t>(text[i]);
}

/// Length of the well-formed sequence at `i`, or 0.
std::size_t sequenceLength(std::string_view text, std::size_t i) {
    const std::uint8_t lead = byteAt(text, i);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() - i < length)
        return 0;
    // The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF.
    const std::uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byteAt(text, i + 1) < low || byteAt(text, i + 1) > high)
        return 0;
    for (std::size_t k = 2; k < length; ++k) {
        if ((byteAt(text, i + k) & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

}  // namespace

std::size_t utf8ErrorOffset(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        std::uint64_t word = 0;
        if (text.size() - i >= sizeof word) {
            std::memcpy(&word, text.data() + i, sizeof word);
            if ((word & 0x8080808080808080ULL) == 0) {
                i += sizeof word;
                continue;
            }
        }
        const std::size_t length = sequenceLength(text, i);
        if (length == 0)
            return i;
        i += length;
    }
    return i;
}

}  // namespace levee
