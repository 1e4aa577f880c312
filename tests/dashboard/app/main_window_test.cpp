// SPDX-License-Identifier: Apache-2.0
// The whole window against a real gRPC server in this process that tells the demo's story. Every
// page is grabbed in both themes; LEVEE_SCREENSHOTS=DIR keeps the pictures.
#include "dashboard/app/main_window.h"

#include <QAccessible>
#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSet>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <optional>

#include "dashboard/app/dashboard.h"
#include "dashboard/app/translations.h"
#include "dashboard/app/view_link.h"
#include "dashboard/views/banner.h"
#include "dashboard/views/locator.h"
#include "dashboard/views/rules_page.h"
#include "dashboard/views/service_details.h"
#include "dashboard/views/service_page.h"
#include "dashboard/views/timeline_page.h"
#include "dashboard/views/timeline_strip.h"
#include "dashboard/views/topology_page.h"
#include "dashboard/views/traces_panel.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/freshness_badge.h"
#include "dashboard/widgets/hold_button.h"
#include "dashboard/widgets/rule_edit.h"
#include "dashboard/widgets/timeline/timeline_band.h"
#include "dashboard/widgets/waterfall/trace_waterfall.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr int kNow = test::kDemoFailsAt + 75;

Diagnostics checkDemoRules(const std::string& text) {
    const auto at = text.find("keey");
    if (at == std::string::npos)
        return {};
    const auto line = 1 + static_cast<int>(std::count(text.begin(), text.begin() + at, '\n'));
    return {{Severity::Error,
             "unknown-key",
             "unknown key \"keey\"; did you mean \"key\"?",
             {"rules.yaml", line, 5, 4}},
            {Severity::Warning,
             "no-traffic",
             "no request matched this guard in the last hour",
             {"rules.yaml", 7, 3, 5}}};
}

}  // namespace

class MainWindowTest : public QObject {
    Q_OBJECT
private slots:

    void initTestCase() { words_.emplace(QLocale(QLocale::English)); }
    void cleanupTestCase() { words_.reset(); }

