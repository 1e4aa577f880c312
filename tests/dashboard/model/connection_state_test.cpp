// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/connection_state.h"

#include <QSignalSpy>
#include <QTest>
#include <optional>

#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class ConnectionStateTest : public QObject {
    Q_OBJECT
private slots:
    void threeIntervalsAreLiveAndOneMillisecondMoreIsLate() {
        QCOMPARE(classify(3s), DataAge::Live);
        QCOMPARE(classify(3s + 1ms), DataAge::Late);
        QCOMPARE(classify(30s), DataAge::Late);
        QCOMPARE(classify(30s + 1ms), DataAge::Lost);
    }
    void beforeTheFirstPictureItConnects() {
        const LinkSummary summary = summarize({agent(SessionPhase::Connecting)}, now());
        QCOMPARE(summary.mode, LinkMode::Connecting);
        QCOMPARE(summary.lost, 1);
    }
    void aFailedAttemptGivesTheReasonAndTheNextTry() {
        FleetAgent failed = agent(SessionPhase::Waiting);
        failed.state.reason = "connection refused";
        failed.state.retryAt = now() + 4s;
        const LinkSummary summary = summarize({failed}, now());
        QCOMPARE(summary.mode, LinkMode::Failed);
        QCOMPARE(summary.reason, std::string("a:7400: connection refused"));
        QCOMPARE(summary.retryInSeconds, 4.0);
    }
    void anAgentThatTalksIsLiveWithItsAge() {
        const LinkSummary summary = summarize({agent(SessionPhase::Live, 800ms)}, now());
        QCOMPARE(summary.mode, LinkMode::Live);
        QCOMPARE(summary.ageSeconds, 0.8);
        QCOMPARE(summary.live, 1);
    }
    void aConnectedAgentThatIsSilentIsStale() {
        const LinkSummary summary = summarize({agent(SessionPhase::Live, 5s)}, now());
        QCOMPARE(summary.mode, LinkMode::Stale);
        QCOMPARE(summary.late, 1);
    }
    void aLostConnectionKeepsThePictureButSaysSo() {
        FleetAgent lost = agent(SessionPhase::Waiting, 1s);
        lost.state.reason = "connection reset";
        const LinkSummary summary = summarize({lost}, now());
        QCOMPARE(summary.mode, LinkMode::Reconnecting);
        QCOMPARE(summary.late, 1);
    }
    void oneLateAgentOfThreeIsCountedAndThePictureStaysLive() {
        const LinkSummary summary =
            summarize({agent(SessionPhase::Live, 1s), agent(SessionPhase::Live, 6s),
                       agent(SessionPhase::Live, 1s)},
                      now());
        QCOMPARE(summary.mode, LinkMode::Live);
        QCOMPARE(summary.live, 2);
        QCOMPARE(summary.late, 1);
        QCOMPARE(summary.ageSeconds, 6.0);
    }
    void anAgentThatWasNeverHeardIsToldFromOneThatIsLost() {
        test::ManualTimeSource time;
        const ConnectionState connection(time);
        const FleetAgent silent = agent(SessionPhase::Connecting);
        QCOMPARE(connection.reachOf(silent), DataAge::Never);
    }
    void aRecordingThatIsOverHasEnded() {
        QCOMPARE(summarize({agent(SessionPhase::Stopped, 10s)}, now()).mode, LinkMode::Ended);
    }
    void agesMoveOnWithoutNewData() {
        test::ManualTimeSource time;
        ConnectionState connection(time);
        FleetAgent talking = agent(SessionPhase::Live);
        talking.hasSnapshot = true;
        talking.heardAt = time.monotonic();
        connection.setAgents({talking});
        QCOMPARE(connection.summary().mode, LinkMode::Live);
        QSignalSpy modes(&connection, &ConnectionState::modeChanged);
        time.advance(4s);
        QTRY_COMPARE(connection.summary().mode, LinkMode::Stale);
        QCOMPARE(modes.size(), 1);
    }

private:
    static MonotonicTime now() { return MonotonicTime(100s); }
    static FleetAgent agent(SessionPhase phase, std::optional<Duration> age = {}) {
        FleetAgent agent;
        agent.address = "a:7400";
        agent.state.phase = phase;
        agent.hasSnapshot = age.has_value();
        if (age)
            agent.heardAt = now() - *age;
        return agent;
    }
};

LEVEE_TEST(ConnectionStateTest)
#include "connection_state_test.moc"
