// SPDX-License-Identifier: GPL-3.0-or-later
// Every page in every state, theme and language. LEVEE_SCREENSHOTS=DIR keeps the pictures; without
// it, two themes and one language are painted, to see that nothing fails.
#include <QApplication>
#include <QDir>
#include <QTest>

#include "dashboard/app/dashboard.h"
#include "dashboard/app/translations.h"
#include "dashboard/views/service_details.h"
#include "dashboard/views/service_page.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {
constexpr int kNow = test::kDemoFailsAt + 75;
constexpr QSize kSize(1440, 900);
}  // namespace

class StatesTest : public QObject {
    Q_OBJECT
private slots:
    void everyPageInEveryState_data() {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("theme");
        QTest::addColumn<QString>("language");
        const bool isKept = qEnvironmentVariableIsSet("LEVEE_SCREENSHOTS");
        const QStringList languages = isKept ? QStringList{"en", "zh_CN"} : QStringList{"en"};
        const QStringList themes =
            isKept ? QStringList{"dark", "light", "contrast"} : QStringList{"dark", "light"};
        for (const QString& language : languages)
            for (const QString& theme : themes)
                for (const char* state : {"live", "empty", "loading", "stale", "partial", "error",
                                          "read-only", "paused", "time-travel"})
                    QTest::addRow("%s-%s-%s", qPrintable(language), qPrintable(theme), state)
                        << QString(state) << theme << language;
    }
    void everyPageInEveryState() {
        QFETCH(QString, state);
        QFETCH(QString, theme);
        QFETCH(QString, language);
        const Translations words{QLocale(language)};
        test::ManualTimeSource time;
        std::vector<std::unique_ptr<test::FakeAgentServer>> servers;
        const int count = state == "partial" ? 3 : 1;
        for (int i = 0; i < count; ++i)
            servers.push_back(serverFor(state, i));
        Options options;
        options.screenshot = "unused: no animations";
        options.size = kSize;
        options.theme = theme == "light"      ? ThemeChoice::Light
                        : theme == "contrast" ? ThemeChoice::HighContrast
                                              : ThemeChoice::Dark;
        options.readOnly = state == "read-only";
        options.context = state == "read-only" ? "shop-eu" : QString();
        options.isProduction = state == "read-only";
        for (const auto& server : servers)
            options.connect << QString::fromStdString(server->address());
        if (state == "error")
            servers.front()->stop();
        Dashboard dashboard(options, Settings::transient(), *qApp, time);
        QVERIFY(dashboard.start().isOk());
        reach(state, dashboard, time, servers);
        for (const Page page : kPages) {
            dashboard.views().showPage(page);
            keep(dashboard, QStringList{language, theme, state,
                                        QLatin1String(kPageNames[static_cast<std::size_t>(page)])}
                                .join('-'));
        }
    }

private:
    static std::unique_ptr<test::FakeAgentServer> serverFor(const QString& state, int index) {
        auto server = std::make_unique<test::FakeAgentServer>();
        server->setRules("# An earlier rule set.\n");
        server->setRules(test::demoRules());
        server->setChecker([](const std::string&) { return Diagnostics(); });
        AgentSnapshot snapshot = test::demoSnapshot(kNow);
        snapshot.agent.host = "shop-" + std::to_string(index + 1);
        if (state == "empty") {
            AgentSnapshot empty;
            empty.millis = snapshot.millis;
            empty.agent = snapshot.agent;
            snapshot = empty;
        } else {
            for (const Event& event : test::demoEvents(kNow))
                server->emitEvent(event);
            server->setLatencies(test::demoLatencies(kNow));
            server->setTraces({test::demoTrace(1, 2.4), test::demoTrace(2, 1.7)});
        }
        // Something is held by hand, so that it is looked at in every state.
        for (GuardState& guard : snapshot.guards) {
            if (guard.subject != "payment")
                continue;
            guard.heldBy.emplace();
            guard.heldBy->id = 1;
            guard.heldBy->subject = guard.subject;
            guard.heldBy->kind = OverrideKind::Limit;
            guard.heldBy->limit = 6;
            guard.heldBy->factor = 0.5;
            guard.heldBy->author = "ana@shop";
            guard.heldBy->reason = "INC-42: half of what it carries";
            guard.heldBy->expiresMillis = snapshot.millis + 720'000;
            guard.heldBy->remainingSeconds = 720;
            guard.heldBy->rule = guard.rule;
            guard.heldBy->ruleFile = "/etc/levee/rules.d/payment.yaml";
        }
        if (state == "loading")
            server->setHelloDelay(std::chrono::milliseconds(2'500));
        server->publish(snapshot);
        return server;
    }
    static void reach(const QString& state, Dashboard& dashboard, test::ManualTimeSource& time,
                      std::vector<std::unique_ptr<test::FakeAgentServer>>& servers) {
        if (state == "loading")
            return;
        if (state == "error") {
            QTRY_COMPARE(dashboard.connection().summary().mode, LinkMode::Failed);
            return;
        }
        QTRY_COMPARE(dashboard.connection().summary().total, static_cast<int>(servers.size()));
        QTRY_COMPARE(dashboard.connection().summary().live, static_cast<int>(servers.size()));
        if (state == "empty")
            return;
        QTRY_VERIFY((time.advance(50ms), !dashboard.pool().fleet()->nodes.empty()));
        for (int second = kNow - 300; second < kNow; ++second) {
            const AgentSnapshot snapshot = test::demoSnapshot(second);
            FleetSource source;
            source.snapshot = &snapshot;
            source.agent.heardAt = time.monotonic();
            dashboard.store().setFleet(std::make_shared<FleetView>(mergeFleet({source})));
        }
        QTRY_VERIFY(dashboard.decisions().rowCount() >= 9);
        dashboard.store().setFleet(dashboard.pool().fleet());
        dashboard.selection().select(Selection::ofNode("payment"));
        if (state != "live")
            dashboard.alerts().dismiss();
        if (state == "paused")
            dashboard.store().setPaused(true);
        if (state == "time-travel")
            QVERIFY(dashboard.store().travelTo(dashboard.store().newest().millis - 60'000));
        if (state == "stale") {
            time.advance(45s);
            QTRY_VERIFY(dashboard.connection().summary().ageSeconds > 40);
        }
        if (state == "partial") {
            QTRY_COMPARE(dashboard.store().guardsOf("payment").size(), servers.size());
            servers.back()->stop();
            QTRY_COMPARE(dashboard.connection().summary().late, 1);
        }
    }
    static void keep(Dashboard& dashboard, const QString& name) {
        // A change of text passes its new height up the layouts, a level at a time.
        for (int level = 0; level < 8; ++level)
            QCoreApplication::processEvents();
        const QPixmap picture = dashboard.window().grab();
        QVERIFY(!picture.isNull());
        const QString dir = qEnvironmentVariable("LEVEE_SCREENSHOTS");
        if (dir.isEmpty())
            return;
        QDir().mkpath(dir);
        QVERIFY(picture.save(QDir(dir).filePath(name + ".png")));
    }
};

LEVEE_TEST(StatesTest)
#include "states_test.moc"
