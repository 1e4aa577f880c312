// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/dashboard.h"

#include <malloc.h>

#include <QApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScreen>
#include <QSysInfo>
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "dashboard/actions/key_bindings.h"
#include "dashboard/app/version.h"
#include "dashboard/app/view_link.h"
#include "dashboard/client/grpc_agent_session.h"
#include "dashboard/client/replay_agent_session.h"
#include "dashboard/views/alert_banner.h"
#include "shared/base/log.h"
#include "shared/model/names.h"

namespace levee {
namespace {

constexpr auto kGiveBackEvery = std::chrono::seconds(30);

std::string author() {
    const QString user = qEnvironmentVariable("USER", QStringLiteral("operator"));
    return QStringLiteral("%1@%2").arg(user, QSysInfo::machineHostName()).toStdString();
}

QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString readOnlyReason(const Options& options) {
    if (!options.replay.isEmpty())
        return Dashboard::tr("This is a recording: it can be looked at, not changed.");
    if (!options.readOnly)
        return {};
    return options.context.isEmpty()
               ? Dashboard::tr("Read-only: this window was opened with --read-only.")
               : Dashboard::tr("Read-only: the context %1 says so, or --read-only.")
                     .arg(options.context);
}

}  // namespace

Dashboard::Dashboard(const Options& options, Settings settings, QApplication& application,
                     const TimeSource& time)
    : options_(options),
      settings_(std::move(settings)),
      time_(time),
      themes_(options.theme.value_or(settings_.theme())),
      pool_(time),
      store_(time),
      connection_(time),
      document_(author()),
      incidents_(settings_.isTransient() ? QString()
                                         : Settings::stateFile(QStringLiteral("incidents.json"))),
      notes_(settings_.isTransient() ? QString()
                                     : Settings::stateFile(QStringLiteral("notes.jsonl"))),
      timeline_(decisions_, document_, notes_),
      overrides_(pool_, store_, document_),
      alerts_(store_, time),
      views_(actions_, store_, selection_),
      mode_{options.context, options.isProduction, readOnlyReason(options)} {
    themes_.applyTo(application);
    if (options.screenshot.isEmpty()) {
        appearance_ = std::make_unique<DesktopAppearance>();
        connect(appearance_.get(), &DesktopAppearance::changed, &themes_,
                &ThemeController::setDesktopLook);
    }
    document_.setReadOnly(mode_.readOnly);
    readOwnKeys();
    addSessions();
    bindModels();
    savedViews_.load(settings_.views());
    window_ = std::make_unique<MainWindow>(context(), settings_, keyProblems_);
    bindAlerts();
    bindWindows();
    if (options_.minutes)
        timelineState_.setMinutes(*options_.minutes);
    if (options_.size)
        window_->resize(*options_.size);
    window_->setAnimated(options_.screenshot.isEmpty());
}

Dashboard::~Dashboard() {
    sideWindows_.clear();
    document_.setSession(nullptr);
}

void Dashboard::readOwnKeys() {
    QFile file(Settings::configFile(kKeysFile));
    if (settings_.isTransient() || !file.open(QIODevice::ReadOnly))
        return;
    const QByteArray text = file.read(static_cast<qint64>(kMostKeyBytes) + 1);
    KeyBindings bindings;
    const Diagnostics found =
        readKeys(text.toStdString(), file.fileName().toStdString(), actions_, bindings);
    if (found.empty()) {
        bindKeys(bindings, actions_);
        return;
    }
    QStringList lines;
    for (const Diagnostic& each : found) {
        lines << QStringLiteral("%1:%2: %3")
                     .arg(each.place.line)
                     .arg(each.place.column)
                     .arg(toQString(each.message));
        log::error("keys", "{}:{}:{}: {}", each.place.file, each.place.line, each.place.column,
                   each.message);
    }
    keyProblems_ = lines.join(QLatin1Char('\n'));
}

void Dashboard::addSessions() {
    if (!options_.replay.isEmpty()) {
        pool_.add(std::make_unique<ReplayAgentSession>(options_.replay.toStdString(), time_));
        return;
    }
    for (const QString& address : options_.connect) {
        LinkOptions link;
        link.address = address.toStdString();
        if (const auto known = options_.access.find(address); known != options_.access.end())
            link.access = known->second;
        link.clientName = std::string("levee-dashboard ") + kVersion;
        link.seed =
            static_cast<std::uint64_t>(time_.wall().time_since_epoch().count()) ^ qHash(address);
        pool_.add(std::make_unique<GrpcAgentSession>(link, time_));
    }
}

void Dashboard::showLock() {
    const auto& agents = pool_.fleet()->agents;
    const bool isReader =
        std::ranges::any_of(agents, [](const FleetAgent& agent) { return agent.state.isReadOnly; });
    const QString reason = !mode_.readOnly.isEmpty() ? mode_.readOnly
                           : store_.isTravelling()
                               ? tr("This is the past: go back to live (Esc) to change anything.")
                           : isReader ? tr("Read-only: the token of this window may only read, the "
                                           "agent says.")
                                      : QString();
    if (reason != document_.readOnlyReason())
        document_.setReadOnly(reason);
}

void Dashboard::bindModels() {
    const auto showAgents = [this] {
        connection_.setAgents(pool_.fleet()->agents);
        showLock();
    };
    connect(&pool_, &SessionPool::fleetChanged, this, [this, showAgents] {
        // The agents first: what is shown of the picture also tells how they are.
        showAgents();
        store_.setFleet(pool_.fleet());
    });
    connect(&pool_, &SessionPool::stateChanged, this, showAgents);
    connect(&store_, &TopologyStore::travelChanged, this, &Dashboard::showLock);
    connect(&pool_, &SessionPool::eventsReceived, this,
            [this](const std::string& host, const std::vector<Event>& events) {
                decisions_.add(host, events);
                const AgentSession* session = overrides_.sessionOf(host);
                if (session && !session->isRecording())
                    alerts_.hear(host, events, session->snapshot()->millis);
                if (options_.logEvents)
                    logEvents(host, events);
            });
    showAgents();
    document_.setSession(&pool_.at(0));
}

ViewContext Dashboard::context() {
    return {themes_,    pool_,      store_,  selection_,  connection_, decisions_,
            document_,  actions_,   views_,  notes_,      timeline_,   timelineState_,
            incidents_, overrides_, alerts_, savedViews_, mode_};
}

void Dashboard::bindWindows() {
    connect(&savedViews_, &SavedViews::changed, this,
            [this] { settings_.setViews(savedViews_.all()); });
    connect(window_.get(), &MainWindow::windowAsked, this,
            [this](const ViewLink& link) { openWindow(link); });
    connect(window_.get(), &MainWindow::seenChanged, this, &Dashboard::lookWhoSees);
    connect(window_.get(), &MainWindow::closed, this, &Dashboard::closeWindows);
}

void Dashboard::openWindow(const ViewLink& link, const QRect& geometry) {
    if (sideWindows_.size() >= kMostSideWindows)
        return window_->say(tr("%n windows are open beside this one, the most there can be.",
                               nullptr, static_cast<int>(kMostSideWindows)));
    auto side = std::make_unique<SideWindow>(context(), link, nullptr);
    SideWindow* opened = side.get();
    connect(opened, &SideWindow::closed, this, [this, opened] {
        const auto found =
            std::ranges::find(sideWindows_, opened, &std::unique_ptr<SideWindow>::get);
        if (found == sideWindows_.end())
            return;
        // It is still in its own event.
        found->release()->deleteLater();
        sideWindows_.erase(found);
        lookWhoSees();
    });
    connect(opened, &SideWindow::rulesAsked, this, [this] {
        views_.showPage(Page::Rules);
        window_->raise();
        window_->activateWindow();
    });
    connect(&opened->views(), &ViewActions::ruleAsked, &views_, &ViewActions::showRule);
    connect(&opened->window(), &MainWindow::windowAsked, this,
            [this](const ViewLink& asked) { openWindow(asked); });
    connect(&opened->window(), &MainWindow::seenChanged, this, &Dashboard::lookWhoSees);
    sideWindows_.push_back(std::move(side));
    MainWindow& window = opened->window();
    window.setAnimated(options_.screenshot.isEmpty());
    if (geometry.isValid())
        window.setGeometry(geometry);
    window.show();
    lookWhoSees();
}

void Dashboard::restoreWindows() {
    const QList<QScreen*> screens = QGuiApplication::screens();
    for (const Settings::SideView& view : settings_.sideViews()) {
        const auto link = readLink(view.link);
        if (!link || link->agents != options_.connect)
            continue;
        const bool fits = std::ranges::any_of(screens, [&](const QScreen* screen) {
            return screen->availableGeometry().contains(view.geometry);
        });
        openWindow(*link, fits ? view.geometry : QRect());
    }
}

void Dashboard::closeWindows() {
    std::vector<Settings::SideView> views;
    for (const auto& side : sideWindows_)
        views.push_back({side->window().link(), side->window().normalGeometry()});
    settings_.setSideViews(views);
    sideWindows_.clear();
}

void Dashboard::lookWhoSees() {
    const bool isSeen =
        !window_->isMinimized() || std::ranges::any_of(sideWindows_, [](const auto& side) {
            return !side->window().isMinimized();
        });
    pool_.setSeen(isSeen);
}

void Dashboard::bindAlerts() {
    if (!options_.screenshot.isEmpty())
        return;
    notifier_ = std::make_unique<DesktopNotifier>();
    connect(&alerts_, &AlertWatch::raised, this, [this](const Alert& alert) {
        if (settings_.notifies())
            notifier_->show(toQString(alert.subject), alertTitle(alert), alertText(alert),
                            tr("What to do"));
    });
    connect(notifier_.get(), &DesktopNotifier::activated, this,
            [this](const QString& subject) { window_->openAlert(subject.toStdString()); });
}

void Dashboard::logEvents(const std::string& host, const std::vector<Event>& events) const {
    const std::int64_t now = toUnixMillis(time_.wall());
    for (const Event& event : events) {
        const QJsonObject line{{"receivedMillis", static_cast<double>(now)},
                               {"host", toQString(host)},
                               {"id", static_cast<double>(event.id)},
                               {"millis", static_cast<double>(event.millis)},
                               {"kind", toQString(name(event.kind))},
                               {"severity", toQString(name(event.severity))},
                               {"subject", toQString(event.subject)},
                               {"text", toQString(event.text)},
                               {"rule", toQString(event.rule)}};
        const QByteArray bytes = QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
        std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stdout);
    }
    std::fflush(stdout);
}

