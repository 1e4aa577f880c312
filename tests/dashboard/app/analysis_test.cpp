// SPDX-License-Identifier: GPL-3.0-or-later
// In the whole window against a real gRPC server: what differs in a part of the heatmap, and what
// stands beside an edit of the rules. LEVEE_SCREENSHOTS=DIR keeps the pictures.
#include <QApplication>
#include <QDir>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTableView>
#include <QTest>

#include "dashboard/app/dashboard.h"
#include "dashboard/app/translations.h"
#include "dashboard/views/heatmap_view.h"
#include "dashboard/views/service_details.h"
#include "dashboard/views/service_page.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/widgets/chart/latency_heatmap.h"
#include "dashboard/widgets/rule_edit.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr int kNow = test::kDemoFailsAt + 75;

const char* const kShadowRule = R"(apiVersion: levee/v1
kind: Guard
metadata: {name: ledger-calm}
spec:
  match: {client: payment, service: ledger}
  mode: shadow
  fallback: {status: 503, staleFor: 5m}
  agentLoss: {then: keep, after: 30s}
)";

}  // namespace

class AnalysisTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        words_.emplace(QLocale(QLocale::English));
        server_ = std::make_unique<test::FakeAgentServer>();
        server_->setRules(kShadowRule);
        server_->setChecker([](const std::string&) { return Diagnostics(); });
        server_->setLatencies(test::demoLatencies(kNow));
        AgentSnapshot snapshot = test::demoSnapshot(kNow);
        snapshot.agent.rulesRevision = 1;
        GuardState guard;
        guard.subject = "payment->ledger";
        guard.rule = "ledger-calm";
        guard.revision = 1;
        guard.mode = GuardMode::Shadow;
        guard.hasBreaker = true;
        guard.breaker = BreakerState::Open;
        guard.wouldHaveShed = 1'234;
        snapshot.guards.push_back(guard);
        server_->publish(snapshot);
    }
    void cleanup() {
        dashboard_.reset();
        server_.reset();
    }

    void aBoxOnTheHeatmapIsComparedWithTheRest_data() { themes(); }
    void aBoxOnTheHeatmapIsComparedWithTheRest() {
        open();
        dashboard_->selection().select(Selection::ofNode("payment"));
        QTest::keyClick(&dashboard_->window(), Qt::Key_H);
        QCOMPARE(dashboard_->views().page(), Page::Service);
        ServicePage& page = dashboard_->window().servicePage();
        LatencyHeatmap& map = page.heatmap().map();
        QTRY_VERIFY(map.hasFocus());
        QTest::keyClick(&map, Qt::Key_Left);
        QTRY_VERIFY((QTest::keyClick(&map, Qt::Key_Left), map.readOut().contains("request")));
        // By the mouse, over what is slow: from the middle to the right end, the upper half.
        const QRect area = map.rect().adjusted(62, 34, -8, -24);
        const QPoint from(area.left() + area.width() * 8 / 10, area.top() + 3);
        const QPoint to(area.right() - 3, area.center().y() - area.height() / 10);
        QTest::mousePress(&map, Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, QPointF(to), map.mapToGlobal(QPointF(to)), Qt::NoButton,
                         Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&map, &move);
        QTest::mouseRelease(&map, Qt::LeftButton, {}, to);
        QVERIFY(map.box());
        auto* table = named<QTableView>("What differs in the box");
        QVERIFY(table);
        QTRY_VERIFY(table->isVisible());
        QTRY_VERIFY(table->model()->rowCount() >= 3);
        QStringList found;
        for (int row = 0; row < table->model()->rowCount(); ++row)
            found << table->model()->index(row, 0).data().toString() + ' ' +
                         table->model()->index(row, 1).data().toString() + ' ' +
                         table->model()->index(row, 4).data().toString();
        const QString all = found.join('\n');
        QVERIFY2(all.contains("instance 10.0.0.12:8080 clear"), qPrintable(all));
        QVERIFY2(all.contains("status 503 clear"), qPrintable(all));
        QVERIFY2(all.contains(QRegularExpression("dependency ledger, its calls over .* clear")),
                 qPrintable(all));
        keep("service-differs");
        QTest::keyClick(&map, Qt::Key_Escape);
        QVERIFY(!map.box());
        QCOMPARE(dashboard_->views().page(), Page::Service);
        QTRY_COMPARE(table->model()->rowCount(), 0);
    }
    void anEditStandsBesideWhatIsInForceAndWhatItsRuleDidInShadow_data() { themes(); }
    void anEditStandsBesideWhatIsInForceAndWhatItsRuleDidInShadow() {
        open();
        dashboard_->views().showPage(Page::Rules);
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        auto* shadow = dashboard_->window().findChild<ThemedLabel*>("shadow");
        QTRY_VERIFY2(shadow->text().contains("ledger-calm") && shadow->text().contains("1.23k"),
                     qPrintable(shadow->text()));
        auto* diff = dashboard_->window().findChild<QPlainTextEdit*>("textDiff");
        auto* leaves = dashboard_->window().findChild<ThemedLabel*>("leavesShadow");
        QVERIFY(!diff->isVisible());
        QVERIFY(!leaves->isVisible());
        // At the rule itself, too.
        auto* editor = dashboard_->window().findChild<RuleEdit*>();
        QVERIFY(editor->isVisible());
        QString text = dashboard_->document().text();
        text.replace("mode: shadow", "mode: enforce");
        dashboard_->document().setText(text);
        editor->setText(text);
        QTRY_COMPARE(dashboard_->document().checkState(), RuleDocument::CheckState::Passed);
        QTRY_VERIFY(diff->isVisible());
        QVERIFY2(diff->toPlainText().contains("- gone    mode: shadow"),
                 qPrintable(diff->toPlainText()));
        QVERIFY(diff->toPlainText().contains("+ new     mode: enforce"));
        QVERIFY(leaves->isVisible());
        QVERIFY2(leaves->text().contains("Enforces ledger-calm") &&
                     leaves->text().contains("would have refused about 1.23k requests"),
                 qPrintable(leaves->text()));
        keep("rules-diff");
        text.replace("mode: enforce", "mode: off");
        dashboard_->document().setText(text);
        QTRY_VERIFY(!leaves->isVisible());
    }
    void aGuardSaysWhatItDoesWithoutItsServiceAndWithoutTheAgent() {
        open("dark");
        QTRY_COMPARE(dashboard_->document().state(), RuleDocument::State::Clean);
        dashboard_->selection().select(Selection::ofEdge("payment", "ledger"));
        dashboard_->views().showPage(Page::Service);
        const auto says = [this](const QString& words) {
            for (const ThemedLabel* label :
                 dashboard_->window().servicePage().findChildren<ThemedLabel*>())
                if (label->isVisible() && label->text().contains(words))
                    return true;
            return false;
        };
        QTRY_VERIFY(says("Open, it answers 503, or the last good answer up to 5 min old"));
        QVERIFY(says("Agent gone for 30 s: stays as it was"));
    }

