// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/number_text.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace levee::promql {
namespace {

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::optional<double> parseInteger(std::string_view digits, int base) {
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return static_cast<double>(value);
}

std::optional<double> parseMagnitude(const std::string& text) {
    if (text == "inf" || text == "infinity")
        return std::numeric_limits<double>::infinity();
    if (text == "nan")
        return std::numeric_limits<double>::quiet_NaN();
    if (text.starts_with("0x"))
        return parseInteger(std::string_view(text).substr(2), 16);
    if (text.empty() || !((text[0] >= '0' && text[0] <= '9') || text[0] == '.'))
        return std::nullopt;
    double value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (end != last || error == std::errc::invalid_argument)
        return std::nullopt;
    if (error == std::errc::result_out_of_range)
        return text.find("e-") == std::string::npos ? std::numeric_limits<double>::infinity() : 0;
    return value;
}

}  // namespace

std::optional<double> parseNumber(std::string_view text) {
    const bool isNegative = text.starts_with('-');
    if (isNegative || text.starts_with('+'))
        text.remove_prefix(1);
    const std::optional<double> magnitude = parseMagnitude(lowered(text));
    return magnitude && isNegative ? -*magnitude : magnitude;
}

std::string formatNumber(double value) {
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    char buffer[40];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, std::abs(value),
                                       std::chars_format::scientific);
    // d.ddddde+XX: the digits are the shortest; they are set out without the exponent here.
    const std::string_view all(buffer, static_cast<std::size_t>(written.ptr - buffer));
    const std::size_t e = all.find('e');
    int exponent = 0;
    const char* const sign = all.data() + e + 1;
    std::from_chars(*sign == '+' ? sign + 1 : sign, written.ptr, exponent);
    std::string digits(all.substr(0, 1));
    if (e > 2)
        digits += all.substr(2, e - 2);
    const std::string minus = std::signbit(value) ? "-" : "";
    if (exponent < 0)
        return minus + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole)
        return minus + digits + std::string(whole - digits.size(), '0');
    return minus + digits.substr(0, whole) + '.' + digits.substr(whole);
}

}  // namespace levee::promql
