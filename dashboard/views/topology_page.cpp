// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/topology_page.h"

#include <QAction>
#include <QToolButton>
#include <QVBoxLayout>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/connection_words.h"
#include "dashboard/views/inspector_panel.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/triage_panel.h"
#include "dashboard/widgets/canvas/topology_canvas.h"

namespace levee {
namespace {

constexpr int kTriageWidth = 200;
constexpr int kInspectorWidth = 304;
constexpr int kCanvasWidth = 1000;

}  // namespace

TopologyPage::TopologyPage(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* middle = new QWidget;
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    canvas_ = new TopologyCanvas(context.themes);
    column->addWidget(canvas_, 1);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(12, 4, 8, 4);
    foot->setSpacing(4);
    summary_ = new ThemedLabel(context.themes, TextTone::Dim);
    foot->addWidget(summary_, 1);
    for (const ActionId id : {ActionId::ZoomOut, ActionId::Fit, ActionId::ZoomIn}) {
        auto* button = new QToolButton;
        button->setDefaultAction(&context.actions[id]);
        button->setText(id == ActionId::ZoomOut  ? QStringLiteral("−")
                        : id == ActionId::ZoomIn ? QStringLiteral("+")
                                                 : tr("Fit"));
        button->setAccessibleName(context.actions[id].text());
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setMinimumSize(28, 24);
        foot->addWidget(button);
    }
    column->addLayout(foot);

    splitter_ = new QSplitter(Qt::Horizontal);
    splitter_->setHandleWidth(1);
    splitter_->setChildrenCollapsible(false);
    splitter_->addWidget(new TriagePanel(context));
    splitter_->addWidget(middle);
    splitter_->addWidget(new InspectorPanel(context));
    splitter_->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter_);
    resetLayout();
    setFocusProxy(canvas_);
    bindCanvas();
    bindActions();
    connect(&context.store, &TopologyStore::changed, this, &TopologyPage::refreshScene);
    connect(&context.connection, &ConnectionState::ticked, this, &TopologyPage::refreshState);
    connect(&context.selection, &SelectionState::changed, this, &TopologyPage::showSelection);
    refreshScene();
    refreshState();
}

void TopologyPage::resetLayout() {
    splitter_->setSizes({kTriageWidth, kCanvasWidth, kInspectorWidth});
}

void TopologyPage::bindCanvas() {
    SelectionState& selection = context_.selection;
    connect(canvas_, &TopologyCanvas::nodeSelected, this, [&selection](const QString& id) {
        selection.select(Selection::ofSubject(id.toStdString()));
    });
    connect(canvas_, &TopologyCanvas::edgeSelected, this,
            [&selection](const QString& from, const QString& to) {
                selection.select(Selection::ofEdge(from.toStdString(), to.toStdString()));
            });
    const auto open = [this] { context_.views.showPage(Page::Service); };
    connect(canvas_, &TopologyCanvas::nodeActivated, this, open);
    connect(canvas_, &TopologyCanvas::edgeActivated, this, open);
}

void TopologyPage::bindActions() {
    ActionRegistry& actions = context_.actions;
    connect(&actions[ActionId::ZoomIn], &QAction::triggered, canvas_, &TopologyCanvas::zoomIn);
    connect(&actions[ActionId::ZoomOut], &QAction::triggered, canvas_, &TopologyCanvas::zoomOut);
    connect(&actions[ActionId::Fit], &QAction::triggered, canvas_, &TopologyCanvas::fit);
    // Tab walks through the unhealthy while the map has the focus, and moves the focus on at the
    // end of the walk, so that the keyboard is never caught here.
    for (const ActionId id : {ActionId::NextUnhealthy, ActionId::PreviousUnhealthy}) {
        actions[id].setShortcutContext(Qt::WidgetShortcut);
        canvas_->addAction(&actions[id]);
    }
    connect(&context_.views, &ViewActions::walkEnded, this, [this](bool forward) {
        if (!canvas_->hasFocus())
            return;
        QWidget* next = canvas_;
        do {
            next = forward ? next->nextInFocusChain() : next->previousInFocusChain();
        } while (next != canvas_ && (!next->isVisible() || !(next->focusPolicy() & Qt::TabFocus)));
        next->setFocus(forward ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    });
}

void TopologyPage::refreshScene() {
    canvas_->setScene(buildScene(context_.store));
    const FleetView& fleet = context_.store.fleet();
    summary_->setText(
        fleet.nodes.empty()
            ? QString()
            : tr("%1 · %2").arg(tr("%n service(s)", nullptr, static_cast<int>(fleet.nodes.size())),
                                tr("%n edge(s)", nullptr, static_cast<int>(fleet.edges.size()))));
    showSelection();
    refreshState();
}

void TopologyPage::refreshState() {
    const CanvasMessage message =
        canvasMessage(context_.connection.summary(), !context_.store.fleet().nodes.empty());
    canvas_->setState(message.state, message.title, message.hint);
    // Ages move on although no new picture comes.
    const bool isOld = context_.connection.summary().ageSeconds > toSeconds(kLateAfter);
    if (isOld && !context_.store.fleet().nodes.empty() && isVisible())
        canvas_->setScene(buildScene(context_.store));
}

void TopologyPage::showSelection() {
    const Selection& selection = context_.selection.current();
    if (selection.kind == Selection::Kind::Edge)
        canvas_->selectEdge(QString::fromStdString(selection.client),
                            QString::fromStdString(selection.server));
    else
        canvas_->selectNode(QString::fromStdString(selection.node));
}

}  // namespace levee
