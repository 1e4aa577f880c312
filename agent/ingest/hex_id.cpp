// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/hex_id.h"

#include <array>
#include <cstring>

namespace levee::ingest {
namespace {

constexpr std::size_t kDigits = 16;

int valueOf(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Up to 16 digits -> the eight bytes that they spell.
bool readWord(std::string_view digits, std::uint64_t& word) {
    std::array<unsigned char, 8> bytes{};
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const int value = valueOf(digits[i]);
        if (value < 0)
            return false;
        const std::size_t place = kDigits - digits.size() + i;
        bytes[place / 2] =
            static_cast<unsigned char>(bytes[place / 2] | value << (place % 2 ? 0 : 4));
    }
    std::memcpy(&word, bytes.data(), bytes.size());
    return true;
}

std::string digitsOf(std::uint64_t word) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::array<unsigned char, 8> bytes{};
    std::memcpy(bytes.data(), &word, bytes.size());
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kHex[byte >> 4U];
        text += kHex[byte & 15U];
    }
    return text;
}

}  // namespace

bool readHexTraceId(std::string_view digits, bool mayBeShort, TraceId& id) {
    if (digits.size() > 2 * kDigits || digits.size() < (mayBeShort ? kDigits : 2 * kDigits))
        return false;
    const std::size_t front = digits.size() - kDigits;
    return readWord(digits.substr(0, front), id.high) && readWord(digits.substr(front), id.low) &&
           (id.high | id.low) != 0;
}

bool readHexSpanId(std::string_view digits, std::uint64_t& id) {
    return digits.size() == kDigits && readWord(digits, id) && id != 0;
}

std::string hexOf(const TraceId& id) {
    return id.high == 0 ? digitsOf(id.low) : digitsOf(id.high) + digitsOf(id.low);
}

std::string hexOfSpan(std::uint64_t span) {
    return digitsOf(span);
}

}  // namespace levee::ingest
