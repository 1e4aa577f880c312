// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace levee {

struct Theme;

/// Flat buttons, fields and bars for the window, out of the theme's tokens. A pure function.
QString windowStyle(const Theme& theme);

}  // namespace levee
