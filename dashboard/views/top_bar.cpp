// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/top_bar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>
#include <cmath>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/connection_words.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kHeight = 44;
}

TopBar::TopBar(const ViewContext& context, QWidget* parent) : QWidget(parent), context_(context) {
    setFixedHeight(kHeight);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 0, 10, 1);
    layout->setSpacing(16);
    layout->addWidget(new ThemedLabel(context.themes, TextTone::Title, QStringLiteral("Levee")));
    agents_ = new ThemedLabel(context.themes, TextTone::Normal);
    badge_ = new FreshnessBadge(context.themes);
    health_ = new ThemedLabel(context.themes, TextTone::Normal);
    health_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addWidget(agents_);
    layout->addWidget(badge_);
    layout->addWidget(health_, 1);
    for (const ActionId id : {ActionId::Pause, ActionId::ToggleTheme}) {
        auto* button = new QToolButton;
        button->setDefaultAction(&context.actions[id]);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setFocusPolicy(Qt::TabFocus);
        button->setMinimumSize(60, 26);
        layout->addWidget(button);
    }
    connect(&context.connection, &ConnectionState::ticked, this, &TopBar::refresh);
    connect(&context.connection, &ConnectionState::modeChanged, this, &TopBar::refresh);
    connect(&context.store, &TopologyStore::changed, this, &TopBar::refresh);
    connect(&context.store, &TopologyStore::pausedChanged, this, &TopBar::refresh);
    connect(&context.themes, &ThemeController::changed, this, [this] { update(); });
    refresh();
}

void TopBar::refresh() {
    const LinkSummary& summary = context_.connection.summary();
    const auto& agents = context_.connection.agents();
    const QString detail = connectionDetail(summary, agents);
    agents_->setText(connectionText(summary, agents));
    agents_->setToolTip(detail.toHtmlEscaped());
    const bool hasPicture = !context_.store.fleet().nodes.empty();
    badge_->setFreshness(freshnessOf(summary, context_.store.isPaused()),
                         hasPicture ? summary.ageSeconds : NAN, detail.toHtmlEscaped());
    health_->setText(hasPicture ? describeHealth(context_.store) : QString());
}

void TopBar::paintEvent(QPaintEvent*) {
    const Theme& theme = context_.themes.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.border);
}

}  // namespace levee
