// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/main_window.h"

#include <QAction>
#include <QActionGroup>
#include <QClipboard>
#include <QCloseEvent>
#include <QGuiApplication>
#include <QMenuBar>
#include <QMessageBox>
#include <QScreen>
#include <QScrollArea>
#include <QStatusBar>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/actions/view_actions.h"
#include "dashboard/app/window_style.h"
#include "dashboard/app/window_verbs.h"
#include "dashboard/client/session_pool.h"
#include "dashboard/model/alert_watch.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/decision_model.h"
#include "dashboard/model/override_desk.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/timeline_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/alert_banner.h"
#include "dashboard/views/decisions_view.h"
#include "dashboard/views/find_box.h"
#include "dashboard/views/fleet_page.h"
#include "dashboard/views/key_help.h"
#include "dashboard/views/locator.h"
#include "dashboard/views/map_toolbar.h"
#include "dashboard/views/nav_rail.h"
#include "dashboard/views/override_dialog.h"
#include "dashboard/views/rules_page.h"
#include "dashboard/views/scaling_page.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/service_page.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/timeline_page.h"
#include "dashboard/views/timeline_strip.h"
#include "dashboard/views/top_bar.h"
#include "dashboard/views/topology_page.h"
#include "dashboard/views/travel_frame.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/format.h"
#include "shared/contexts/contexts.h"

