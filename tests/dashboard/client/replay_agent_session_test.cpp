// SPDX-License-Identifier: Apache-2.0
#include "dashboard/client/replay_agent_session.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <optional>

#include "dashboard/client/session_recorder.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;

class ReplayAgentSessionTest : public QObject {
    Q_OBJECT
private slots:
    void aRecordingPlaysBackWhatWasReceived() {
        writeSample();
        ReplayAgentSession session(path(), time_, 1000);
        std::vector<Event> events;
        connect(&session, &AgentSession::eventsReceived, this,
                [&](const std::vector<Event>& batch) {
                    events.insert(events.end(), batch.begin(), batch.end());
                });
        session.connectToAgent();
        QTRY_COMPARE(session.state().phase, SessionPhase::Stopped);
        QCOMPARE(session.state().reason, std::string("the recording has ended"));
        QCOMPARE(session.snapshot()->nodes.size(), std::size_t{1});
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events[0].text, std::string("breaker opened"));
    }
    void aRecorderWritesWhatASessionReceives() {
        writeSample();
        const std::string copy = dir_.filePath("copy.session").toStdString();
        {
            ReplayAgentSession session(path(), time_, 1000);
            auto file = SessionFileWriter::create(copy, session.address());
            QVERIFY(file.isOk());
            SessionRecorder recorder(session, std::move(file).value(), time_);
            session.connectToAgent();
            QTRY_COMPARE(session.state().phase, SessionPhase::Stopped);
        }
        ReplayAgentSession again(copy, time_, 1000);
        again.connectToAgent();
        QTRY_COMPARE(again.state().phase, SessionPhase::Stopped);
        QCOMPARE(again.snapshot()->nodes.size(), std::size_t{1});
    }
    void aFileThatIsNoRecordingIsRefusedWithItsName() {
        QFile file(dir_.filePath("other"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("something else\n");
        file.close();
        ReplayAgentSession session(file.fileName().toStdString(), time_);
        session.connectToAgent();
        QCOMPARE(session.state().phase, SessionPhase::Stopped);
        QVERIFY(session.state().reason.find("not a recorded session") != std::string::npos);
    }
    void aRecordingThatWasCutOffPlaysUpToThere() {
        writeSample();
        QFile file(QString::fromStdString(path()));
        QVERIFY(file.resize(file.size() - 3));
        ReplayAgentSession session(path(), time_, 1000);
        session.connectToAgent();
        QTRY_COMPARE(session.state().phase, SessionPhase::Stopped);
        QVERIFY(session.state().reason.find("damaged") != std::string::npos);
        QVERIFY(session.snapshot());
    }
    void listsInDisorderArePutRightBeforeDeltasAreMerged() {
        auto writer = SessionFileWriter::create(path(), "a");
        QVERIFY(writer.isOk());
        const AgentSnapshot before = test::makeSnapshot();
        AgentSnapshot reversed = before;
        std::ranges::reverse(reversed.guards);
        std::ranges::reverse(reversed.nodes);
        AgentSnapshot after = before;
        after.guards[0].trips = 99;
        QVERIFY((*writer)->write(1'000, {reversed, {}, {}}).isOk());
        QVERIFY((*writer)->write(1'001, {{}, difference(before, after), {}}).isOk());
        ReplayAgentSession session(path(), time_, 1000);
        session.connectToAgent();
        QTRY_COMPARE(session.state().phase, SessionPhase::Stopped);
        QCOMPARE(session.snapshot()->guards.size(), before.guards.size());
        QCOMPARE(session.snapshot()->guards[0].trips, 99);
    }
    void aFrameLargerThanTheLimitIsNotRead() {
        auto writer = SessionFileWriter::create(path(), "a");
        QVERIFY(writer.isOk());
        QFile file(QString::fromStdString(path()));
        QVERIFY(file.open(QIODevice::Append));
        QByteArray head(12, '\0');
        head[11] = '\x7f';
        file.write(head);
        file.close();
        auto reader = SessionFileReader::open(path());
        QVERIFY(reader.isOk());
        SessionFrame frame;
        QVERIFY(!(*reader)->next(frame));
        QVERIFY(!(*reader)->problem().empty());
    }
    void aRecordingCannotBeChanged() {
        writeSample();
        ReplayAgentSession session(path(), time_);
        std::optional<Error> error;
        session.applyRules({}, this,
                           [&](Result<RuleApplyResult> result) { error = result.error(); });
        QTRY_VERIFY(error);
        QCOMPARE(error->kind, ErrorKind::Unavailable);
    }

private:
    std::string path() const { return dir_.filePath("a.session").toStdString(); }
    void writeSample() const {
        auto writer = SessionFileWriter::create(path(), "127.0.0.1:7400");
        QVERIFY(writer.isOk());
        const AgentSnapshot before = test::makeSnapshot();
        AgentSnapshot after = before;
        after.nodes.pop_back();
        Event event;
        event.text = "breaker opened";
        QVERIFY((*writer)->write(1'000, {before, {}, {}}).isOk());
        QVERIFY((*writer)->write(2'000, {{}, difference(before, after), {}}).isOk());
        QVERIFY((*writer)->write(2'100, {{}, {}, {event}}).isOk());
    }
    QTemporaryDir dir_;
    RealTimeSource time_;
};

LEVEE_TEST(ReplayAgentSessionTest)
#include "replay_agent_session_test.moc"
