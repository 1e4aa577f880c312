// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/topology_page.h"

#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/connection_words.h"
#include "dashboard/views/edge_facts.h"
#include "dashboard/views/find_box.h"
#include "dashboard/views/inspector_panel.h"
#include "dashboard/views/map_scene.h"
#include "dashboard/views/map_table.h"
#include "dashboard/views/map_toolbar.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/triage_panel.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr int kTriageWidth = 200;
constexpr int kInspectorWidth = 304;
constexpr int kCanvasWidth = 1000;

}  // namespace

TopologyPage::TopologyPage(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* middle = new QWidget;
    buildMiddle(*middle);
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
    bindMapActions();
    bindWalk();
    whenSeen_ = new WhenSeen(*this, [this] { refreshScene(); });
    connect(&context.store, &TopologyStore::changed, this, [this] {
        // Where only time has passed, the map is the same.
        if (!pictured_ || pictured_->news != context_.store.fleet().news || pictured_->news == 0)
            whenSeen_->request();
    });
    connect(&context.connection, &ConnectionState::ticked, this, &TopologyPage::refreshState);
    connect(&context.selection, &SelectionState::changed, this, [this](const Selection& selection) {
        view_.setKept(selection.node);
        showSelection();
    });
    connect(&view_, &MapViewState::changed, whenSeen_, &WhenSeen::request);
    connect(&view_, &MapViewState::findChanged, this, &TopologyPage::refreshMarks);
    compose();
    refreshState();
}

