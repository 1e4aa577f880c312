// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cmath>

#include "dashboard/widgets/state_glyph.h"

namespace levee {

class ThemeController;

/// A caption, a value in words, and a bar of how much is used: "In flight  11.8 of 12". An unknown
/// share draws an empty, dashed bar. GUI thread only.
class Meter final : public QWidget {
    Q_OBJECT
public:
    Meter(ThemeController& themes, const QString& caption, QWidget* parent = nullptr);

    /// `share` 0 to 1, or NaN; `state` gives the bar's colour.
    void setValue(double share, const QString& text, VisualState state);

    QSize sizeHint() const override { return {200, 30}; }
    QSize minimumSizeHint() const override { return {120, 30}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemeController& themes_;
    const QString caption_;
    QString text_;
    double share_ = NAN;
    VisualState state_ = VisualState::Unknown;
};

}  // namespace levee
