// SPDX-License-Identifier: Apache-2.0
#include "dashboard/app/screenshot.h"

#include <QApplication>
#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/demo_snapshot.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class ScreenshotTest : public QObject {
    Q_OBJECT
private slots:
    void itIsWrittenAfterTheFirstPicture() {
        test::FakeAgentServer server;
        server.publish(test::demoSnapshot(700));
        Options options = optionsFor(server);
        options.size = QSize(1000, 700);
        options.select = "payment";
        const RealTimeSource time;
        Dashboard dashboard(options, Settings::transient(), *qApp, time);
        QVERIFY(dashboard.start().isOk());
        Screenshot screenshot(dashboard, options, time);
        QSignalSpy finished(&screenshot, &Screenshot::finished);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toInt(), 0);
        QCOMPARE(QImage(options.screenshot).size(), QSize(1000, 700));
    }
    void anAgentThatNeverAnswersIsAFailure() {
        test::FakeAgentServer server;
        server.stop();
        const Options options = optionsFor(server);
        test::ManualTimeSource time;
        Dashboard dashboard(options, Settings::transient(), *qApp, time);
        QVERIFY(dashboard.start().isOk());
        Screenshot screenshot(dashboard, options, time);
        QSignalSpy finished(&screenshot, &Screenshot::finished);
        QTRY_COMPARE(dashboard.connection().summary().mode, LinkMode::Failed);
        QCOMPARE(finished.size(), 0);
        time.advance(16s);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toInt(), 1);
    }
    void aFileThatCannotBeWrittenIsAFailure() {
        test::FakeAgentServer server;
        server.publish(test::demoSnapshot(700));
        Options options = optionsFor(server);
        options.screenshot = "/nonexistent/folder/out.png";
        const RealTimeSource time;
        Dashboard dashboard(options, Settings::transient(), *qApp, time);
        QVERIFY(dashboard.start().isOk());
        Screenshot screenshot(dashboard, options, time);
        QSignalSpy finished(&screenshot, &Screenshot::finished);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toInt(), 1);
    }
    void aRecordingIsPlayedAndPictured() {
        Options options;
        options.replay = dir_.filePath("demo.session");
        options.screenshot = dir_.filePath("replay.png");
        options.after = 100ms;
        record(options.replay.toStdString());
        const RealTimeSource time;
        Dashboard dashboard(options, Settings::transient(), *qApp, time);
        QVERIFY(dashboard.start().isOk());
        Screenshot screenshot(dashboard, options, time);
        QSignalSpy finished(&screenshot, &Screenshot::finished);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toInt(), 0);
        QCOMPARE(dashboard.decisions().rowCount(), 9);
        if (const QString keep = qEnvironmentVariable("LEVEE_SCREENSHOTS"); !keep.isEmpty())
            QFile::copy(options.replay, keep + "/demo.session");
    }
    void aMissingRecordingIsSaidAtTheStart() {
        Options options;
        options.replay = dir_.filePath("missing.session");
        const RealTimeSource time;
        Dashboard dashboard(options, Settings::transient(), *qApp, time);
        const Status status = dashboard.start();
        QVERIFY(!status.isOk());
        QVERIFY(status.error().message.find("missing.session") != std::string::npos);
    }

private:
    Options optionsFor(const test::FakeAgentServer& server) const {
        Options options;
        options.connect = QStringList{QString::fromStdString(server.address())};
        options.screenshot = dir_.filePath("out.png");
        options.after = 200ms;
        return options;
    }
    static void record(const std::string& path) {
        auto file = SessionFileWriter::create(path, "127.0.0.1:7400");
        QVERIFY(file.isOk());
        AgentSnapshot last = test::demoSnapshot(690);
        LinkUpdate first;
        first.snapshot = last;
        first.events = test::demoEvents(690);
        QVERIFY((*file)->write(last.millis, first).isOk());
        for (int second = 691; second < 720; ++second) {
            AgentSnapshot next = test::demoSnapshot(second);
            LinkUpdate update;
            update.delta = difference(last, next);
            QVERIFY((*file)->write(next.millis, update).isOk());
            last = std::move(next);
        }
    }
    QTemporaryDir dir_;
};

LEVEE_TEST(ScreenshotTest)
#include "screenshot_test.moc"