void TopologyPage::buildMiddle(QWidget& middle) {
    auto* column = new QVBoxLayout(&middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    toolbar_ = new MapToolbar(context_, view_);
    canvas_ = new TopologyCanvas(context_.themes);
    middle_ = new QStackedWidget;
    middle_->addWidget(canvas_);
    column->addWidget(toolbar_);
    column->addWidget(middle_, 1);
    column->addWidget(buildFoot());
}

QWidget* TopologyPage::buildFoot() {
    auto* foot = new QWidget;
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(12, 4, 8, 4);
    row->setSpacing(4);
    summary_ = new ThemedLabel(context_.themes, TextTone::Dim);
    row->addWidget(summary_, 1);
    const auto add = [&](ActionId id, const QString& text, void (TopologyCanvas::*act)()) {
        const QAction& action = context_.actions[id];
        auto* button = new QToolButton;
        button->setText(text);
        button->setToolTip(action.toolTip());
        button->setAccessibleName(action.text());
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setMinimumSize(28, 24);
        connect(button, &QToolButton::clicked, canvas_, act);
        row->addWidget(button);
    };
    add(ActionId::TidyMap, tr("Tidy"), &TopologyCanvas::relayout);
    add(ActionId::ZoomOut, QStringLiteral("−"), &TopologyCanvas::zoomOut);
    add(ActionId::Fit, tr("Fit"), &TopologyCanvas::fit);
    add(ActionId::ZoomIn, QStringLiteral("+"), &TopologyCanvas::zoomIn);
    return foot;
}

void TopologyPage::resetLayout() {
    splitter_->setSizes({kTriageWidth, kCanvasWidth, kInspectorWidth});
}

void TopologyPage::bindCanvas() {
    SelectionState& selection = context_.selection;
    connect(canvas_, &TopologyCanvas::nodeSelected, this, [this, &selection](const QString& id) {
        if (id.isEmpty() || groupOfId(id))
            selection.clear();
        else
            selection.select(Selection::ofNode(nameOf(id)));
    });
    connect(canvas_, &TopologyCanvas::edgeSelected, this,
            [this, &selection](const QString& from, const QString& to) {
                if (!groupOfId(from) && !groupOfId(to))
                    selection.select(Selection::ofEdge(nameOf(from), nameOf(to)));
            });
    const auto open = [this] { context_.views.showPage(Page::Service); };
    connect(canvas_, &TopologyCanvas::nodeActivated, this, [this, open](const QString& id) {
        if (const auto group = groupOfId(id))
            view_.openGroup(*group);
        else
            open();
    });
    connect(canvas_, &TopologyCanvas::edgeActivated, this, open);
    connect(canvas_, &TopologyCanvas::contextRequested, this, &TopologyPage::showMenu);
    connect(canvas_, &TopologyCanvas::edgeContextRequested, this, &TopologyPage::showEdgeMenu);
    canvas_->setEdgeFacts([this](const QString& from, const QString& to) {
        return edgeFacts(context_.store, nameOf(from), nameOf(to));
    });
}

void TopologyPage::bindActions() {
    ActionRegistry& actions = context_.actions;
    // While something is focused, + and - change how far it reaches.
    const auto step = [this](int by, void (TopologyCanvas::*zoom)()) {
        return [this, by, zoom] {
            if (view_.wish().focus.empty())
                (canvas_->*zoom)();
            else
                view_.changeHops(by);
        };
    };
    connect(&actions[ActionId::ZoomIn], &QAction::triggered, this,
            step(1, &TopologyCanvas::zoomIn));
    connect(&actions[ActionId::ZoomOut], &QAction::triggered, this,
            step(-1, &TopologyCanvas::zoomOut));
    connect(&actions[ActionId::Fit], &QAction::triggered, canvas_, &TopologyCanvas::fit);
    connect(&actions[ActionId::TidyMap], &QAction::triggered, canvas_, &TopologyCanvas::relayout);
}

void TopologyPage::bindMapActions() {
    ActionRegistry& actions = context_.actions;
    connect(&actions[ActionId::FocusService], &QAction::triggered, this, [this](bool on) {
        view_.focusOn(on ? context_.selection.current().node : std::string());
        canvas_->fit();
        context_.actions[ActionId::FocusService].setChecked(!view_.wish().focus.empty());
    });
    connect(&view_, &MapViewState::changed, this, [this] {
        context_.actions[ActionId::FocusService].setChecked(!view_.wish().focus.empty());
    });
    connect(&actions[ActionId::MapTable], &QAction::triggered, this, &TopologyPage::showTable);
    QAction& minimap = actions[ActionId::ShowMinimap];
    minimap.setChecked(canvas_->isMinimapShown());
    connect(&minimap, &QAction::triggered, canvas_, &TopologyCanvas::setMinimapShown);
    connect(&actions[ActionId::ShowParticles], &QAction::triggered, this, [this](bool on) {
        canvas_->setParticles(on ? ParticleMode::On : ParticleMode::Hover);
    });
    connect(&actions[ActionId::ExportMap], &QAction::triggered, this, &TopologyPage::chooseExport);
    connect(toolbar_, &MapToolbar::left, middle_, [this] { middle_->currentWidget()->setFocus(); });
    connect(&toolbar_->find(), &FindBox::stepRequested, this, &TopologyPage::stepMatch);
    context_.views.addBackStep([this] { return view_.back(); });
}

void TopologyPage::bindWalk() {
    ActionRegistry& actions = context_.actions;
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
    compose();
    refreshState();
}

void TopologyPage::compose() {
    pictured_ = context_.store.fleetPointer();
    index_.update(*pictured_);
    picture_ = composeMap(*pictured_, view_.wish(), context_.store.changes(), shown_, index_);
    shown_.clear();
    names_.clear();
    for (const FleetNode* entry : picture_.services) {
        shown_.insert(entry->node.name);
        names_.insert(sceneId(entry->node.name), entry->node.name);
    }
    canvas_->setScene(buildScene(context_.store, picture_));
    summary_->setText(picture_.known == 0 ? QString() : describeScope(picture_, view_.wish()));
    toolbar_->showGrouping(view_.wish().grouping, picture_.grouping);
    refreshMarks();
    showSelection();
}

void TopologyPage::refreshMarks() {
    const bool isActive = !view_.find().isEmpty();
    matches_ =
        isActive ? matchesOf(context_.store.fleet(), view_.find()) : std::vector<std::string>();
    toolbar_->find().setCount(matches_.size(), picture_.known);
    toolbar_->hide().setCount(picture_.hidden, picture_.known);
    const std::set<std::string> found(matches_.begin(), matches_.end());
    QStringList ids;
    for (const std::string& name : matches_)
        ids << sceneId(name);
    for (const MapGroup& group : picture_.groups)
        if (std::ranges::any_of(group.members, [&](const FleetNode* member) {
                return found.contains(member->node.name);
            }))
            ids << groupId(group.name);
    canvas_->setHighlight(ids, isActive);
    refreshTable(isActive);
}

void TopologyPage::refreshTable(bool isFinding) {
    const MapWish& wish = view_.wish();
    const bool isNarrow = wish.errorsOnly || !wish.focus.empty();
    if (!table_)
        return;
    std::optional<QSet<QString>> shown;
    if (isFinding || isNarrow || !wish.hide.isEmpty()) {
        QSet<QString> rows(names_.keyBegin(), names_.keyEnd());
        if (!isNarrow)
            for (const FleetNode& entry : context_.store.fleet().nodes)
                rows.insert(sceneId(entry.node.name));
        if (!wish.hide.isEmpty())
            for (const std::string& name : matchesOf(context_.store.fleet(), wish.hide))
                rows.remove(sceneId(name));
        if (isFinding) {
            QSet<QString> found;
            for (const std::string& name : matches_)
                found.insert(sceneId(name));
            rows &= found;
        }
        shown = std::move(rows);
    }
    table_->setShown(std::move(shown));
}

MapTable& TopologyPage::table() {
    if (!table_) {
        table_ = new MapTable(context_);
        middle_->addWidget(table_);
        refreshMarks();
    }
    return *table_;
}

void TopologyPage::refreshState() {
    const bool hasPicture = !context_.store.fleet().nodes.empty();
    const CanvasMessage message = canvasMessage(context_.connection.summary(), hasPicture);
    const bool isEmpty = picture_.services.empty() && picture_.groups.empty();
    if (hasPicture && isEmpty && message.state == CanvasState::Live)
        canvas_->setState(
            CanvasState::Empty,
            view_.wish().errorsOnly ? tr("Every service is well") : tr("Everything is hidden"),
            tr("Esc shows everything again; an empty Hide box hides nothing."));
    else
        canvas_->setState(message.state, message.title, message.hint);
    // Ages move on although no new picture comes.
    const bool isOld = context_.connection.summary().ageSeconds > toSeconds(kLateAfter);
    if (isOld && hasPicture && whenSeen_->isSeen())
        compose();
}

void TopologyPage::showSelection() {
    const Selection& selection = context_.selection.current();
    if (selection.kind == Selection::Kind::Edge)
        canvas_->selectEdge(sceneId(selection.client), sceneId(selection.server));
    else if (selection.kind == Selection::Kind::Node || !groupOfId(canvas_->selectedNode()))
        canvas_->selectNode(sceneId(selection.node));
}

void TopologyPage::stepMatch(bool forward) {
    if (matches_.empty())
        return;
    const auto at = std::ranges::find(matches_, context_.selection.current().node);
    const auto count = static_cast<std::ptrdiff_t>(matches_.size());
    const auto index = at == matches_.end() ? (forward ? -1 : 0) : at - matches_.begin();
    const auto next = (index + (forward ? 1 : -1) + count) % count;
    const std::string name = matches_[static_cast<std::size_t>(next)];
    context_.selection.select(Selection::ofNode(name));
    canvas_->revealNode(sceneId(name));
}

void TopologyPage::showTable(bool on) {
    middle_->setCurrentWidget(on ? static_cast<QWidget*>(&table()) : canvas_);
    middle_->currentWidget()->setFocus();
    setFocusProxy(middle_->currentWidget());
    context_.actions[ActionId::MapTable].setChecked(on);
}

void TopologyPage::showMenu(const QString& id, const QPoint& at) {
    QMenu menu;
    const auto group = groupOfId(id);
    if (group) {
        menu.addAction(tr("Open the group"), this, [this, &group] { view_.openGroup(*group); });
    } else if (!id.isEmpty()) {
        const std::string name = nameOf(id);
        context_.selection.select(Selection::ofNode(name));
        menu.addAction(tr("Open the service"), this,
                       [this] { context_.views.showPage(Page::Service); });
        for (const ActionId action : {ActionId::DraftRule, ActionId::HoldGuard})
            menu.addAction(&context_.actions[action]);
        menu.addAction(tr("Focus"), this, [this, name] { view_.focusOn(name); });
        menu.addAction(tr("Hide"), this, [this, id] {
            const QString old = toolbar_->hide().text().trimmed();
            const QString term = QStringLiteral("name = \"%1\"").arg(id);
            toolbar_->hide().setText(old.isEmpty() ? term
                                                   : QStringLiteral("(%1) or %2").arg(old, term));
        });
        if (canvas_->pins().contains(id))
            menu.addAction(tr("Free its place"), this, [this, id] {
                auto pins = canvas_->pins();
                pins.remove(id);
                canvas_->setPins(pins);
                emit canvas_->pinsChanged();
            });
    }
    menu.addSeparator();
    for (const ActionId action : {ActionId::Fit, ActionId::TidyMap, ActionId::GroupMap,
                                  ActionId::MapTable, ActionId::ExportMap})
        menu.addAction(&context_.actions[action]);
    menu.exec(at);
}

void TopologyPage::showEdgeMenu(const QString& from, const QString& to, const QPoint& at) {
    if (groupOfId(from) || groupOfId(to))
        return;
    context_.selection.select(Selection::ofEdge(nameOf(from), nameOf(to)));
    QMenu menu;
    menu.addAction(tr("Open the call"), this, [this] { context_.views.showPage(Page::Service); });
    for (const ActionId action : {ActionId::DraftRule, ActionId::HoldGuard})
        menu.addAction(&context_.actions[action]);
    menu.exec(at);
}

void TopologyPage::chooseExport() {
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save the map"), QStringLiteral("topology.png"), tr("Pictures (*.png *.svg)"));
    if (!path.isEmpty() && !exportMap(path))
        summary_->setText(tr("%1 could not be written.").arg(plainLine(path)));
}

bool TopologyPage::exportMap(const QString& path) {
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return canvas_->saveSvg(path);
    const QImage image = canvas_->toImage();
    return !image.isNull() && image.save(path, "PNG");
}

}  // namespace levee
