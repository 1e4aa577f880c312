// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/timeline_strip.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/override_desk.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/timeline_model.h"
#include "dashboard/model/timeline_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/timeline_scene.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kGap = 8;
constexpr std::int64_t kMinute = 60'000;
}  // namespace

void chooseTimelineEntry(const ViewContext& context, const std::string& id) {
    const TimelineEntry* entry = context.timeline.entry(id);
    if (!entry)
        return;
    context.timelineState.choose(id);
    const Selection about = Selection::ofSubject(entry->subject);
    const bool isOnTheMap = context.store.node(about.node) != nullptr ||
                            context.store.edge(about.client, about.server) != nullptr;
    if (isOnTheMap)
        context.selection.select(about);
}

TimelineStrip::TimelineStrip(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context), band_(new TimelineBand(context.themes, {})) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 1, kGap, 0);
    layout->setSpacing(2);
    layout->addWidget(band_, 1);
    held_ = new QToolButton;
    held_->setMinimumHeight(26);
    held_->setObjectName(QStringLiteral("held"));
    held_->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(held_);
    connect(held_, &QToolButton::clicked, this, [this] { context_.views.showPage(Page::Rules); });
    auto* heldSeen = new WhenSeen(*this, [this] { showHeld(); });
    connect(&context.overrides, &OverrideDesk::changed, heldSeen, &WhenSeen::request);
    connect(&context.connection, &ConnectionState::ticked, heldSeen, &WhenSeen::request);
    showHeld();
    auto* ranges = new QButtonGroup(this);
    for (const int minutes : {5, 15, 60}) {
        auto* button = new QToolButton;
        button->setText(tr("%1 min").arg(minutes));
        button->setCheckable(true);
        button->setAutoRaise(true);
        button->setChecked(minutes == context.timelineState.minutes());
        button->setMinimumHeight(26);
        button->setAccessibleName(tr("Show the last %1 minutes").arg(minutes));
        ranges->addButton(button, minutes);
        layout->addWidget(button);
    }
    connect(ranges, &QButtonGroup::idClicked, &context.timelineState, &TimelineState::setMinutes);
    connect(&context.timelineState, &TimelineState::rangeChanged, this, [this, ranges] {
        if (QAbstractButton* button = ranges->button(context_.timelineState.minutes()))
            button->setChecked(true);
        refresh();
    });
    connect(band_, &TimelineBand::markChosen, this,
            [this](const std::string& id) { chooseTimelineEntry(context_, id); });
    connect(band_, &TimelineBand::markActivated, this, [this](const std::string& id) {
        chooseTimelineEntry(context_, id);
        context_.views.showPage(Page::Timeline);
    });
    connect(band_, &TimelineBand::timeChosen, &context.store, &TopologyStore::travelTo);
    connect(&context.timelineState, &TimelineState::chosenChanged, this,
            [this] { band_->setChosen(context_.timelineState.chosen()); });
    connect(&context.timelineState, &TimelineState::filterChanged, this, &TimelineStrip::refresh);
    auto* whenSeen = new WhenSeen(*this, [this] { refresh(); });
    connect(&context.timeline, &TimelineModel::updated, whenSeen, &WhenSeen::request);
    connect(&context.selection, &SelectionState::changed, this, &TimelineStrip::refresh);
    connect(&context.store, &TopologyStore::changed, whenSeen, &WhenSeen::request);
    connect(&context.themes, &ThemeController::changed, this, [this] { update(); });
    refresh();
}

void TimelineStrip::refresh() {
    band_->setMarks(buildTimelineMarks(context_.timeline, context_.timelineState,
                                       context_.selection.current().subject()));
    band_->setLevels(buildLevels(context_.store.health()));
    band_->setCursor(context_.store.isTravelling() ? context_.store.fleet().millis : 0);
    if (const std::int64_t now = context_.store.newest().millis; now > 0)
        band_->setRange(now - context_.timelineState.minutes() * kMinute, now);
}

void TimelineStrip::showHeld() {
    const auto& held = context_.overrides.held();
    held_->setVisible(!held.empty());
    if (held.empty())
        return;
    const QString left = formatAge(context_.overrides.secondsLeft(held.front()));
    //: so many guards are held by hand; the first ends in: "2 held, 12 min"
    held_->setText(glyphOf(VisualState::Throttled) + QLatin1Char(' ') +
                   tr("%n held, %1", nullptr, static_cast<int>(held.size())).arg(left));
    QStringList lines;
    for (const HeldOverride& each : held)
        lines << tr("%1: %2, %3 left, by %4 (%5)")
                     .arg(readableSubject(each.value.subject), holdText(each.value),
                          formatAge(context_.overrides.secondsLeft(each)),
                          plainText(each.value.author, 60), plainText(each.value.reason, 120));
    held_->setToolTip(lines.mid(0, 12).join(QLatin1Char('\n')).toHtmlEscaped());
    held_->setAccessibleName(lines.front());
}

void TimelineStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = context_.themes.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface);
    painter.fillRect(QRect(0, 0, width(), 1), theme.border);
}

}  // namespace levee