namespace levee {
namespace {

constexpr QSize kDefaultSize(1600, 1000);
constexpr int kDecisionsHeight = 150;
constexpr std::chrono::milliseconds kSaidFor{8'000};
const QString kMainSplitter = QStringLiteral("main");
const QString kTopologySplitter = QStringLiteral("topology");

/// On a low screen the page scrolls; the window does not have to be as high as the page.
QScrollArea* scrolling(QWidget* page) {
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(page);
    area->setFocusProxy(page);
    area->setAccessibleName(page->accessibleName());
    return area;
}

}  // namespace

MainWindow::MainWindow(const ViewContext& context, Settings& settings, const QString& keyProblems,
                       Role role, QWidget* parent)
    : QMainWindow(parent),
      context_(context),
      settings_(settings),
      keyProblems_(keyProblems),
      role_(role) {
    setWindowTitle(tr("Levee"));
    resize(kDefaultSize);
    build();
    buildMenus();
    bindTheme();
    bindCommands();
    bindViews();
    connect(&context.views, &ViewActions::pageChanged, this, &MainWindow::showPage);
    auto* whenSeen = new WhenSeen(*statusBar(), [this] { refreshStatus(); });
    connect(&context.connection, &ConnectionState::ticked, whenSeen, &WhenSeen::request);
    connect(&context.selection, &SelectionState::changed, whenSeen, &WhenSeen::request);
    connect(&context.actions[ActionId::Quit], &QAction::triggered, this, &QWidget::close);
    connect(&context.actions[ActionId::ResetLayout], &QAction::triggered, this, [this] {
        settings_.forgetLayout();
        layOut();
    });
    connect(&context.actions[ActionId::ShowKeys], &QAction::triggered, this, &MainWindow::showKeys);
    layOut();
    restore();
    showPage(context.views.page());
    topology_->canvas().setFocus();
}

void MainWindow::build() {
    auto* central = new QWidget;
    auto* rows = new QVBoxLayout(central);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(new TopBar(context_));
    rows->addWidget(new AlertBanner(context_));
    rows->addWidget(new TravelBanner(context_));
    auto* columns = new QHBoxLayout;
    columns->setSpacing(0);
    columns->addWidget(new NavRail(context_));
    pages_ = new QStackedWidget;
    topology_ = new TopologyPage(context_);
    service_ = new ServicePage(context_);
    pages_->addWidget(topology_);
    pages_->addWidget(service_);
    pages_->addWidget(scrolling(new RulesPage(context_)));
    pages_->addWidget(new ScalingPage(context_));
    pages_->addWidget(scrolling(new TimelinePage(context_)));
    pages_->addWidget(new FleetPage(context_));
    decisions_ = new DecisionsView(context_);
    splitter_ = new QSplitter(Qt::Vertical);
    splitter_->setHandleWidth(1);
    splitter_->setChildrenCollapsible(false);
    splitter_->addWidget(pages_);
    splitter_->addWidget(decisions_);
    splitter_->setStretchFactor(0, 1);
    columns->addWidget(splitter_, 1);
    rows->addLayout(columns, 1);
    rows->addWidget(new TimelineStrip(context_));
    setCentralWidget(central);
    new TravelFrame(context_, *this);

    status_ = new ThemedLabel(context_.themes, TextTone::Dim);
    numbers_ = new ThemedLabel(context_.themes, TextTone::Dim);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(10, 0, 10, 0);
    statusBar()->addWidget(status_, 1);
    statusBar()->addPermanentWidget(numbers_);
}

void MainWindow::buildMenus() {
    ActionRegistry& actions = context_.actions;
    const auto fill = [&](QMenu* menu, std::initializer_list<ActionId> ids) {
        for (const ActionId id : ids)
            menu->addAction(&actions[id]);
    };
    fill(menuBar()->addMenu(tr("&File")),
         {ActionId::NewWindow, ActionId::SaveView, ActionId::CopyLink, ActionId::ExportTimeline,
          ActionId::Quit});
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (const Page page : kPages)
        view->addAction(&actions[ActionRegistry::ofPage(page)]);
    view->addSeparator();
    fill(view, {ActionId::Pause, ActionId::EarlierPicture, ActionId::LaterPicture, ActionId::Live});
    view->addSeparator();
    fill(view, {ActionId::ZoomIn, ActionId::ZoomOut, ActionId::Fit});
    fill(view->addMenu(tr("Map")),
         {ActionId::FindOnMap, ActionId::HideOnMap, ActionId::ShowAll, ActionId::ErrorsOnly,
          ActionId::FocusService, ActionId::GroupMap, ActionId::MapTable, ActionId::TidyMap,
          ActionId::ShowMinimap, ActionId::ShowParticles, ActionId::ExportMap});
    view->addSeparator();
    fill(view->addMenu(tr("Theme")), {ActionId::ThemeSystem, ActionId::ThemeDark,
                                      ActionId::ThemeLight, ActionId::ThemeContrast});
    fill(view, {ActionId::ToggleTheme, ActionId::ResetLayout, ActionId::Notify});
    fill(menuBar()->addMenu(tr("&Go")),
         {ActionId::Locate, ActionId::CommandLine, ActionId::OpenAlert, ActionId::Heatmap,
          ActionId::NextUnhealthy, ActionId::PreviousUnhealthy, ActionId::Back, ActionId::AddNote,
          ActionId::TakeCommand, ActionId::CloseIncident});
    fill(menuBar()->addMenu(tr("&Rules")),
         {ActionId::DraftRule, ActionId::CheckRules, ActionId::ApplyRules, ActionId::RollBackRules,
          ActionId::HoldGuard});
    fill(menuBar()->addMenu(tr("&Help")), {ActionId::ShowKeys});
}

void MainWindow::bindTheme() {
    ActionRegistry& actions = context_.actions;
    auto* group = new QActionGroup(this);
    const auto choose = [this](ThemeChoice choice) {
        context_.themes.setChoice(choice);
        settings_.setTheme(choice);
    };
    const std::pair<ActionId, ThemeChoice> choices[] = {
        {ActionId::ThemeSystem, ThemeChoice::System},
        {ActionId::ThemeDark, ThemeChoice::Dark},
        {ActionId::ThemeLight, ThemeChoice::Light},
        {ActionId::ThemeContrast, ThemeChoice::HighContrast}};
    for (const auto& [id, choice] : choices)
        group->addAction(&actions[id]);
    const auto restyle = [this, choices] {
        const Theme& theme = context_.themes.theme();
        setStyleSheet(windowStyle(theme));
        // Another window may have chosen.
        for (const auto& [id, choice] : choices)
            context_.actions[id].setChecked(context_.themes.choice() == choice);
        context_.actions[ActionId::ToggleTheme].setText(theme.isDark ? tr("Light theme")
                                                                     : tr("Dark theme"));
    };
    restyle();
    connect(&context_.themes, &ThemeController::changed, this, restyle);
    for (const auto& [id, choice] : choices) {
        connect(&actions[id], &QAction::triggered, this,
                [choose, wanted = choice] { choose(wanted); });
    }
    connect(&actions[ActionId::ToggleTheme], &QAction::triggered, this, [this] {
        const bool isDark = context_.themes.theme().isDark;
        context_.actions[isDark ? ActionId::ThemeLight : ActionId::ThemeDark].trigger();
    });
}

void MainWindow::setAnimated(bool animated) {
    topology_->canvas().setAnimated(animated);
}

void MainWindow::showPage(Page page) {
    pages_->setCurrentIndex(static_cast<int>(page));
    pages_->currentWidget()->setFocus();
    // The timeline tells the same with more room, and the fleet page is not about services.
    decisions_->setVisible(page != Page::Timeline && page != Page::Fleet);
}

void MainWindow::openAlert(const std::string& subject) {
    context_.alerts.dismiss();
    if (isMinimized())
        showNormal();
    raise();
    activateWindow();
    context_.store.setPaused(false);
    const Selection about = Selection::ofSubject(subject);
    const bool isOnTheMap = context_.store.node(about.node) != nullptr ||
                            context_.store.edge(about.client, about.server) != nullptr;
    if (!isOnTheMap)
        return context_.views.showPage(Page::Timeline);
    context_.views.showPage(Page::Topology);
    context_.selection.select(about);
    topology_->canvas().setFocus();
}

void MainWindow::holdGuard() {
    if (const QString& lock = context_.overrides.readOnlyReason(); !lock.isEmpty())
        return say(lock);
    auto* dialog = new OverrideDialog(context_, guardInSight(context_), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::say(const QString& message) {
    said_ = plainLine(message, 400);
    saidFor_.start();
    refreshStatus();
}

void MainWindow::refreshStatus() {
    const FleetView& fleet = context_.store.fleet();
    const Selection& selection = context_.selection.current();
    const bool isNews = saidFor_.isValid() && !saidFor_.hasExpired(kSaidFor.count());
    status_->setText(
        isNews ? said_
        : selection.kind == Selection::Kind::None
            ? tr("Ctrl+K: go to · Tab: next unhealthy · Enter: open · Space: pause · ?: keys")
            : tr("%1 selected · Enter: open · Esc: back")
                  .arg(readableSubject(selection.subject())));
    QStringList parts;
    const auto up =
        std::ranges::count_if(fleet.targets, [](const FleetTarget& t) { return t.target.up; });
    if (!fleet.targets.empty())
        parts << tr("scrape targets %1 of %2 up").arg(up).arg(fleet.targets.size());
    for (const FleetAgent& agent : fleet.agents) {
        if (fleet.agents.size() > 1 || !agent.hasSnapshot)
            continue;
        parts << (agent.info.gatewayUp ? tr("gateway up") : tr("gateway DOWN"));
        parts << tr("rules revision %1").arg(agent.info.rulesRevision);
        parts << tr("agent %1, CPU %2, %3")
                     .arg(plainText(agent.info.version, 20), formatShare(agent.info.cpuShare),
                          formatBytes(agent.info.rssBytes));
    }
    numbers_->setText(parts.join(QStringLiteral("  ·  ")));
}

void MainWindow::restore() {
    QList<QRect> screens;
    for (const QScreen* screen : QGuiApplication::screens())
        screens << screen->availableGeometry();
    if (const auto geometry = settings_.geometry(screens))
        setGeometry(*geometry);
    if (settings_.isMaximized())
        setWindowState(windowState() | Qt::WindowMaximized);
    QStringList fleet;
    for (std::size_t i = 0; i < context_.pool.size(); ++i)
        fleet << QString::fromStdString(context_.pool.at(i).address());
    topology_->canvas().setPins(settings_.pins(fleet));
    connect(&topology_->canvas(), &TopologyCanvas::pinsChanged, this,
            [this, fleet] { settings_.setPins(fleet, topology_->canvas().pins()); });
    if (const QByteArray state = settings_.splitter(kMainSplitter); !state.isEmpty())
        splitter_->restoreState(state);
    if (const QByteArray state = settings_.splitter(kTopologySplitter); !state.isEmpty())
        topology_->restoreState(state);
}

void MainWindow::layOut() {
    splitter_->setSizes({height() - kDecisionsHeight, kDecisionsHeight});
    topology_->resetLayout();
}

void MainWindow::showKeys() {
    auto* help = new KeyHelp(context_, verbs_, Settings::configFile(kKeysFile), keyProblems_, this);
    help->setAttribute(Qt::WA_DeleteOnClose);
    help->open();
}

void MainWindow::bindViews() {
    ActionRegistry& actions = context_.actions;
    connect(&actions[ActionId::NewWindow], &QAction::triggered, this,
            [this] { emit windowAsked(view()); });
    connect(&actions[ActionId::SaveView], &QAction::triggered, this,
            [this] { locator_->open(QStringLiteral(":save-view ")); });
    const auto add = [this](const char* name, const QString& help,
                            std::function<QString(const QString&)> run) {
        verbs_.add({QLatin1String(name), QStringLiteral("NAME"), help, std::move(run)});
    };
    add("view", tr("Opens a saved view"), [this](const QString& name) {
        const SavedView* saved = context_.savedViews.find(name);
        if (!saved) {
            QStringList names;
            for (const SavedView& each : context_.savedViews.all())
                names << each.name;
            return names.isEmpty()
                       ? tr("No view is saved yet; :save-view NAME saves this one.")
                       : tr("No view is saved as \"%1\": %2.").arg(name, names.join(", "));
        }
        const auto link = readLink(saved->link);
        if (!link)
            return QString::fromStdString(link.error().message);
        apply(*link);
        return QString();
    });
    add("save-view", tr("Saves what is in sight under a name"), [this](const QString& name) {
        const QString wrong = context_.savedViews.save(name, link());
        if (wrong.isEmpty())
            say(tr("Saved; :view %1 or Ctrl+K opens it.").arg(name.trimmed()));
        return wrong;
    });
    add("delete-view", tr("Deletes a saved view"),
        [this](const QString& name) { return context_.savedViews.remove(name); });
}

void MainWindow::apply(const ViewLink& link) {
    if (link.page && (role_ == Role::Main || link.page != Page::Rules))
        context_.views.showPage(*link.page);
    if (link.minutes)
        context_.timelineState.setMinutes(*link.minutes);
    MapViewState& map = topology_->mapView();
    topology_->toolbar().find().setText(link.find);
    topology_->toolbar().hide().setText(link.hide);
    map.setShowAll(link.showAll);
    map.setErrorsOnly(link.errorsOnly);
    if (link.group)
        map.setGrouping(*link.group);
    map.focusOn(link.focus.toStdString());
    map.changeHops(link.hops - map.wish().hops);
    context_.selection.select(Selection::ofSubject(link.select.toStdString()));
}

QString MainWindow::link() const {
    return writeLink(view());
}

ViewLink MainWindow::view() const {
    ViewLink link;
    link.page = context_.views.page();
    const MapWish& wish = topology_->mapView().wish();
    if (!topology_->toolbar().find().hasError())
        link.find = topology_->toolbar().find().text().trimmed();
    if (!topology_->toolbar().hide().hasError())
        link.hide = topology_->toolbar().hide().text().trimmed();
    link.focus = QString::fromStdString(wish.focus);
    link.hops = link.focus.isEmpty() ? 1 : wish.hops;
    link.showAll = wish.showAll;
    link.errorsOnly = wish.errorsOnly;
    if (wish.grouping != MapGrouping::Auto)
        link.group = wish.grouping;
    link.select = QString::fromStdString(context_.selection.current().subject());
    link.minutes = context_.timelineState.minutes();
    for (const FleetAgent& agent : context_.pool.fleet()->agents)
        if (const QString address = QString::fromStdString(agent.address);
            isAgentAddress(address.toStdString()))
            link.agents << address;
    return link;
}

void MainWindow::bindCommands() {
    addWindowVerbs(verbs_, context_);
    locator_ = new Locator(context_, verbs_, this);
    const auto openWith = [this](const QString& text) {
        return [this, text] { locator_->open(text); };
    };
    ActionRegistry& actions = context_.actions;
    connect(&actions[ActionId::Locate], &QAction::triggered, this, openWith({}));
    connect(&actions[ActionId::CommandLine], &QAction::triggered, this,
            openWith(QStringLiteral(":")));
    connect(&actions[ActionId::CopyLink], &QAction::triggered, this, [this] {
        QGuiApplication::clipboard()->setText(link());
        say(tr("The link is on the clipboard."));
    });
    connect(&actions[ActionId::OpenAlert], &QAction::triggered, this, [this] {
        if (const Alert* alert = context_.alerts.current())
            openAlert(std::string(alert->subject));
        else
            say(tr("Nothing was alerted."));
    });
    actions[ActionId::Notify].setChecked(settings_.notifies());
    connect(&actions[ActionId::Notify], &QAction::toggled, this,
            [this](bool on) { settings_.setNotifies(on); });
    connect(&actions[ActionId::HoldGuard], &QAction::triggered, this, &MainWindow::holdGuard);
    connect(&context_.overrides, &OverrideDesk::succeeded, this, &MainWindow::say);
    connect(&context_.overrides, &OverrideDesk::failed, this, &MainWindow::say);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (role_ == Role::Main && context_.document.isDirty() && context_.document.session()) {
        const auto answer = QMessageBox::question(
            this, tr("Edited rules"), tr("The rules were edited and not applied. Close anyway?"),
            QMessageBox::Close | QMessageBox::Cancel, QMessageBox::Cancel);
        if (answer != QMessageBox::Close) {
            event->ignore();
            return;
        }
    }
    settings_.setLastView(link());
    settings_.setGeometry(normalGeometry(), isMaximized());
    settings_.setSplitter(kMainSplitter, splitter_->saveState());
    settings_.setSplitter(kTopologySplitter, topology_->saveState());
    QMainWindow::closeEvent(event);
    emit closed();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        emit seenChanged();
}

}  // namespace levee
