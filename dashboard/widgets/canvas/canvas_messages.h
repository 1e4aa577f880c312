// SPDX-License-Identifier: GPL-3.0-or-later
// What the canvas says when it has no picture, or one that must not be trusted. Private to the
// canvas.
#pragma once

#include <QRectF>
#include <QString>

class QPainter;

namespace levee {

struct Theme;

/// Ghost cards where cards will come, under a title.
void paintSkeleton(QPainter& painter, const QRectF& view, const QString& title, const QString& hint,
                   const Theme& theme);
/// A centred title with a line under it that says what to do. `failed` puts the failing mark above.
void paintMessage(QPainter& painter, const QRectF& view, const QString& title, const QString& hint,
                  bool failed, const Theme& theme);
/// A grey veil over an old picture and a banner at the top that says so.
void paintVeil(QPainter& painter, const QRectF& view, const QString& title, const QString& hint,
               bool failed, const Theme& theme);

}  // namespace levee
