// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <array>

namespace levee {

struct Theme;

using HeatColors = std::array<QColor, 6>;

/// The theme's tokens for counts, from few to many: of one hue that says nothing about health,
/// evenly spaced in lightness for every kind of colour vision, and all of them apart from the
/// theme's surface, which means none.
const HeatColors& heatColors(const Theme& theme);

}  // namespace levee
