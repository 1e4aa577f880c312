// SPDX-License-Identifier: GPL-3.0-or-later
// Paints one node: as a full card, as glyph and name, or as a dot. Kind is told by silhouette and
// icon, state by border, glyph and word, then colour. Private to the canvas.
#pragma once

#include <QPainterPath>
#include <QRectF>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/graph_scene.h"

class QPainter;

namespace levee {

struct Theme;

/// How the person stands to a card at this moment.
struct CardLook {
    bool hovered = false;
    bool selected = false;
    bool pinned = false;
    bool faded = false;  ///< outside what was searched for
    bool found = false;  ///< what was searched for: a halo
};

/// Size of a full card, in scene units.
inline constexpr QSizeF kCardSize{180, 184};

/// The outline of a kind within `box`.
QPainterPath cardOutline(NodeKind kind, const QRectF& box, double zoom);

/// `box` in view pixels; everything inside scales with `zoom`.
void paintCard(QPainter& painter, const CardData& card, const QRectF& box, double zoom,
               const CardLook& look, const Theme& theme);
/// Chooses by the level of detail.
void paintNode(QPainter& painter, const CardData& card, const QRectF& box,
               const CanvasGeometry& geometry, const CardLook& look, const Theme& theme);
/// How much of a badge there is room for: "OPEN 1.8 s", "OPEN", or the glyph alone.
enum class BadgeForm { Full, Word, Glyph };

/// A pill with glyph and text, centred at `center`. Returns where it is.
QRectF paintBadge(QPainter& painter, const GuardBadge& badge, const QPointF& center, double zoom,
                  const Theme& theme, BadgeForm form = BadgeForm::Full);
QSizeF badgeSize(const GuardBadge& badge, double zoom, const Theme& theme,
                 BadgeForm form = BadgeForm::Full);

}  // namespace levee