    void init() {
        server_ = std::make_unique<test::FakeAgentServer>();
        server_->setRules("# An earlier rule set.\n");
        server_->setRules(test::demoRules());
        server_->setChecker(checkDemoRules);
        std::vector<SeriesPoint> history;
        for (int second = kNow - 900; second < kNow; ++second)
            for (const Node& node : test::demoSnapshot(std::max(second, 0)).nodes)
                if (node.name == "payment")
                    history.push_back({test::kDemoStartMillis + second * 1'000LL, node.traffic});
        server_->setSeries(history);
        for (const Event& event : test::demoEvents(kNow))
            server_->emitEvent(event);
        std::vector<Trace> traces;
        for (int i = 0; i < 8; ++i)
            traces.push_back(test::demoTrace(i + 1, 2.4 - 0.21 * i));
        server_->setTraces(std::move(traces));
        server_->setLatencies(test::demoLatencies(kNow));
        server_->publish(test::demoSnapshot(kNow));
    }
    void cleanup() {
        dashboard_.reset();
        server_.reset();
    }

    void theMapShowsEveryService() {
        open("dark");
        const GraphScene& scene = dashboard_->window().topologyPage().canvas().scene();
        QCOMPARE(scene.cards.size(), std::size_t{8});
        QCOMPARE(scene.edges.size(), std::size_t{7});
        QTRY_COMPARE(dashboard_->decisions().rowCount(), 9);
        auto* badge = dashboard_->window().findChild<FreshnessBadge*>();
        QTRY_COMPARE(badge->freshness(), Freshness::Live);
    }
    void oneSelectionIsSharedByMapAndPages() {
        open("dark");
        dashboard_->selection().select(Selection::ofNode("payment"));
        TopologyCanvas& canvas = dashboard_->window().topologyPage().canvas();
        QCOMPARE(canvas.selectedNode(), QString("payment"));
        const QPointF at = canvas.nodeRect("ledger").center();
        QTest::mouseClick(&canvas, Qt::LeftButton, {}, at.toPoint());
        QCOMPARE(dashboard_->selection().current(), Selection::ofNode("ledger"));
        QTest::keyClick(&canvas, Qt::Key_Return);
        QCOMPARE(dashboard_->views().page(), Page::Service);
        QTest::keyClick(&dashboard_->window(), Qt::Key_Escape);
        QCOMPARE(dashboard_->views().page(), Page::Topology);
    }
    void theChartsGoBackWhereTheSelectionIsOlderThanTheConnection() {
        start("dark");
        dashboard_->selection().select(Selection::ofNode("payment"));
        dashboard_->views().showPage(Page::Service);
        QVERIFY(dashboard_->store().fleet().nodes.empty());
        QTRY_VERIFY(dashboard_->store().series().samples("payment").size() > 800);
    }
    void changingThePageChangesNoSelection() {
        open("dark");
        dashboard_->selection().select(Selection::ofNode("payment"));
        for (const Page page : kPages)
            dashboard_->views().showPage(page);
        QCoreApplication::processEvents();
        QCOMPARE(dashboard_->selection().current(), Selection::ofNode("payment"));
    }
    void pluralsAreWordsInEnglish() {
        QCOMPARE(QCoreApplication::translate("SceneText", "%n service(s)", nullptr, 1),
                 QString("1 service"));
        QCOMPARE(QCoreApplication::translate("SceneText", "%n service(s)", nullptr, 2),
                 QString("2 services"));
    }
    void spacePausesAndThePillSaysSo() {
        open("dark");
        dashboard_->window().topologyPage().canvas().setFocus();
        QTest::keyClick(&dashboard_->window().topologyPage().canvas(), Qt::Key_Space);
        QVERIFY(dashboard_->store().isPaused());
        auto* badge = dashboard_->window().findChild<FreshnessBadge*>();
        QTRY_COMPARE(badge->freshness(), Freshness::Paused);
        QTest::keyClick(&dashboard_->window().topologyPage().canvas(), Qt::Key_L);
        QVERIFY(!dashboard_->store().isPaused());
    }
    void aLostAgentIsSaidAndThePictureStays() {
        open("dark");
        server_->stop();
        auto* badge = dashboard_->window().findChild<FreshnessBadge*>();
        QTRY_COMPARE(badge->freshness(), Freshness::Reconnecting);
        QCOMPARE(dashboard_->window().topologyPage().canvas().scene().cards.size(), std::size_t{8});
    }
    void spaceInTheReasonIsASpace() {
        open("dark");
        dashboard_->views().showPage(Page::Rules);
        auto* reason = dashboard_->window().findChild<QLineEdit*>("reason");
        reason->setFocus();
        QTest::keyClicks(reason, "ledger slow");
        QCOMPARE(reason->text(), QString("ledger slow"));
        QVERIFY(!dashboard_->store().isPaused());
    }
    void anEditIsAppliedWithAReasonByTheKeyboard() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        dashboard_->views().showPage(Page::Rules);
        const QString edited = dashboard_->document().text() + "# tightened\n";
        dashboard_->document().setText(edited);
        QTRY_COMPARE(dashboard_->document().checkState(), RuleDocument::CheckState::Passed);
        auto* reason = dashboard_->window().findChild<QLineEdit*>("reason");
        reason->setFocus();
        QTest::keyClicks(reason, "shed more");
        auto* apply = dashboard_->window().findChild<HoldButton*>("apply");
        apply->setHold(std::chrono::milliseconds(100));
        QTest::keyPress(reason, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(apply->isHeld());
        QTRY_VERIFY(!apply->isHeld());
        QTest::keyRelease(reason, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(QString::fromStdString(server_->activeText()), edited);
        QTRY_VERIFY(reason->text().isEmpty());
    }
    void lettingGoTooSoonAppliesNothing() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        dashboard_->views().showPage(Page::Rules);
        dashboard_->document().setText(dashboard_->document().text() + "# tightened\n");
        auto* reason = dashboard_->window().findChild<QLineEdit*>("reason");
        reason->setText("shed more");
        auto* apply = dashboard_->window().findChild<HoldButton*>("apply");
        QTRY_VERIFY(apply->isEnabled());
        const std::string before = server_->activeText();
        apply->setHold(std::chrono::hours(1));
        reason->setFocus();
        QTest::keyPress(reason, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(apply->isHeld());
        QTest::keyRelease(reason, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(!apply->isHeld());
        QCOMPARE(dashboard_->document().state(), RuleDocument::State::Dirty);
        QCOMPARE(server_->activeText(), before);
    }
    void aDraftIsAppendedAndChecked() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        dashboard_->selection().select(Selection::ofNode("payment"));
        dashboard_->actions()[ActionId::DraftRule].trigger();
        QCOMPARE(dashboard_->views().page(), Page::Rules);
        auto* menu = dashboard_->window().findChild<QMenu*>("drafts");
        QTRY_VERIFY(menu->isVisible());
        keep("dark-rules-drafts", menu);
        QAction* cap = nullptr;
        for (QAction* each : menu->actions())
            if (each->text().contains("Too many requests"))
                cap = each;
        QVERIFY(cap);
        menu->close();
        cap->trigger();
        QVERIFY(dashboard_->document().isDirty());
        QVERIFY(dashboard_->document().text().endsWith(
            "limiter: {kind: fixed, limit: 12, queue: auto}\n"));
        QTRY_COMPARE(dashboard_->document().checkState(), RuleDocument::CheckState::Passed);
    }
    void theLocatorFindsServicesAndRunsVerbs() {
        open("dark");
        Locator& locator = dashboard_->window().locator();
        auto* field = locator.findChild<QLineEdit*>();
        QTest::keyClick(&dashboard_->window(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(locator.isVisible());
        QTest::keyClicks(field, "payme");
        keep("dark-locator");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!locator.isVisible());
        QCOMPARE(dashboard_->selection().current(), Selection::ofNode("payment"));
        QTest::keyClick(&dashboard_->window().topologyPage().canvas(), Qt::Key_Colon);
        QVERIFY(locator.isVisible());
        QTest::keyClicks(field, "page fleet");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(dashboard_->views().page(), Page::Fleet);
        dashboard_->actions()[ActionId::CommandLine].trigger();
        QTest::keyClicks(field, "select nobody");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(locator.isVisible());  // says what is wrong
        keep("dark-locator-wrong");
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(!locator.isVisible());
        QCOMPARE(dashboard_->views().page(), Page::Fleet);
    }
    void aNoteIsWrittenAndStandsInTheTimeline() {
        open("dark");
        dashboard_->selection().select(Selection::ofNode("payment"));
        QTest::keyClick(&dashboard_->window().topologyPage().canvas(), Qt::Key_N);
        QCOMPARE(dashboard_->views().page(), Page::Timeline);
        auto* note = dashboard_->window().findChild<QLineEdit*>("note");
        QTRY_VERIFY(note->hasFocus());
        QTest::keyClicks(note, "pool exhausted");
        QTest::keyClick(note, Qt::Key_Return);
        QCOMPARE(dashboard_->notes().notes().size(), std::size_t{1});
        QCOMPARE(dashboard_->notes().notes()[0].subject, std::string("payment"));
        QTRY_VERIFY(
            dashboard_->window().findChild<TimelinePage*>()->markdown().contains("pool exhausted"));
    }
    void anIncidentIsTakenNamedExportedAndClosed() {
        open("dark");
        dashboard_->selection().select(Selection::ofNode("payment"));
        QTest::keyClick(&dashboard_->window().topologyPage().canvas(), Qt::Key_C);
        QVERIFY(dashboard_->incidents().current());
        QCOMPARE(dashboard_->incidents().current()->subject, std::string("payment"));
        QCOMPARE(dashboard_->notes().notes().size(), std::size_t{1});
        dashboard_->actions()[ActionId::CommandLine].trigger();
        auto* field = dashboard_->window().locator().findChild<QLineEdit*>();
        QTest::keyClicks(field, "incident Ledger is slow");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(dashboard_->incidents().current()->title, std::string("Ledger is slow"));
        keep("dark-incident");
        auto* page = dashboard_->window().findChild<TimelinePage*>();
        QTRY_VERIFY(page->markdown().contains("took command"));
        QVERIFY(page->markdown().startsWith("# Ledger is slow"));
        dashboard_->actions()[ActionId::CloseIncident].trigger();
        QVERIFY(!dashboard_->incidents().current());
    }
    void anEntryOfTheStripIsChosenEverywhere() {
        open("dark");
        auto* strip = dashboard_->window().findChild<TimelineStrip*>();
        QTRY_VERIFY(dashboard_->timeline().rowCount() > 9);
        const auto& rows = dashboard_->timeline().rows();
        const auto limit = std::ranges::find(rows, std::string("payment"), &TimelineEntry::subject);
        QVERIFY(limit != rows.end());
        emit strip->band().markChosen(limit->id);
        QCOMPARE(dashboard_->selection().current(), Selection::ofNode("payment"));
        QCOMPARE(dashboard_->timelineState().chosen(), limit->id);
        dashboard_->views().showPage(Page::Timeline);
        QVERIFY(!strip->band().markRect(limit->id).isNull());
    }
    void everythingThatTakesKeysHasAName() {
        open("dark");
        for (const Page page : kPages) {
            dashboard_->views().showPage(page);
            for (QWidget* widget : dashboard_->window().findChildren<QWidget*>()) {
                const bool takesKeys = widget->isVisible() && widget->isEnabled() &&
                                       (widget->focusPolicy() & Qt::TabFocus) &&
                                       !widget->focusProxy();
                if (!takesKeys)
                    continue;
                const QAccessibleInterface* told = QAccessible::queryAccessibleInterface(widget);
                QVERIFY2(told && !told->text(QAccessible::Name).isEmpty(),
                         qPrintable(QString("%1 on page %2")
                                        .arg(widget->metaObject()->className())
                                        .arg(static_cast<int>(page))));
            }
        }
    }
    void theKeyboardReachesEveryField() {
        open("dark");
        for (const Page page : kPages) {
            if (page == Page::Rules)
                continue;  // Tab is typed there; F6 and the like lead out
            dashboard_->views().showPage(page);
            QSet<QWidget*> wanted;
            for (QWidget* widget : dashboard_->window().findChildren<QWidget*>())
                if (widget->isVisible() && widget->isEnabled() && !widget->focusProxy() &&
                    (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus)
                    wanted << widget;
            QWidget* first = dashboard_->window().focusWidget();
            QVERIFY(first);
            QWidget* at = first;
            do {
                wanted.remove(at);
                at = at->nextInFocusChain();
            } while (at != first);
            QVERIFY2(wanted.isEmpty(),
                     wanted.isEmpty() ? "" : (*wanted.begin())->metaObject()->className());
        }
    }
    void theLinkLeadsBackToTheView() {
        open("dark");
        dashboard_->selection().select(Selection::ofEdge("checkout", "payment"));
        dashboard_->views().showPage(Page::Timeline);
        const auto link = readLink(dashboard_->window().link());
        QVERIFY(link.isOk());
        QCOMPARE(link->page, std::optional(Page::Timeline));
        QCOMPARE(link->select, QString("checkout->payment"));
        QCOMPARE(link->agents, QStringList{QString::fromStdString(server_->address())});
    }
    void aConflictShowsABannerAndChangesNothing() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        dashboard_->views().showPage(Page::Rules);
        dashboard_->document().setText("mine");
        server_->setRules("theirs");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Conflict);
        QTRY_VERIFY(dashboard_->window().findChild<Banner*>("conflict")->isVisible());
        QSignalSpy refused(&dashboard_->document(), &RuleDocument::failed);
        dashboard_->actions()[ActionId::ApplyRules].trigger();
        QTRY_COMPARE(refused.size(), 1);
        QCOMPARE(dashboard_->document().state(), RuleDocument::State::Conflict);
        QCOMPARE(server_->activeText(), std::string("theirs"));
    }
    void applyWaitsForTheCheckAndAReason() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().checkState(), RuleDocument::CheckState::Passed);
        dashboard_->views().showPage(Page::Rules);
        auto* reason = dashboard_->window().findChild<QLineEdit*>("reason");
        const QPushButton* apply = button("Hold to apply");
        reason->setText("shed more");
        dashboard_->document().setText(QString::fromStdString(test::demoRules() + "# tightened\n"));
        QVERIFY(!apply->isEnabled());  // typed a moment ago: not checked
        dashboard_->document().checkNow();
        QVERIFY(!apply->isEnabled());  // the check is on its way
        QTRY_VERIFY(apply->isEnabled());
        reason->clear();
        QVERIFY(!apply->isEnabled());
        reason->setText("shed more");
        dashboard_->document().setText(QString::fromStdString(test::demoRules() + "keey: x\n"));
        QTRY_COMPARE(dashboard_->document().checkState(), RuleDocument::CheckState::Failed);
        QVERIFY(!apply->isEnabled());
    }
    void aRollbackAsksAndNamesTheRevision() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        const std::string before = server_->activeText();
        auto* question = askToUndo();
        QVERIFY(question);
        QCOMPARE(question->textFormat(), Qt::PlainText);
        QVERIFY(question->text().contains(
            "revision " + QString::number(dashboard_->document().activeRevision())));
        QCOMPARE(question->defaultButton(), question->button(QMessageBox::Cancel));
        question->reject();
        QTRY_VERIFY(!dashboard_->window().findChild<QMessageBox*>());
        QCOMPARE(server_->activeText(), before);
        accept(*askToUndo());
        QTRY_COMPARE(server_->activeText(), std::string("# An earlier rule set.\n"));
    }
    void aRollbackOfWhatWasNotNamedIsCalledOff() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        auto* question = askToUndo();
        QVERIFY(question);
        const auto named = dashboard_->document().activeRevision();
        server_->setRules("theirs");
        QTRY_VERIFY(dashboard_->document().activeRevision() != named);
        accept(*question);
        QTRY_VERIFY(!dashboard_->window().findChild<QMessageBox*>());
        QVERIFY(dashboard_->document().state() != RuleDocument::State::Applying);
        QCOMPARE(server_->activeText(), std::string("theirs"));
    }
    void hostileNamesStayPlainText() {
        AgentSnapshot hostile = test::demoSnapshot(kNow);
        hostile.nodes[0].name = "<b>big</b>\u202e\n" + std::string(10'000, 'x');
        hostile.guards[0].enforcementDetail = "<img src=x>";
        server_->publish(hostile);
        open("light");
        for (const Page page : kPages) {
            dashboard_->views().showPage(page);
            QVERIFY(!dashboard_->window().grab().isNull());
        }
    }
    void everyPageIsPaintedInBothThemes_data() {
        QTest::addColumn<QString>("theme");
        QTest::newRow("dark") << "dark";
        QTest::newRow("light") << "light";
        QTest::newRow("contrast") << "contrast";
    }
    void everyPageIsPaintedInBothThemes() {
        QFETCH(QString, theme);
        open(theme);
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        QTRY_COMPARE(dashboard_->document().checkState(), RuleDocument::CheckState::Passed);
        keep(theme + "-topology-none");
        dashboard_->selection().select(Selection::ofNode("payment"));
        keep(theme + "-topology");
        dashboard_->selection().select(Selection::ofEdge("checkout", "payment"));
        keep(theme + "-topology-edge");
        dashboard_->selection().select(Selection::ofNode("payment"));
        dashboard_->views().showPage(Page::Service);
        QTRY_VERIFY(dashboard_->store().series().samples("payment").size() > 600);
        keep(theme + "-service");
        ServiceDetails& details = dashboard_->window().servicePage().details();
        details.show(ServiceDetails::View::Suspects);
        keep(theme + "-service-why");
        details.show(ServiceDetails::View::Traces);
        QTRY_COMPARE(details.traces().waterfall().rows(), 11);
        keep(theme + "-service-traces");
        details.show(ServiceDetails::View::Neighbours);
        dashboard_->selection().clear();
        keep(theme + "-service-list");
        dashboard_->selection().select(Selection::ofNode("payment"));
        dashboard_->views().showPage(Page::Scaling);
        keep(theme + "-scaling");
        dashboard_->views().showPage(Page::Timeline);
        keep(theme + "-timeline");
        dashboard_->views().showPage(Page::Fleet);
        keep(theme + "-fleet");
        dashboard_->views().showPage(Page::Rules);
        keep(theme + "-rules");
        QMessageBox* question = askToUndo();
        QVERIFY(question);
        keep(theme + "-rules-rollback", question);
        question->reject();
        dashboard_->document().setText(dashboard_->document().text() + "    keey: tenant\n");
        QTRY_COMPARE(dashboard_->document().checkState(), RuleDocument::CheckState::Failed);
        dashboard_->window().findChild<RuleEdit*>()->setText(dashboard_->document().text());
        dashboard_->window().findChild<RuleEdit*>()->setDiagnostics(
            dashboard_->document().diagnostics());
        server_->setRules(test::demoRules() + "# by somebody else\n");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Conflict);
        QTRY_VERIFY(dashboard_->window().findChild<Banner*>("conflict")->isVisible());
        keep(theme + "-rules-conflict");
    }
    void emptyStatesSayWhatToDo_data() { everyPageIsPaintedInBothThemes_data(); }
    void emptyStatesSayWhatToDo() {
        QFETCH(QString, theme);
        server_->stop();
        start(theme);
        QTRY_COMPARE(dashboard_->connection().summary().mode, LinkMode::Failed);
        QTRY_COMPARE(dashboard_->window().topologyPage().canvas().state(), CanvasState::Error);
        keep(theme + "-unreachable");
        for (const Page page : kPages) {
            dashboard_->views().showPage(page);
            keep(theme + "-unreachable-" + QString::number(static_cast<int>(page)));
        }
    }
    void anAgentWithoutTrafficIsNotAnError() {
        AgentSnapshot empty;
        empty.millis = test::kDemoStartMillis;
        empty.agent = test::demoSnapshot(0).agent;
        server_->publish(empty);
        start("dark");
        QTRY_COMPARE(dashboard_->connection().summary().mode, LinkMode::Live);
        QTRY_COMPARE(dashboard_->window().topologyPage().canvas().state(), CanvasState::Empty);
        keep("dark-no-traffic");
    }

