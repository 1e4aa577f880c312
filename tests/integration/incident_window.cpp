// SPDX-License-Identifier: GPL-3.0-or-later
// The on-call engineer of incident_test.mjs: drives the real main window of the dashboard against a
// real agent, from the desktop's notification to a rule that is applied and proven, and counts
// every key press and click on the way.
//
//   incident_window AGENT            host:port of its gRPC API
//
// Prints "fault" when the fleet is in sight and something may break. LEVEE_SCREENSHOTS=DIR keeps a
// picture of each step.
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <cstdio>

#include "dashboard/app/dashboard.h"
#include "dashboard/app/main_window.h"
#include "dashboard/app/translations.h"
#include "dashboard/views/attention_list.h"
#include "dashboard/views/topology_page.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "tests/support/fake_notifications.h"

using namespace levee;

namespace {

constexpr int kMostPresses = 12;
constexpr int kPatienceMillis = 60'000;
const std::string kCall = "checkout->payment";

/// Counts what a person does.
class Person {
public:
    explicit Person(Dashboard& dashboard) : dashboard_(dashboard) {}

    int presses() const { return presses_; }

    void clickNotification(test::FakeNotifications& desktop) {
        ++presses_;
        desktop.click(QStringLiteral("open"));
    }
    void click(QWidget& widget) {
        ++presses_;
        QTest::mouseClick(&widget, Qt::LeftButton);
    }
    /// To whatever has the keyboard, as a person does.
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        press(key, modifiers);
        if (QWidget* to = receiver())
            QTest::keyRelease(to, key, modifiers);
    }
    /// A modifier is a key that is pressed as well.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        presses_ += 1 + (modifiers & Qt::ControlModifier ? 1 : 0);
        QTest::keyPress(receiver(), key, modifiers);
    }
    void release(Qt::Key key) { QTest::keyRelease(receiver(), key); }

private:
    QWidget* receiver() const {
        if (QWidget* popup = QApplication::activePopupWidget())
            return popup;
        if (QWidget* focus = QApplication::focusWidget())
            return focus;
        return &dashboard_.window();
    }
    Dashboard& dashboard_;
    int presses_ = 0;
};

bool waitFor(const auto& isDone) {
    QElapsedTimer timer;
    timer.start();
    while (!isDone()) {
        if (timer.elapsed() > kPatienceMillis)
            return false;
        QTest::qWait(20);
    }
    return true;
}

class OnCall {
public:
    OnCall(QApplication& application, const QString& agent) {
        options_.connect << agent;
        options_.theme = ThemeChoice::Dark;
        options_.size = QSize(1440, 900);
        dashboard_ =
            std::make_unique<Dashboard>(options_, Settings::transient(), application, time_);
    }

