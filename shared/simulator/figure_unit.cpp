// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/figure_unit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace levee::simulator {
namespace {

constexpr std::array<std::string_view, 9> kShares{"goodput",      "offeredLoad", "successShare",
                                                  "refusedShare", "failedShare", "retryShare",
                                                  "amplitude",    "cycle",       "frontierGap"};
constexpr std::array<std::string_view, 3> kSeconds{"median", "p99", "settle"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string withUnit(FigureUnit unit, double value, int digits) {
    const auto number = [digits](double v) { return fmt::format("{:.{}g}", v, digits); };
    switch (unit) {
        case FigureUnit::Number:
            return number(value);
        case FigureUnit::Share:
            return number(value * 100) + "%";
        case FigureUnit::Seconds:
            return std::abs(value) < 1 ? number(value * 1000) + "ms" : number(value) + "s";
        case FigureUnit::Rate:
            return number(value) + "/s";
    }
    return {};
}

}  // namespace

FigureUnit unitOf(std::string_view figure) {
    if (contains(kShares, figure))
        return FigureUnit::Share;
    if (contains(kSeconds, figure))
        return FigureUnit::Seconds;
    return figure == "goodRate" ? FigureUnit::Rate : FigureUnit::Number;
}

std::string formatFigure(FigureUnit unit, double value) {
    if (std::isnan(value))
        return "nothing";
    // {:.3g} turns 1234 into 1.23e+03; whole numbers say it better.
    const double scaled = unit == FigureUnit::Share ? value * 100 : value;
    if (unit != FigureUnit::Seconds && std::abs(scaled) >= 1000 && std::abs(scaled) < 1e15)
        return withUnit(
            unit, unit == FigureUnit::Share ? std::round(scaled) / 100 : std::round(scaled), 15);
    return withUnit(unit, value, 3);
}

std::string formatBounds(FigureUnit unit, double least, double most) {
    constexpr int kDigits = 12;  // enough for what people write, too few for rounding errors
    constexpr double kNone = 1e299;
    if (most > kNone)
        return ">= " + withUnit(unit, least, kDigits);
    if (least < -kNone)
        return "<= " + withUnit(unit, most, kDigits);
    return withUnit(unit, least, kDigits) + ".." + withUnit(unit, most, kDigits);
}

}  // namespace levee::simulator
