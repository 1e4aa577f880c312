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
#include "dashboard/app/options.h"
#include "dashboard/app/view_link.h"
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
#include "dashboard/views/fleet_page.h"
#include "dashboard/views/key_help.h"
#include "dashboard/views/locator.h"
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
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/format.h"

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
                       QWidget* parent)
    : QMainWindow(parent), context_(context), settings_(settings), keyProblems_(keyProblems) {
    setWindowTitle(tr("Levee"));
    resize(kDefaultSize);
    build();
    buildMenus();
    bindTheme();
    bindCommands();
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
         {ActionId::CopyLink, ActionId::ExportTimeline, ActionId::Quit});
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (const Page page : kPages)
        view->addAction(&actions[ActionRegistry::ofPage(page)]);
    view->addSeparator();
    fill(view, {ActionId::Pause, ActionId::Live});
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
    const auto restyle = [this] {
        const Theme& theme = context_.themes.theme();
        setStyleSheet(windowStyle(theme));
        context_.actions[ActionId::ToggleTheme].setText(theme.isDark ? tr("Light theme")
                                                                     : tr("Dark theme"));
    };
    restyle();
    connect(&context_.themes, &ThemeController::changed, this, restyle);
    const std::pair<ActionId, ThemeChoice> choices[] = {
        {ActionId::ThemeSystem, ThemeChoice::System},
        {ActionId::ThemeDark, ThemeChoice::Dark},
        {ActionId::ThemeLight, ThemeChoice::Light},
        {ActionId::ThemeContrast, ThemeChoice::HighContrast}};
    for (const auto& [id, choice] : choices) {
        group->addAction(&actions[id]);
        actions[id].setChecked(context_.themes.choice() == choice);
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

QString MainWindow::link() const {
    ViewLink link;
    link.page = context_.views.page();
    link.select = QString::fromStdString(context_.selection.current().subject());
    link.minutes = context_.timelineState.minutes();
    for (const FleetAgent& agent : context_.pool.fleet()->agents)
        if (const QString address = QString::fromStdString(agent.address); isAgentAddress(address))
            link.agents << address;
    return writeLink(link);
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
    if (context_.document.isDirty() && context_.document.session()) {
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
}

}  // namespace levee
