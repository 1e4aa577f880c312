// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/travel_frame.h"

#include <QAction>
#include <QEvent>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/actions/action_registry.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/banner.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kGap = 8;
constexpr int kFrame = 4;
}  // namespace

TravelBanner::TravelBanner(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context), banner_(new Banner(context.themes, VisualState::Stale)) {
    setObjectName(QStringLiteral("travel"));
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(kGap, kGap, kGap, kGap);
    rows->addWidget(banner_);
    for (const ActionId id : {ActionId::EarlierPicture, ActionId::LaterPicture}) {
        QAction& action = context.actions[id];
        auto* step = new QPushButton(action.text());
        step->setToolTip(action.toolTip());
        connect(step, &QPushButton::clicked, &action, &QAction::trigger);
        banner_->addButton(step);
    }
    auto* back = new QPushButton(tr("Back to live (Esc)"));
    back->setObjectName(QStringLiteral("back-to-live"));
    connect(back, &QPushButton::clicked, &context.store, &TopologyStore::returnToLive);
    banner_->addButton(back);
    connect(&context.store, &TopologyStore::travelChanged, this, &TravelBanner::refresh);
    connect(&context.store, &TopologyStore::changed, this, &TravelBanner::refresh);
    refresh();
}

void TravelBanner::refresh() {
    const TopologyStore& store = context_.store;
    setVisible(store.isTravelling());
    if (!store.isTravelling())
        return;
    const std::int64_t then = store.fleet().millis;
    const auto seconds =
        static_cast<double>(std::max<std::int64_t>(0, store.newest().millis - then)) / 1e3;
    //: a time of day, and how long ago that was: "As of 03:12:05, 4 min ago"
    banner_->setText(tr("As of %1, %2 ago. Nothing can be changed from here.")
                         .arg(formatClock(then), formatAge(seconds)));
}

TravelFrame::TravelFrame(const ViewContext& context, QWidget& window)
    : QWidget(&window), context_(context) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    window.installEventFilter(this);
    connect(&context.store, &TopologyStore::travelChanged, this, &TravelFrame::refresh);
    connect(&context.themes, &ThemeController::changed, this, [this] { update(); });
    refresh();
}

void TravelFrame::refresh() {
    const bool isTravelling = context_.store.isTravelling();
    // The frame has room of its own: it must not lie over menu and status.
    const int room = isTravelling ? kFrame + 1 : 0;
    parentWidget()->setContentsMargins(room, room, room, room);
    setGeometry(parentWidget()->rect());
    setVisible(isTravelling);
    raise();
}

bool TravelFrame::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    return false;
}

void TravelFrame::paintEvent(QPaintEvent*) {
    const Theme& theme = context_.themes.theme();
    QPainter painter(this);
    // Stripes: the frame is told from every other line without its colour.
    painter.setPen(QPen(theme.degraded, kFrame, Qt::DashLine, Qt::FlatCap));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(kFrame / 2, kFrame / 2, -kFrame / 2, -kFrame / 2));
}

}  // namespace levee