    int run(test::FakeNotifications* desktop) {
        if (!dashboard_->start().isOk())
            return fail("the dashboard does not start");
        MainWindow& window = dashboard_->window();
        window.setAnimated(false);
        window.activateWindow();
        Person person(*dashboard_);
        if (!waitFor([&] { return isEnforcing(0) && fleetIsQuiet(); }))
            return fail("the fleet never came into sight, with its breaker closed");
        keep("0-before");
        std::printf("fault\n");
        std::fflush(stdout);

        // 1. The page: a click on the desktop's notification, or on the same in the window.
        if (!waitFor([&] { return dashboard_->alerts().current() != nullptr; }))
            return fail("nothing was alerted");
        if (dashboard_->alerts().current()->subject != kCall)
            return fail("the alert is about something else");
        if (desktop && !waitFor([&] { return desktop->count() > 0; }))
            return fail("the desktop was not notified");
        keep("1-notification");
        if (desktop)
            person.clickNotification(*desktop);
        else
            person.click(*window.findChild<QPushButton*>(QStringLiteral("open-alert")));
        const Selection wanted = Selection::ofEdge("checkout", "payment");
        if (!waitFor([&] { return dashboard_->selection().current() == wanted; }))
            return fail("the failing call is not selected");
        if (dashboard_->views().page() != Page::Topology || dashboard_->alerts().current())
            return fail("the map is not in sight, or the alert still stands");
        keep("2-what-fails");

        // 2. A draft by symptom.
        if (!waitFor(
                [&] { return dashboard_->document().state() != RuleDocument::State::Loading; }))
            return fail("the rules in force never came");
        person.key(Qt::Key_R);
        auto* drafts = window.findChild<QMenu*>(QStringLiteral("drafts"));
        if (!waitFor([&] { return drafts->isVisible(); }))
            return fail("no drafts are offered");
        keep("3-drafts", drafts);
        person.key(Qt::Key_3);  // an answer while the breaker is open
        if (!waitFor([&] { return dashboard_->document().isDirty(); }))
            return fail("no draft was taken");

        // 3. Checked by the agent; the reason is proposed.
        const auto* reason = window.findChild<QLineEdit*>(QStringLiteral("reason"));
        if (!waitFor([&] { return dashboard_->document().whyNotApply(reason->text()).isEmpty(); }))
            return fail(qPrintable(QStringLiteral("it cannot be applied: ") +
                                   dashboard_->document().whyNotApply(reason->text())));
        keep("4-drafted-and-checked");

        // 4. Held, applied, and proven by the gateway.
        const std::int64_t before = dashboard_->document().activeRevision();
        person.press(Qt::Key_Return, Qt::ControlModifier);
        if (!waitFor([&] { return dashboard_->document().activeRevision() > before; }))
            return fail("it was never applied");
        person.release(Qt::Key_Return);
        const std::int64_t revision = dashboard_->document().activeRevision();
        if (!waitFor([&] { return isEnforcing(revision); }))
            return fail("the gateway never proved it");
        if (!waitFor([&] { return isShownAsEnforcing(revision); }))
            return fail("the page never showed the proof");
        keep("5-applied-and-proven");
        std::printf("%d key presses and clicks, revision %lld\n", person.presses(),
                    static_cast<long long>(revision));
        return person.presses() <= kMostPresses ? 0 : fail("that is too many");
    }

private:
    static int fail(const char* why) {
        std::fprintf(stderr, "incident_window: %s\n", why);
        return 1;
    }
    /// The guard of the call is in force at least in this revision, read back from the gateway.
    bool isEnforcing(std::int64_t revision) const {
        const auto guards = dashboard_->store().guardsOf(kCall);
        return std::ranges::any_of(guards, [&](const FleetGuard* each) {
            return each->guard.enforcement == Enforcement::Enforcing &&
                   each->guard.revision >= revision;
        });
    }
    /// What the person reads on the Rules page.
    bool isShownAsEnforcing(std::int64_t revision) const {
        const auto lists = dashboard_->window().findChildren<AttentionList*>();
        const auto hosts =
            std::ranges::find(lists, QStringLiteral("On the hosts"),
                              [](const QWidget* each) { return each->accessibleName(); });
        if (hosts == lists.end() || (*hosts)->model()->rowCount() != 1)
            return false;
        const QString line = (*hosts)->model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
        return line.contains(QStringLiteral("revision %1 ").arg(revision)) &&
               line.contains(QStringLiteral("enforcing"));
    }
    bool fleetIsQuiet() const {
        const auto guards = dashboard_->store().guardsOf(kCall);
        return dashboard_->store().edge("checkout", "payment") &&
               std::ranges::all_of(guards, [](const FleetGuard* each) {
                   return each->guard.breaker == BreakerState::Closed;
               });
    }
    void keep(const QString& name, QMenu* over = nullptr) {
        for (int level = 0; level < 8; ++level)
            QCoreApplication::processEvents();
        const QString dir = qEnvironmentVariable("LEVEE_SCREENSHOTS");
        if (dir.isEmpty())
            return;
        QDir().mkpath(dir);
        MainWindow& window = dashboard_->window();
        QPixmap picture = window.grab();
        // A menu is a window of its own.
        if (over)
            over->render(&picture, window.mapFromGlobal(over->mapToGlobal(QPoint())));
        picture.save(
            QDir(dir).filePath(QStringLiteral("incident-") + name + QStringLiteral(".png")));
    }

    Options options_;
    RealTimeSource time_;
    std::unique_ptr<Dashboard> dashboard_;
};

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    if (argc != 2) {
        std::fprintf(stderr, "usage: incident_window AGENT\n");
        return 2;
    }
    test::PrivateBus bus;
    const bool hasBus = bus.start();
    qputenv("DBUS_SESSION_BUS_ADDRESS", hasBus ? bus.address().toLatin1() : QByteArray());
    QApplication application(argc, argv);
    const Translations words{QLocale(QLocale::English)};
    std::unique_ptr<test::FakeNotifications> desktop;
    if (hasBus)
        desktop = std::make_unique<test::FakeNotifications>(bus.address());
    std::printf("# the desktop %s notifications\n", desktop ? "shows" : "has no");
    return OnCall(application, QString::fromLocal8Bit(argv[1])).run(desktop.get());
}
