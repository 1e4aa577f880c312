// SPDX-License-Identifier: Apache-2.0
// How the figures of figures.h are written: in scenario files and in reports alike.
#pragma once

#include <string>
#include <string_view>

namespace levee::simulator {

enum class FigureUnit {
    Number,   ///< `1.3`
    Share,    ///< `95%` or `0.95`; may be above 1
    Seconds,  ///< `250ms`
    Rate,     ///< `400/s`
};

/// The two that need more than Figures: a trace, other runs.
inline constexpr std::string_view kSettle = "settle";
inline constexpr std::string_view kFrontierGap = "frontierGap";

/// REQUIRES: a name of figureNames(), or one of the two above.
FigureUnit unitOf(std::string_view figure);

/// "95.2%", "1.31", "252ms", "398/s", "nothing" for NaN: three significant digits.
std::string formatFigure(FigureUnit unit, double value);
/// ">= 95%", "<= 1.3", "95%..105%": all digits of the bounds, as they stand in a file.
std::string formatBounds(FigureUnit unit, double least, double most);

}  // namespace levee::simulator
