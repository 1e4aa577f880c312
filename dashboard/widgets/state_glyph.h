// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that says how a state looks: glyph, word, colour token, and a drawn shape that does
// not depend on a font.
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>

#include "shared/model/guard_state.h"
#include "shared/model/topology.h"

class QPainter;

namespace levee {

struct Theme;

/// What a person is shown. Worst first is Failing, Open, Degraded, Throttled, Stale, Unknown, Ok,
/// Idle.
enum class VisualState { Unknown, Idle, Ok, Degraded, Failing, Throttled, Open, Stale };

/// What hangs on a card or on an edge because of a guard.
enum class BadgeKind { BreakerOpen, HalfOpen, Ramp, Limit, Shadow, Override };

/// A guard's mark with its text, ready to show: {BreakerOpen, "1.8 s"}, {Ramp, "40 %"}.
struct GuardBadge {
    BadgeKind kind = BadgeKind::Limit;
    QString text;

    bool operator==(const GuardBadge&) const = default;
};

/// Stale wins, then failing, degraded, throttled (`shedShare` over 0.5 %), then health as it is.
VisualState visualState(Health health, bool stale, double shedShare = 0);
/// Smaller is worse, for sorting lists.
int severityRank(VisualState state);

QString glyphOf(VisualState state);  ///< "●", "▲", "✖", "◪", "⊘", "?", "○"
QString wordOf(VisualState state);   ///< translated: "ok", "degraded", "failing", ...
QColor colorOf(VisualState state, const Theme& theme);

QString glyphOf(BreakerState state);
QString wordOf(BreakerState state);  ///< "closed", "OPEN", "HALF-OPEN", "RAMP", "FORCED OPEN", ...
VisualState visualState(BreakerState state);
QString wordOf(NodeKind kind);  ///< translated: "service", "database", ...

QString wordOf(BadgeKind kind);           ///< "OPEN", "HALF-OPEN", "RAMP", "LIMIT", ...
QString textOf(const GuardBadge& badge);  ///< word and text: "OPEN 1.8 s"
VisualState visualState(BadgeKind kind);  ///< which colour token and glyph it takes

/// What a guard shows: nothing when it is closed and sheds nothing. The text is formatted.
/// Returns false where there is nothing to show.
bool badgeOf(const GuardState& guard, GuardBadge& badge);

/// Draws the state's shape into a square, filled with its colour. `box` in logical pixels.
void drawStateGlyph(QPainter& painter, const QRectF& box, VisualState state, const Theme& theme);
/// Draws the outline icon of a kind: cylinder, pipe, stack, cloud, person, hexagon.
void drawKindIcon(QPainter& painter, const QRectF& box, NodeKind kind, const QColor& color);

}  // namespace levee
