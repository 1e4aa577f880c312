// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/top_bar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/incident_log.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/connection_words.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/state_glyph.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kHeight = 44;
constexpr int kStripe = 6;

QString fleetText(const WindowMode& mode) {
    const QString name = plainLine(mode.context, 40);
    return mode.isProduction ? TopBar::tr("PRODUCTION %1").arg(name) : name;
}

}  // namespace

TopBar::TopBar(const ViewContext& context, QWidget* parent) : QWidget(parent), context_(context) {
    setFixedHeight(kHeight);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 0, 10, 1);
    layout->setSpacing(16);
    layout->addWidget(new ThemedLabel(context.themes, TextTone::Title, QStringLiteral("Levee")));
    fleet_ = new ThemedLabel(context.themes, TextTone::Strong, fleetText(context.mode));
    fleet_->setVisible(!context.mode.context.isEmpty());
    layout->addWidget(fleet_);
    lock_ = new FreshnessBadge(context.themes);
    showLock();
    connect(&context.document, &RuleDocument::changed, this, &TopBar::showLock);
    agents_ = new ThemedLabel(context.themes, TextTone::Normal);
    badge_ = new FreshnessBadge(context.themes);
    late_ = new QToolButton;
    late_->setFocusPolicy(Qt::TabFocus);
    late_->setMinimumHeight(26);
    late_->setToolTip(tr("Shows the agents that are late or lost"));
    late_->hide();
    connect(late_, &QToolButton::clicked, &context.views, &ViewActions::showLateAgents);
    incident_ = new QToolButton;
    incident_->setFocusPolicy(Qt::TabFocus);
    incident_->setMinimumHeight(26);
    incident_->setToolTip(tr("The incident that is open: shows its timeline"));
    incident_->hide();
    connect(incident_, &QToolButton::clicked, this,
            [this] { context_.views.showPage(Page::Timeline); });
    connect(&context.incidents, &IncidentLog::changed, this, &TopBar::refresh);
    health_ = new ThemedLabel(context.themes, TextTone::Normal);
    health_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addWidget(agents_);
    layout->addWidget(badge_);
    layout->addWidget(incident_);
    layout->addWidget(lock_);
    layout->addWidget(late_);
    layout->addWidget(health_, 1);
    for (const ActionId id : {ActionId::Pause, ActionId::ToggleTheme}) {
        auto* button = new QToolButton;
        button->setDefaultAction(&context.actions[id]);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setFocusPolicy(Qt::TabFocus);
        button->setMinimumSize(60, 26);
        layout->addWidget(button);
    }
    auto* whenSeen = new WhenSeen(*this, [this] { refresh(); });
    connect(&context.connection, &ConnectionState::ticked, whenSeen, &WhenSeen::request);
    connect(&context.connection, &ConnectionState::modeChanged, whenSeen, &WhenSeen::request);
    connect(&context.store, &TopologyStore::pausedChanged, this, &TopBar::refresh);
    connect(&context.store, &TopologyStore::travelChanged, this, &TopBar::refresh);
    connect(&context.themes, &ThemeController::changed, this, [this] { update(); });
    refresh();
}

void TopBar::showLock() {
    const QString& reason = context_.document.readOnlyReason();
    lock_->setFreshness(Freshness::ReadOnly, NAN, reason.toHtmlEscaped());
    lock_->setVisible(!reason.isEmpty());
}

void TopBar::refresh() {
    const LinkSummary& summary = context_.connection.summary();
    const auto& agents = context_.connection.agents();
    const QString detail = connectionDetail(summary, agents);
    agents_->setText(connectionText(summary, agents));
    agents_->setToolTip(detail.toHtmlEscaped());
    const bool hasPicture = !context_.store.fleet().nodes.empty();
    if (context_.store.isTravelling())  // how long ago, the banner says
        badge_->setFreshness(Freshness::TimeTravel, NAN, detail.toHtmlEscaped());
    else
        badge_->setFreshness(freshnessOf(summary, context_.store.isPaused()),
                             hasPicture ? summary.ageSeconds : NAN, detail.toHtmlEscaped());
    const Incident* incident = context_.incidents.current();
    incident_->setVisible(incident != nullptr);
    if (incident) {
        const auto seconds =
            static_cast<double>(context_.store.fleet().millis - incident->startMillis) / 1e3;
        incident_->setText(
            tr("! %1 · %2").arg(plainText(incident->title, 48), formatAge(std::max(0.0, seconds))));
    }
    const QString late = lateText(summary);
    late_->setVisible(!late.isEmpty());
    late_->setText(late.isEmpty() ? QString() : glyphOf(VisualState::Stale) + ' ' + late);
    health_->setText(hasPicture ? healthLine_.text(context_.store) : QString());
}

void TopBar::paintEvent(QPaintEvent*) {
    const Theme& theme = context_.themes.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.border);
    if (!context_.mode.isProduction)
        return;
    // Striped, so that it is not taken for a state of the fleet.
    painter.fillRect(QRect(0, 0, width(), kStripe), theme.accent);
    painter.fillRect(QRect(0, 0, width(), kStripe), QBrush(theme.surface, Qt::BDiagPattern));
}

}  // namespace levee
