// SPDX-License-Identifier: Apache-2.0
// The characters and words of text expositions: what may stand in a name, what a type is called,
// how an escape reads, how a wrong token is shown. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "agent/collect/exposition_parser.h"

namespace levee {

/// Bits, so that one table answers every question about a character.
enum CharClass : unsigned char {
    kNameStart = 1,  // metric names
    kName = 2,
    kLabelStart = 4,  // label names: no colon
    kLabel = 8,
    kTokenEnd = 16,   // blank, tab, line end
    kQuoteStop = 32,  // what a scan inside quotes must look at
};

constexpr std::array<unsigned char, 256> makeCharClasses() {
    std::array<unsigned char, 256> table{};
    for (int c = 0; c < 256; ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        const bool digit = c >= '0' && c <= '9';
        unsigned char bits = 0;
        if (letter)
            bits |= kNameStart | kName | kLabelStart | kLabel;
        if (digit)
            bits |= kName | kLabel;
        if (c == ':')
            bits |= kNameStart | kName;
        if (c == ' ' || c == '\t' || c == '\n')
            bits |= kTokenEnd;
        if (c == '"' || c == '\\' || c == '\n')
            bits |= kQuoteStop;
        table[static_cast<std::size_t>(c)] = bits;
    }
    return table;
}

inline constexpr auto kCharClasses = makeCharClasses();

inline bool hasClass(char c, CharClass wanted) {
    return (kCharClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

/// Up to 32 bytes of what stands at `at`, printable and quoted, or which end stands there.
std::string describeToken(const char* at, const char* end);

/// Writes `raw` with its label escapes (\\ \" \n; others keep their backslash) decoded to `out`,
/// which has room for raw.size() bytes. Returns the end of what was written.
char* decodeInto(std::string_view raw, char* out);

/// The type of a TYPE line; none for a word that the format does not have.
std::optional<MetricType> metricTypeOf(std::string_view word, bool openMetrics);

}  // namespace levee
