// SPDX-License-Identifier: Apache-2.0
#include "dashboard/views/connection_words.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class ConnectionWordsTest : public QObject {
    Q_OBJECT
private slots:
    void pausingShowsOverALivePicture() {
        QCOMPARE(freshnessOf(summary(LinkMode::Live), false), Freshness::Live);
        QCOMPARE(freshnessOf(summary(LinkMode::Live), true), Freshness::Paused);
        QCOMPARE(freshnessOf(summary(LinkMode::Reconnecting), true), Freshness::Reconnecting);
    }
    void withoutAPictureTheReasonAndTheNextStepAreShown() {
        LinkSummary failed = summary(LinkMode::Failed);
        failed.reason = "a:7400: connection refused";
        failed.retryInSeconds = 4;
        const CanvasMessage message = canvasMessage(failed, false);
        QCOMPARE(message.state, CanvasState::Error);
        QVERIFY(message.title.contains("connection refused"));
        QVERIFY(message.hint.contains("4.0 s"));
        // Where a certificate or a token is missing, another agent is no help.
        QVERIFY(!message.hint.contains("levee demo"));
        failed.isUnreachable = true;
        QVERIFY(canvasMessage(failed, false).hint.contains("levee demo"));
    }
    void anAgentWithoutTrafficIsEmptyAndNotAnError() {
        QCOMPARE(canvasMessage(summary(LinkMode::Live), false).state, CanvasState::Empty);
    }
    void afterHalfAMinuteThePictureIsVeiled() {
        LinkSummary stale = summary(LinkMode::Reconnecting);
        stale.ageSeconds = 30;
        QCOMPARE(canvasMessage(stale, true).state, CanvasState::Live);
        stale.ageSeconds = 30.5;
        QCOMPARE(canvasMessage(stale, true).state, CanvasState::Stale);
    }
    void severalAgentsAreCounted() {
        LinkSummary three = summary(LinkMode::Live);
        three.total = 3;
        three.live = 2;
        three.late = 1;
        const QString text = connectionText(three, std::vector<FleetAgent>(3));
        QVERIFY(text.contains("2 live") && text.contains("1 late") && !text.contains("lost"));
    }

private:
    static LinkSummary summary(LinkMode mode) {
        LinkSummary summary;
        summary.mode = mode;
        return summary;
    }
};

LEVEE_TEST(ConnectionWordsTest)
#include "connection_words_test.moc"
