// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHBoxLayout>
#include <QWidget>

#include "dashboard/widgets/state_glyph.h"

namespace levee {

class ThemeController;
class ThemedLabel;

/// One line across a page that asks for a decision: shape, text, buttons. GUI thread only.
class Banner final : public QWidget {
    Q_OBJECT
public:
    Banner(ThemeController& themes, VisualState state, QWidget* parent = nullptr);

    void setText(const QString& text);
    void addButton(QWidget* button) { layout_->addWidget(button); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemeController& themes_;
    const VisualState state_;
    QHBoxLayout* layout_;
    ThemedLabel* text_;
};

}  // namespace levee
