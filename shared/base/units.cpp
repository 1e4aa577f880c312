// SPDX-License-Identifier: Apache-2.0
#include "shared/base/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace levee {
namespace {

struct Unit {
    std::string_view name;
    double factor;
};

constexpr std::array<Unit, 8> kDurationUnits{{{"ns", 1e-9},
                                              {"us", 1e-6},
                                              {"ms", 1e-3},
                                              {"s", 1},
                                              {"m", 60},
                                              {"h", 3600},
                                              {"d", 86400},
                                              {"w", 604800}}};
constexpr std::array<Unit, 8> kByteUnits{{{"", 1},
                                          {"B", 1},
                                          {"kB", 1e3},
                                          {"MB", 1e6},
                                          {"GB", 1e9},
                                          {"KiB", 1024},
                                          {"MiB", 1048576},
                                          {"GiB", 1073741824}}};

Error invalid(std::string_view what, std::string_view text, std::string_view form) {
    return {fmt::format("'{}' is not a {}; write it as {}", text, what, form), ErrorKind::Invalid};
}

/// Reads a plain non-negative decimal number at the front and removes it. False where there is
/// none.
bool takeNumber(std::string_view& text, double& value) {
    const std::size_t end = text.find_first_not_of("0123456789.");
    const std::string_view digits = text.substr(0, end);
    const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                              std::chars_format::fixed);
    if (digits.empty() || code != std::errc{} || stop != digits.data() + digits.size())
        return false;
    text.remove_prefix(digits.size());
    return true;
}

template <std::size_t N>
const Unit* takeUnit(std::string_view& text, const std::array<Unit, N>& units) {
    const std::size_t end = text.find_first_of("0123456789.");
    const std::string_view name = text.substr(0, end);
    for (const Unit& unit : units) {
        if (unit.name == name) {
            text.remove_prefix(name.size());
            return &unit;
        }
    }
    return nullptr;
}

}  // namespace

Result<Duration> parseDuration(std::string_view text) {
    constexpr std::string_view kForm = "250ms, 1.5s, 2m or 1h30m (units ns us ms s m h d w)";
    constexpr double kLongestSeconds = 100.0 * 365 * 86400;
    if (text == "0")
        return Duration::zero();
    std::string_view rest = text;
    double seconds = 0;
    if (rest.empty())
        return invalid("duration", text, kForm);
    while (!rest.empty()) {
        double number = 0;
        if (!takeNumber(rest, number))
            return invalid("duration", text, kForm);
        const Unit* unit = takeUnit(rest, kDurationUnits);
        if (unit == nullptr)
            return invalid("duration", text, kForm);
        seconds += number * unit->factor;
    }
    if (seconds > kLongestSeconds)
        return invalid("duration", text, "at most 100 years");
    return Duration(std::llround(seconds * 1e9));
}

Result<double> parseRate(std::string_view text) {
    constexpr std::string_view kForm = "200/s, 90/m or 5/h";
    std::string_view rest = text;
    double number = 0;
    if (!takeNumber(rest, number) || rest.size() != 2 || rest[0] != '/')
        return invalid("rate", text, kForm);
    switch (rest[1]) {
        case 's':
            return number;
        case 'm':
            return number / 60;
        case 'h':
            return number / 3600;
        default:
            return invalid("rate", text, kForm);
    }
}

Result<double> parseShare(std::string_view text) {
    constexpr std::string_view kForm = "5% or 0.05 (0 to 100%)";
    std::string_view rest = text;
    double number = 0;
    if (!takeNumber(rest, number))
        return invalid("share", text, kForm);
    if (rest == "%" && number <= 100)
        return number / 100;
    if (rest.empty() && number <= 1)
        return number;
    if (rest.empty() && number <= 100)
        return Error{fmt::format("'{0}' is above 1; write {0}% for a percentage, or a fraction of "
                                 "0 to 1",
                                 text),
                     ErrorKind::Invalid};
    return invalid("share", text, kForm);
}

Result<std::uint64_t> parseBytes(std::string_view text) {
    constexpr std::string_view kForm = "4096, 512KiB or 16MiB";
    std::string_view rest = text;
    double number = 0;
    if (!takeNumber(rest, number))
        return invalid("size", text, kForm);
    const Unit* unit = takeUnit(rest, kByteUnits);
    const double bytes = unit != nullptr ? number * unit->factor : -1;
    if (!rest.empty() || bytes < 0 || bytes > 9e18)
        return invalid("size", text, kForm);
    return static_cast<std::uint64_t>(bytes);
}

std::string formatDuration(Duration duration) {
    struct Part {
        std::string_view name;
        std::int64_t nanos;
    };
    constexpr std::array<Part, 7> kParts{{{"d", 86400000000000},
                                          {"h", 3600000000000},
                                          {"m", 60000000000},
                                          {"s", 1000000000},
                                          {"ms", 1000000},
                                          {"us", 1000},
                                          {"ns", 1}}};
    std::int64_t rest = duration.count();
    if (rest == 0)
        return "0s";
    std::string text;
    if (rest < 0) {
        text = "-";
        rest = -rest;
    }
    for (const Part& part : kParts) {
        if (rest >= part.nanos) {
            text += fmt::format("{}{}", rest / part.nanos, part.name);
            rest %= part.nanos;
        }
    }
    return text;
}

}  // namespace levee