private:
    static void themes() {
        QTest::addColumn<QString>("theme");
        const bool isKept = qEnvironmentVariableIsSet("LEVEE_SCREENSHOTS");
        for (const char* theme : {"dark", "light", "contrast"})
            if (isKept || QByteArray(theme) == "dark")
                QTest::newRow(theme) << QString(theme);
    }
    void open() {
        QFETCH(QString, theme);
        open(theme);
    }
    void open(const QString& theme) {
        theme_ = theme;
        Options options;
        options.connect = QStringList{QString::fromStdString(server_->address())};
        options.theme = theme == "light"      ? ThemeChoice::Light
                        : theme == "contrast" ? ThemeChoice::HighContrast
                                              : ThemeChoice::Dark;
        options.screenshot = "unused: no animations";
        options.size = QSize(1440, 900);
        dashboard_ = std::make_unique<Dashboard>(options, Settings::transient(), *qApp, time_);
        QVERIFY(dashboard_->start().isOk());
        QTRY_COMPARE(dashboard_->store().fleet().nodes.size(), std::size_t{8});
    }
    template <typename T>
    T* named(const QString& name) {
        for (T* each : dashboard_->window().findChildren<T*>())
            if (each->accessibleName() == name)
                return each;
        return nullptr;
    }
    void keep(const QString& name) {
        for (int level = 0; level < 8; ++level)
            QCoreApplication::processEvents();
        const QPixmap picture = dashboard_->window().grab();
        const QString dir = qEnvironmentVariable("LEVEE_SCREENSHOTS");
        if (dir.isEmpty())
            return;
        QDir().mkpath(dir);
        QVERIFY(picture.save(QDir(dir).filePath(theme_ + '-' + name + ".png")));
    }

    std::optional<Translations> words_;
    RealTimeSource time_;
    QString theme_;
    std::unique_ptr<test::FakeAgentServer> server_;
    std::unique_ptr<Dashboard> dashboard_;
};

LEVEE_TEST(AnalysisTest)
#include "analysis_test.moc"
