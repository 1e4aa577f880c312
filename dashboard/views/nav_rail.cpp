// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/nav_rail.h"

#include <QAbstractButton>
#include <QAction>
#include <QPainter>
#include <QVBoxLayout>

#include "dashboard/actions/view_actions.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr int kWidth = 96;
constexpr int kButtonHeight = 50;
constexpr int kMarkWidth = 3;

/// One page: its name, its key below, a bar at the left while it is shown.
class RailButton final : public QAbstractButton {
public:
    RailButton(ThemeController& themes, QAction& action) : themes_(themes), action_(action) {
        setCheckable(true);
        setAutoExclusive(false);
        setText(action.text());
        setToolTip(action.toolTip());
        setFixedHeight(kButtonHeight);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
        connect(this, &QAbstractButton::clicked, &action, &QAction::trigger);
        connect(&action, &QAction::toggled, this, &QAbstractButton::setChecked);
        setChecked(action.isChecked());
    }

protected:
    void nextCheckState() override {}
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = themes_.theme();
        QPainter painter(this);
        if (isChecked())
            painter.fillRect(rect(), theme.background);
        else if (underMouse())
            painter.fillRect(rect(), theme.raised);
        if (isChecked())
            painter.fillRect(QRect(0, 0, kMarkWidth, height()), theme.accent);
        if (hasFocus()) {
            painter.setPen(QPen(theme.accent, 2));
            painter.drawRect(rect().adjusted(1, 1, -2, -2));
        }
        const QRect area = rect().adjusted(14, 8, -6, -8);
        painter.setFont(theme.font(9.5, isChecked() ? QFont::DemiBold : QFont::Normal));
        painter.setPen(isChecked() ? theme.text : theme.textDim);
        painter.drawText(area, static_cast<int>(Qt::AlignLeft | Qt::AlignTop), text());
        painter.setFont(theme.font(7.5));
        painter.setPen(theme.textDim);
        painter.drawText(area, static_cast<int>(Qt::AlignLeft | Qt::AlignBottom),
                         action_.shortcut().toString(QKeySequence::NativeText));
    }

private:
    ThemeController& themes_;
    QAction& action_;
};

}  // namespace

NavRail::NavRail(const ViewContext& context, QWidget* parent) : QWidget(parent), context_(context) {
    setFixedWidth(kWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 1, 8);
    layout->setSpacing(0);
    for (const Page page : kPages)
        layout->addWidget(
            new RailButton(context.themes, context.actions[ActionRegistry::ofPage(page)]));
    layout->addStretch(1);
    connect(&context.themes, &ThemeController::changed, this, [this] { update(); });
}

void NavRail::paintEvent(QPaintEvent*) {
    const Theme& theme = context_.themes.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), theme.border);
}

}  // namespace levee
