// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/go_float.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace levee {
namespace {

constexpr std::array<double, 16> kPowersOfTen{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                              1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

bool equalsIgnoringCase(std::string_view text, std::string_view lower) {
    if (text.size() != lower.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((text[i] | 0x20) != lower[i])
            return false;
    }
    return true;
}

/// Whether a number that fits no double is too small (rather than too large): by the power of ten
/// of its first significant digit.
bool isUnderflow(std::string_view digits) {
    const std::size_t e = std::min(digits.find_first_of("eE"), digits.size());
    const std::string_view mantissa = digits.substr(0, e);
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    const std::size_t first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
    std::int64_t exponent = 0;
    if (e + 1 < digits.size()) {
        const std::string_view written = digits.substr(digits[e + 1] == '+' ? e + 2 : e + 1);
        const auto [stop, code] =
            std::from_chars(written.data(), written.data() + written.size(), exponent);
        if (code == std::errc::result_out_of_range)
            return written[0] == '-';
    }
    return exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) < 0;
}

bool parseLong(std::string_view digits, double& magnitude) {
    // from_chars knows more words than Go does: let it see numbers only.
    if (digits.empty() || !((digits[0] >= '0' && digits[0] <= '9') || digits[0] == '.'))
        return false;
    double parsed = 0;
    const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    if (stop != digits.data() + digits.size())
        return false;
    if (code == std::errc::result_out_of_range) {
        if (!isUnderflow(digits))
            return false;
        parsed = 0;
    } else if (code != std::errc()) {
        return false;
    }
    magnitude = parsed;
    return true;
}

}  // namespace

// Digits and power of ten are exact doubles, so their quotient is rounded once, and right
// (Clinger).
const char* readPlainNumber(const char* at, double& value) {
    const bool isNegative = *at == '-';
    if (isNegative || *at == '+')
        ++at;
    const char* start = at;
    std::uint64_t mantissa = 0;
    for (; *at >= '0' && *at <= '9'; ++at)
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
    auto digits = at - start;
    std::size_t decimals = 0;
    if (*at == '.') {
        const char* point = at++;
        for (; *at >= '0' && *at <= '9'; ++at)
            mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
        decimals = static_cast<std::size_t>(at - point - 1);
        digits += at - point - 1;
    }
    if (digits == 0 || digits > 15)
        return nullptr;
    const double magnitude = static_cast<double>(mantissa) / kPowersOfTen[decimals];
    value = isNegative ? -magnitude : magnitude;
    return at;
}

bool parseGoFloat(std::string_view text, double& value) {
    const bool hasSign = !text.empty() && (text[0] == '+' || text[0] == '-');
    const std::string_view rest = hasSign ? text.substr(1) : text;
    double magnitude = 0;
    if (!parseLong(rest, magnitude)) {
        if (equalsIgnoringCase(rest, "inf") || equalsIgnoringCase(rest, "infinity"))
            magnitude = std::numeric_limits<double>::infinity();
        else if (!hasSign && equalsIgnoringCase(rest, "nan"))
            magnitude = std::numeric_limits<double>::quiet_NaN();
        else
            return false;
    }
    value = hasSign && text[0] == '-' ? -magnitude : magnitude;
    return true;
}

}  // namespace levee