Status Dashboard::record() {
    AgentSession& session = pool_.at(0);
    auto file = SessionFileWriter::create(options_.record.toStdString(), session.address());
    if (!file)
        return file.error();
    recorder_ = std::make_unique<SessionRecorder>(session, std::move(file).value(), time_);
    connect(recorder_.get(), &SessionRecorder::failed, this, [](const QString& reason) {
        log::error("record", "recording stopped: {}", reason.toStdString());
    });
    return Status::ok();
}

void Dashboard::restoreView() {
    // Of the same agents only: elsewhere the names mean something else.
    const auto last = readLink(settings_.lastView());
    if (!last || last->agents != options_.connect)
        return;
    ViewLink view = *last;
    if (options_.minutes)
        view.minutes.reset();
    window_->apply(view);
}

Status Dashboard::start() {
    if (!options_.record.isEmpty())
        if (Status status = record(); !status.isOk())
            return status;
    restoreView();
    if (const auto link = readLink(options_.link))
        window_->apply(*link);
    if (options_.page)
        views_.showPage(*options_.page);
    if (!options_.select.isEmpty())
        selection_.select(Selection::ofSubject(options_.select.toStdString()));
    // Each second brings rows and names anew where a fleet is busy; what they leave behind in
    // between is never given back by itself.
    givingBack_.setInterval(kGiveBackEvery);
    connect(&givingBack_, &QTimer::timeout, this, [] { ::malloc_trim(0); });
    givingBack_.start();
    pool_.connectAll();
    if (!options_.replay.isEmpty() && !pool_.at(0).state().reason.empty())
        return Error{pool_.at(0).state().reason};
    window_->show();
    if (options_.screenshot.isEmpty())
        restoreWindows();
    return Status::ok();
}

}  // namespace levee
