// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

#include "dashboard/actions/view_actions.h"
#include "dashboard/app/desktop_appearance.h"
#include "dashboard/app/desktop_notifier.h"
#include "dashboard/app/main_window.h"
#include "dashboard/app/options.h"
#include "dashboard/app/settings.h"
#include "dashboard/app/side_window.h"
#include "dashboard/client/session_pool.h"
#include "dashboard/client/session_recorder.h"
#include "dashboard/model/alert_watch.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/decision_model.h"
#include "dashboard/model/incident_log.h"
#include "dashboard/model/note_book.h"
#include "dashboard/model/override_desk.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/saved_views.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/timeline_model.h"
#include "dashboard/model/timeline_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/widgets/theme.h"
#include "shared/base/time.h"

class QApplication;

namespace levee {

/// The object graph of the program, in the order in which it is built: settings and theme,
/// sessions, models, actions, window. GUI thread only.
class Dashboard final : public QObject {
    Q_OBJECT
public:
    /// REQUIRES: `application` and `time` outlive this.
    Dashboard(const Options& options, Settings settings, QApplication& application,
              const TimeSource& time);
    ~Dashboard() override;

    /// Opens the sessions and shows the window. An error when a file cannot be used.
    Status start();

    MainWindow& window() { return *window_; }
    SessionPool& pool() { return pool_; }
    TopologyStore& store() { return store_; }
    SelectionState& selection() { return selection_; }
    ConnectionState& connection() { return connection_; }
    DecisionModel& decisions() { return decisions_; }
    RuleDocument& document() { return document_; }
    ViewActions& views() { return views_; }
    TimelineModel& timeline() { return timeline_; }
    TimelineState& timelineState() { return timelineState_; }
    NoteBook& notes() { return notes_; }
    IncidentLog& incidents() { return incidents_; }
    OverrideDesk& overrides() { return overrides_; }
    AlertWatch& alerts() { return alerts_; }
    SavedViews& savedViews() { return savedViews_; }
    /// At most kMostSideWindows; the first window says so when there are more.
    void openWindow(const ViewLink& link, const QRect& geometry = {});
    static constexpr std::size_t kMostSideWindows = 8;
    const std::vector<std::unique_ptr<SideWindow>>& sideWindows() const { return sideWindows_; }
    ActionRegistry& actions() { return actions_; }
    ThemeController& themes() { return themes_; }

private:
    void restoreView();
    void readOwnKeys();
    void addSessions();
    void bindModels();
    void showLock();
    void bindAlerts();
    void bindWindows();
    void restoreWindows();
    void closeWindows();
    void lookWhoSees();
    ViewContext context();
    void logEvents(const std::string& host, const std::vector<Event>& events) const;
    Status record();

    const Options options_;
    Settings settings_;
    const TimeSource& time_;
    ThemeController themes_;
    std::unique_ptr<DesktopAppearance> appearance_;
    std::unique_ptr<DesktopNotifier> notifier_;
    SessionPool pool_;
    TopologyStore store_;
    ConnectionState connection_;
    SelectionState selection_;
    DecisionModel decisions_;
    RuleDocument document_;
    IncidentLog incidents_;
    NoteBook notes_;
    TimelineModel timeline_;
    TimelineState timelineState_;
    OverrideDesk overrides_;
    AlertWatch alerts_;
    SavedViews savedViews_;
    ActionRegistry actions_;
    ViewActions views_;
    const WindowMode mode_;
    QString keyProblems_;
    std::unique_ptr<SessionRecorder> recorder_;
    std::unique_ptr<MainWindow> window_;
    std::vector<std::unique_ptr<SideWindow>> sideWindows_;
    QTimer givingBack_;  ///< of free memory to the system
};

}  // namespace levee
