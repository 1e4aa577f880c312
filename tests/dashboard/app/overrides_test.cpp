// SPDX-License-Identifier: Apache-2.0
// Alerts, and holding guards by hand, in the whole window against a real gRPC server in this
// process. LEVEE_SCREENSHOTS=DIR keeps the pictures.
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QRadioButton>
#include <QTest>
#include <QToolButton>
#include <algorithm>
#include <chrono>

#include "dashboard/app/dashboard.h"
#include "dashboard/app/main_window.h"
#include "dashboard/app/translations.h"
#include "dashboard/views/alert_banner.h"
#include "dashboard/views/override_dialog.h"
#include "dashboard/views/overrides_panel.h"
#include "dashboard/views/promote_dialog.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/timeline_strip.h"
#include "dashboard/views/topology_page.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/hold_button.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {
constexpr int kNow = test::kDemoFailsAt + 75;
const std::string kCall = "checkout->payment";
}  // namespace

class OverridesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { words_.emplace(QLocale(QLocale::English)); }
    void cleanupTestCase() { words_.reset(); }
    void init() {
        server_ = std::make_unique<test::FakeAgentServer>();
        server_->setRules(test::demoRules());
        server_->setChecker([](const std::string&) { return Diagnostics(); });
        server_->publish(test::demoSnapshot(kNow));
    }
    void cleanup() {
        dashboard_.reset();
        server_.reset();
    }

    void aBreakerIsHeldByTheKeyboardAloneAndShownEverywhere() {
        open();
        select(Selection::ofEdge("checkout", "payment"));
        QTest::keyClick(&canvas(), Qt::Key_O);
        auto* dialog = find<OverrideDialog>();
        QVERIFY(dialog);
        auto* reason = dialog->findChild<QLineEdit*>("reason");
        QTRY_VERIFY(reason->hasFocus());
        auto* hold = dialog->findChild<HoldButton*>("hold");
        QVERIFY(!hold->isEnabled());  // no reason yet
        QTest::keyClicks(reason, "INC-42, payment is down");
        QVERIFY(hold->isEnabled());
        keep("hold-dialog", dialog);
        hold->setHold(50ms);
        QTest::keyPress(reason, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(server_->overrides().size(), std::size_t{1});
        QTest::keyRelease(&dashboard_->window(), Qt::Key_Return, Qt::ControlModifier);
        const Override held = server_->overrides().front();
        QCOMPARE(held.subject, kCall);
        QCOMPARE(held.kind, OverrideKind::ForceOpen);
        QCOMPARE(held.reason, std::string("INC-42, payment is down"));
        QCOMPARE(held.remainingSeconds, 1'800.0);
        QTRY_VERIFY(!find<OverrideDialog>());
        // On the edge, in the strip, in the table.
        QTRY_COMPARE(badgeOfTheCall(), BadgeKind::Override);
        auto* chip =
            dashboard_->window().findChild<TimelineStrip*>()->findChild<QToolButton*>("held");
        QVERIFY(chip->isVisible());
        QVERIFY2(chip->text().contains("1 held, 30 min"), qPrintable(chip->text()));
        keep("hold-map");
        chip->click();
        QCOMPARE(dashboard_->views().page(), Page::Rules);
        keep("hold-rules");
    }
    void aLimitIsHeldAtANumberOrAShare() {
        open();
        select(Selection::ofNode("payment"));
        dashboard_->actions()[ActionId::HoldGuard].trigger();
        auto* dialog = find<OverrideDialog>();
        QVERIFY(!dialog->findChild<QRadioButton*>("open")->isEnabled());
        QVERIFY(dialog->findChild<QRadioButton*>("limit")->isChecked());
        dialog->findChild<QRadioButton*>("factor")->setChecked(true);
        dialog->findChild<QLineEdit*>("reason")->setText("too slow");
        keep("hold-limit-dialog", dialog);
        hold(dialog->findChild<HoldButton*>("hold"));
        QTRY_COMPARE(server_->overrides().size(), std::size_t{1});
        QCOMPARE(server_->overrides().front().factor, 0.5);
        QCOMPARE(server_->overrides().front().limit, 6U);  // half of 12
    }
    void aRefusalIsSaidAndTheDialogStays() {
        server_->setOverrideRefusal("payment is protected (override.protected in agent.yaml)");
        open();
        select(Selection::ofEdge("checkout", "payment"));
        dashboard_->actions()[ActionId::HoldGuard].trigger();
        auto* dialog = find<OverrideDialog>();
        dialog->findChild<QLineEdit*>("reason")->setText("INC-42");
        hold(dialog->findChild<HoldButton*>("hold"));
        QTRY_VERIFY(std::ranges::any_of(
            dialog->findChildren<ThemedLabel*>(),
            [](const ThemedLabel* each) { return each->text().contains("is protected"); }));
        QVERIFY(dialog->isVisible());
        QVERIFY(server_->overrides().empty());
        keep("hold-refused-dialog", dialog);
    }
    void oneThatIsHeldIsExtendedAndEnded() {
        open();
        setLimit(20);
        OverridesPanel& panel = rulesPanel();
        button(panel, "More time…")->click();
        auto* dialog = find<ExtendDialog>();
        QVERIFY(dialog);
        keep("hold-extend-dialog", dialog);
        for (QToolButton* each : dialog->findChildren<QToolButton*>())
            if (each->text() == "4 h")
                each->click();
        button(*dialog, "Extend")->click();
        QTRY_COMPARE(server_->overrides().front().remainingSeconds, 4 * 3'600.0);
        QTRY_VERIFY(!find<ExtendDialog>());
        hold(panel.findChild<HoldButton*>("clear-override"));
        QTRY_VERIFY(server_->overrides().empty());
        QTRY_VERIFY(dashboard_->overrides().held().empty());
    }
    void theFirstOneShowsWhereThePageIsOpenAlready() {
        open();
        OverridesPanel& panel = rulesPanel();
        QVERIFY(!button(panel, "More time…")->isVisible());
        setLimit(20);
        QTRY_VERIFY(button(panel, "More time…")->isVisible());
        hold(panel.findChild<HoldButton*>("clear-override"));
        QTRY_VERIFY(!button(panel, "More time…")->isVisible());
    }
    void promotingShowsThePatchAndOpensItAsAnEdit() {
        open();
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        setLimit(20);
        button(rulesPanel(), "Make a rule…")->click();
        auto* dialog = find<PromoteDialog>();
        QTRY_VERIFY(!dialog->patch().isEmpty());
        QVERIFY2(dialog->patch().contains("+  limiter: {kind: fixed, limit: 20}") ||
                     dialog->patch().contains("+    limit: 20"),
                 qPrintable(dialog->patch()));
        keep("hold-promote-dialog", dialog);
        button(*dialog, "Open as edit")->click();
        QVERIFY(dashboard_->document().isDirty());
        QVERIFY(dashboard_->document().text().contains("limit: 20"));
        QCOMPARE(server_->activeText(), test::demoRules());  // nothing was applied
    }
    void whatNoRuleSaysIsRefusedWithTheReason() {
        open();
        OverrideDraft draft;
        draft.order.subject = kCall;
        draft.order.ttlMillis = 600'000;
        draft.order.reason = "down";
        draft.hosts = {"shop-1"};
        dashboard_->overrides().set(draft);
        QTRY_COMPARE(dashboard_->overrides().held().size(), std::size_t{1});
        button(rulesPanel(), "Make a rule…")->click();
        auto* dialog = find<PromoteDialog>();
        QTRY_VERIFY(std::ranges::any_of(
            dialog->findChildren<ThemedLabel*>(),
            [](const ThemedLabel* each) { return each->text().contains("no rule says that"); }));
        QVERIFY(!button(*dialog, "Open as edit")->isEnabled());
    }
    void anAlertLeadsToWhatFailsAndWhatToDo() {
        open();
        auto* banner = dashboard_->window().findChild<AlertBanner*>();
        QVERIFY(!banner->isVisible());
        Event event;
        event.kind = EventKind::Breaker;
        event.severity = EventSeverity::Warning;
        event.subject = kCall;
        event.text = "opened: 10 of the last 10 calls failed";
        event.millis = test::kDemoStartMillis + kNow * 1'000LL;
        server_->emitEvent(event);
        QTRY_VERIFY(banner->isVisible());
        dashboard_->views().showPage(Page::Fleet);
        keep("alert-banner");
        QTest::keyClick(&dashboard_->window(), Qt::Key_W);
        QCOMPARE(dashboard_->views().page(), Page::Topology);
        QCOMPARE(dashboard_->selection().current(), Selection::ofEdge("checkout", "payment"));
        QVERIFY(!banner->isVisible());
        QPushButton* draft = nullptr;
        for (QPushButton* each : dashboard_->window().findChildren<QPushButton*>())
            if (each->text().contains("Draft a rule for it"))
                draft = each;
        QVERIFY(draft && draft->isVisible());
        QVERIFY2(draft->text().startsWith("R "), qPrintable(draft->text()));
        keep("alert-what-to-do");
        // Nothing is left to look at.
        QTest::keyClick(&canvas(), Qt::Key_W);
        QVERIFY(std::ranges::any_of(
            dashboard_->window().findChildren<ThemedLabel*>(),
            [](const ThemedLabel* each) { return each->text() == "Nothing was alerted."; }));
    }
    void readOnlyHoldsNothingAndSaysWhy() {
        open(true);
        select(Selection::ofEdge("checkout", "payment"));
        dashboard_->actions()[ActionId::HoldGuard].trigger();
        QVERIFY(!find<OverrideDialog>());
        OverridesPanel& panel = rulesPanel();
        QPushButton* set = button(panel, "Hold…");
        QVERIFY(!set->isEnabled());
        QVERIFY(set->toolTip().contains("Read-only"));
        QVERIFY(std::ranges::any_of(
            dashboard_->window().findChildren<ThemedLabel*>(),
            [](const ThemedLabel* each) { return each->text().contains("Read-only"); }));
    }

private:
    void open(bool readOnly = false) {
        Options options;
        options.connect = QStringList{QString::fromStdString(server_->address())};
        options.theme = ThemeChoice::Dark;
        options.screenshot = "unused: no animations";
        options.readOnly = readOnly;
        dashboard_ = std::make_unique<Dashboard>(options, Settings::transient(), *qApp, time_);
        QVERIFY(dashboard_->start().isOk());
        QTRY_COMPARE(dashboard_->store().fleet().guards.size(), std::size_t{4});
        dashboard_->window().activateWindow();
    }
    void select(const Selection& selection) { dashboard_->selection().select(selection); }
    TopologyCanvas& canvas() { return dashboard_->window().topologyPage().canvas(); }
    template <typename Widget>
    Widget* find() {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        return dashboard_->window().findChild<Widget*>();
    }
    OverridesPanel& rulesPanel() {
        dashboard_->views().showPage(Page::Rules);
        QCoreApplication::processEvents();
        return *dashboard_->window().findChild<OverridesPanel*>();
    }
    void setLimit(std::uint32_t limit) {
        OverrideDraft draft;
        draft.order.subject = "payment";
        draft.order.kind = OverrideKind::Limit;
        draft.order.limit = limit;
        draft.order.ttlMillis = 600'000;
        draft.order.reason = "too slow";
        draft.hosts = {"shop-1"};
        dashboard_->overrides().set(draft);
        QTRY_COMPARE(dashboard_->overrides().held().size(), std::size_t{1});
    }
    static QPushButton* button(QWidget& in, const QString& text) {
        const auto buttons = in.findChildren<QPushButton*>();
        const auto found = std::ranges::find(buttons, text, &QPushButton::text);
        return found == buttons.end() ? nullptr : *found;
    }
    std::optional<BadgeKind> badgeOfTheCall() {
        for (const EdgeData& each : canvas().scene().edges)
            if (each.from == "checkout" && each.to == "payment" && !each.badges.empty())
                return each.badges.front().kind;
        return std::nullopt;
    }
    /// A dialog goes with its button once it is done.
    static void hold(QPointer<HoldButton> button) {
        QTRY_VERIFY(button->isEnabled());
        button->setHold(50ms);
        QTest::mousePress(button, Qt::LeftButton);
        QTRY_VERIFY(!button || !button->isHeld());
        if (button)
            QTest::mouseRelease(button, Qt::LeftButton);
    }
    void keep(const QString& name, QWidget* widget = nullptr) {
        for (int level = 0; level < 8; ++level)
            QCoreApplication::processEvents();
        const QString dir = qEnvironmentVariable("LEVEE_SCREENSHOTS");
        if (dir.isEmpty())
            return;
        QDir().mkpath(dir);
        QVERIFY((widget ? widget : &dashboard_->window())
                    ->grab()
                    .save(QDir(dir).filePath(name + ".png")));
    }
    std::optional<Translations> words_;
    RealTimeSource time_;
    std::unique_ptr<test::FakeAgentServer> server_;
    std::unique_ptr<Dashboard> dashboard_;
};

LEVEE_TEST(OverridesTest)
#include "overrides_test.moc"
