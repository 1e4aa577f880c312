// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/chart/heat_colors.h"

#include <algorithm>
#include <iterator>

#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr QRgb kDark[] = {qRgb(0x02, 0x50, 0x49), qRgb(0x02, 0x72, 0x68), qRgb(0x1D, 0x95, 0x89),
                          qRgb(0x4B, 0xB8, 0xAB), qRgb(0x71, 0xDB, 0xCE), qRgb(0x9F, 0xFF, 0xF2)};
constexpr QRgb kLight[] = {qRgb(0x74, 0xDE, 0xD0), qRgb(0x4C, 0xB9, 0xAC), qRgb(0x1D, 0x95, 0x89),
                           qRgb(0x00, 0x71, 0x68), qRgb(0x00, 0x4E, 0x47), qRgb(0x00, 0x2E, 0x29)};
constexpr QRgb kHighContrast[] = {qRgb(0x02, 0x5A, 0x53), qRgb(0x02, 0x7C, 0x72),
                                  qRgb(0x00, 0xA0, 0x93), qRgb(0x37, 0xC3, 0xB5),
                                  qRgb(0x63, 0xE7, 0xD8), qRgb(0xD5, 0xFF, 0xF8)};

HeatColors colorsOf(const QRgb (&values)[6]) {
    HeatColors colors;
    std::ranges::transform(values, colors.begin(), [](QRgb value) { return QColor(value); });
    return colors;
}

}  // namespace

const HeatColors& heatColors(const Theme& theme) {
    static const HeatColors dark = colorsOf(kDark);
    static const HeatColors light = colorsOf(kLight);
    static const HeatColors highContrast = colorsOf(kHighContrast);
    if (&theme == &Theme::highContrast())
        return highContrast;
    return theme.isDark ? dark : light;
}

}  // namespace levee
