// SPDX-License-Identifier: Apache-2.0
// The whole window against a real gRPC server in this process that tells the demo's story. Every
// page is grabbed in both themes; LEVEE_SCREENSHOTS=DIR keeps the pictures.
#include "dashboard/app/main_window.h"

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSet>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "dashboard/app/dashboard.h"
#include "dashboard/app/translations.h"
#include "dashboard/views/banner.h"
#include "dashboard/views/rules_page.h"
#include "dashboard/views/topology_page.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/freshness_badge.h"
#include "dashboard/widgets/rule_edit.h"
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
    void initTestCase() { installTranslations(*qApp); }

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
        auto* reason = dashboard_->window().findChild<RulesPage*>()->findChild<QLineEdit*>();
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
        auto* reason = dashboard_->window().findChild<RulesPage*>()->findChild<QLineEdit*>();
        reason->setFocus();
        QTest::keyClicks(reason, "shed more");
        QTest::keyClick(reason, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(QString::fromStdString(server_->activeText()), edited);
        QTRY_VERIFY(reason->text().isEmpty());
    }
    void aConflictShowsABannerAndChangesNothing() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        dashboard_->views().showPage(Page::Rules);
        dashboard_->document().setText("mine");
        server_->setRules("theirs");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Conflict);
        QTRY_VERIFY(dashboard_->window().findChild<Banner*>()->isVisible());
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
        auto* reason = dashboard_->window().findChild<RulesPage*>()->findChild<QLineEdit*>();
        const QPushButton* apply = button("Apply");
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
        dashboard_->selection().clear();
        keep(theme + "-service-list");
        dashboard_->selection().select(Selection::ofNode("payment"));
        dashboard_->views().showPage(Page::Scaling);
        keep(theme + "-scaling");
        dashboard_->views().showPage(Page::Decisions);
        keep(theme + "-decisions");
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
        QTRY_VERIFY(dashboard_->window().findChild<Banner*>()->isVisible());
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
        options.theme = theme == "light" ? ThemeChoice::Light : ThemeChoice::Dark;
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
    RealTimeSource time_;
    std::unique_ptr<test::FakeAgentServer> server_;
    std::unique_ptr<Dashboard> dashboard_;
};

LEVEE_TEST(MainWindowTest)
#include "main_window_test.moc"