private:
    QPushButton* button(const QString& text) {
        const auto buttons = dashboard_->window().findChildren<QPushButton*>();
        const auto found = std::ranges::find(buttons, text, &QPushButton::text);
        return found == buttons.end() ? nullptr : *found;
    }
    /// The question that Ctrl+Alt+Z asks.
    QMessageBox* askToUndo() {
        dashboard_->actions()[ActionId::RollBackRules].trigger();
        return dashboard_->window().findChild<QMessageBox*>();
    }
    static void accept(const QMessageBox& question) {
        for (QAbstractButton* each : question.buttons())
            if (question.buttonRole(each) == QMessageBox::AcceptRole)
                each->click();
    }
    void start(const QString& theme) {
        Options options;
        options.connect = QStringList{QString::fromStdString(server_->address())};
        options.theme = theme == "light"      ? ThemeChoice::Light
                        : theme == "contrast" ? ThemeChoice::HighContrast
                                              : ThemeChoice::Dark;
        options.screenshot = "unused: no animations";
        dashboard_ = std::make_unique<Dashboard>(options, Settings::transient(), *qApp, time_);
        QVERIFY(dashboard_->start().isOk());
    }
    void open(const QString& theme) {
        start(theme);
        for (int second = kNow - 60; second < kNow; ++second)
            dashboard_->store().series().record(fleetAt(second));
        QTRY_COMPARE(dashboard_->store().fleet().nodes.size(), std::size_t{8});
        QTRY_COMPARE(dashboard_->decisions().rowCount(), 9);
        dashboard_->store().setFleet(dashboard_->pool().fleet());
    }
    static FleetView fleetAt(int second) {
        const AgentSnapshot snapshot = test::demoSnapshot(second);
        FleetSource source;
        source.snapshot = &snapshot;
        return mergeFleet({source});
    }
    void keep(const QString& name, QWidget* widget = nullptr) {
        // A change of text passes its new height up the layouts, a level at a time.
        for (int level = 0; level < 8; ++level)
            QCoreApplication::processEvents();
        const QPixmap picture = (widget ? widget : &dashboard_->window())->grab();
        QVERIFY(distinctColors(picture.toImage()) > 20);
        const QString dir = qEnvironmentVariable("LEVEE_SCREENSHOTS");
        if (!dir.isEmpty()) {
            QDir().mkpath(dir);
            picture.save(QDir(dir).filePath(name + ".png"));
        }
    }
    static qsizetype distinctColors(const QImage& image) {
        QSet<QRgb> colors;
        for (int y = 0; y < image.height(); y += 3)
            for (int x = 0; x < image.width(); x += 3)
                colors.insert(image.pixel(x, y));
        return colors.size();
    }
    std::optional<Translations> words_;
    RealTimeSource time_;
    std::unique_ptr<test::FakeAgentServer> server_;
    std::unique_ptr<Dashboard> dashboard_;
};

LEVEE_TEST(MainWindowTest)
#include "main_window_test.moc"
