// SPDX-License-Identifier: GPL-3.0-or-later
// What a screen reader finds on the map: a list with one child for each card, "payments, service,
// failing, 388/s requests, ...". Private to the canvas.
#pragma once

namespace levee {

/// Makes every TopologyCanvas tell its cards. May be called more than once.
void installCanvasAccessibility();

}  // namespace levee
