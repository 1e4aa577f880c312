// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QMainWindow>
#include <QSplitter>
#include <QStackedWidget>

#include "dashboard/actions/page.h"
#include "dashboard/actions/verbs.h"
#include "dashboard/app/settings.h"
#include "dashboard/app/view_link.h"
#include "dashboard/views/view_context.h"

namespace levee {

class DecisionsView;
class Locator;
class ServicePage;
class ThemedLabel;
class TopologyPage;

/// The window: top bar, rail of pages, the page, the decisions, the strip of time, the status line.
/// GUI thread only.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    /// REQUIRES: `settings` outlives the window.
    /// `keyProblems`: what was wrong with keys.yaml, or "". A side window asks nothing when it is
    /// closed, and keeps nothing.
    enum class Role { Main, Side };
    MainWindow(const ViewContext& context, Settings& settings, const QString& keyProblems = {},
               Role role = Role::Main, QWidget* parent = nullptr);

    TopologyPage& topologyPage() { return *topology_; }
    ServicePage& servicePage() { return *service_; }
    Locator& locator() { return *locator_; }
    /// Comes to the front with what an alert is about, and what can be done.
    void openAlert(const std::string& subject);
    /// A link to what is in sight.
    QString link() const;
    ViewLink view() const;
    /// Shows what the link says: page, map, selection, range of time; agents are left alone.
    void apply(const ViewLink& link);
    /// Stands in the status line for a while.
    void say(const QString& message);
    /// Everything is at its place at once: for screenshots and tests.
    void setAnimated(bool animated);

signals:
    void closed();
    void seenChanged();  ///< minimised, or no longer
    void windowAsked(const levee::ViewLink& link);

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void build();
    void buildMenus();
    void bindTheme();
    void showPage(Page page);
    void refreshStatus();
    void restore();
    void layOut();
    void showKeys();
    void holdGuard();
    void bindCommands();
    void bindViews();

    ViewContext context_;
    Settings& settings_;
    const QString keyProblems_;
    const Role role_;
    Verbs verbs_;
    Locator* locator_ = nullptr;
    QStackedWidget* pages_;
    QSplitter* splitter_;
    TopologyPage* topology_;
    ServicePage* service_;
    DecisionsView* decisions_;
    ThemedLabel* status_;
    ThemedLabel* numbers_;
    QString said_;
    QElapsedTimer saidFor_;
};

}  // namespace levee
