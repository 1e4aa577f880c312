// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/latency_feed.h"

#include <QSignalSpy>
#include <QTest>

#include "dashboard/client/grpc_agent_session.h"
#include "dashboard/client/session_pool.h"
#include "dashboard/model/latency_compare.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/test_registry.h"

using namespace levee;

class LatencyFeedTest : public QObject {
    Q_OBJECT
    RealTimeSource time_;

    static LatencyMap mapUntil(std::int64_t until) {
        LatencyMap map{.sliceMillis = 2'000, .keptFromMillis = 100'000, .untilMillis = until};
        LatencyStream stream{"payment", false, {}};
        for (std::int64_t at = 100'000; at < until; at += 2'000)
            stream.slices.push_back({at, {LatencyFacet{}}, {{20, 0, 3}}});
        map.streams.push_back(std::move(stream));
        return map;
    }
private slots:
    void itAsksWhileItIsWatchedAndForWhatIsNew() {
        test::FakeAgentServer server;
        server.publish({});
        server.setLatencies(mapUntil(104'000));
        SessionPool pool(time_);
        LinkOptions options;
        options.address = server.address();
        pool.add(std::make_unique<GrpcAgentSession>(options, time_));
        pool.connectAll();
        QTRY_VERIFY(pool.at(0).isReady());
        LatencyFeed feed(pool);
        feed.setSubject("payment");
        QVERIFY(feed.isAwaited());
        QVERIFY(feed.history().isEmpty());
        feed.setWatched(true);
        QTRY_COMPARE(feed.history().untilMillis(), std::int64_t{104'000});
        QVERIFY(!feed.isAwaited());
        server.setLatencies(mapUntil(106'000));
        QTRY_COMPARE(feed.history().untilMillis(), std::int64_t{106'000});
        const LatencyGrid grid = latencyGrid(feed.history(), "payment", 100'000, 106'000);
        for (std::size_t column = 0; column < grid.columns; ++column)
            QCOMPARE(grid.at(column, 20), 3U);
        // Another subject begins with nothing, and an answer about the first one is dropped.
        feed.setSubject("checkout");
        QVERIFY(feed.history().isEmpty());
        QTRY_VERIFY(!feed.history().isEmpty());
    }
    void withoutAnAgentItSaysSo() {
        SessionPool pool(time_);
        LatencyFeed feed(pool);
        const QSignalSpy changes(&feed, &LatencyFeed::changed);
        feed.setSubject("payment");
        feed.setWatched(true);
        QVERIFY(!feed.problem().isEmpty());
        QVERIFY(!feed.isAwaited());
        QVERIFY(changes.count() >= 2);
    }
};

LEVEE_TEST(LatencyFeedTest)
#include "latency_feed_test.moc"
