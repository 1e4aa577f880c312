// SPDX-License-Identifier: Apache-2.0
#include "dashboard/client/session_pool.h"

#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <array>

#include "dashboard/client/grpc_agent_session.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class SessionPoolTest : public QObject {
    Q_OBJECT
private slots:
    void twoAgentsBecomeOnePicture() {
        test::FakeAgentServer one;
        test::FakeAgentServer two;
        one.publish(test::makeSnapshot());
        AgentSnapshot other = test::makeSnapshot();
        other.agent.host = "host-2";
        other.nodes.push_back(test::makeNode("zeta"));
        two.publish(other);
        SessionPool pool(time_);
        add(pool, one);
        add(pool, two);
        pool.connectAll();
        QTRY_COMPARE(pool.fleet()->nodes.size(), std::size_t{3});
        QTRY_COMPARE(pool.fleet()->guards.size(), std::size_t{4});
        QCOMPARE(pool.fleet()->nodes[0].node.traffic.requestRate, 200.0);
    }
    void manyAgentsAreMergedNoOftenerThanOne() {
        std::array<test::FakeAgentServer, 3> servers;
        test::ManualTimeSource time;
        SessionPool pool(time);
        for (std::size_t i = 0; i < servers.size(); ++i) {
            AgentSnapshot snapshot = test::makeSnapshot();
            snapshot.agent.host = "host-" + std::to_string(i);
            servers[i].publish(snapshot);
            pool.add(std::make_unique<GrpcAgentSession>(optionsFor(servers[i]), time));
        }
        QSignalSpy merged(&pool, &SessionPool::fleetChanged);
        pool.connectAll();
        for (std::size_t i = 0; i < servers.size(); ++i)
            QTRY_VERIFY(pool.at(i).isReady());
        QTRY_COMPARE(merged.size(), 1);
        time.advance(100ms);
        QTRY_COMPARE(merged.size(), 2);
        const auto& agents = pool.fleet()->agents;
        QVERIFY(std::all_of(agents.begin(), agents.end(),
                            [](const FleetAgent& agent) { return agent.hasSnapshot; }));
        QCOMPARE(pool.fleet()->guards.size(), std::size_t{2 * 3});
    }
    void whileOnlyTimePassesThePictureStaysTheSameAndGetsYounger() {
        test::FakeAgentServer server;
        AgentSnapshot snapshot = test::makeSnapshot();
        server.publish(snapshot);
        SessionPool pool(time_);
        add(pool, server);
        pool.connectAll();
        QTRY_COMPARE(pool.fleet()->nodes.size(), std::size_t{2});
        QTRY_COMPARE(server.watchers(), 1);
        // The first delta brings the advice, which is compared with the delta before.
        ++snapshot.sequence;
        snapshot.millis += 1'000;
        server.publish(snapshot);
        QTRY_COMPARE(pool.fleet()->millis, snapshot.millis);
        const std::uint64_t news = pool.fleet()->news;
        const auto known = [&] { return pool.fleet()->knownAt(pool.fleet()->nodes[0].heardAt); };
        const MonotonicTime heard = known();
        const auto* rows = &pool.fleet()->nodes[0];
        ++snapshot.sequence;
        snapshot.millis += 1'000;
        server.publish(snapshot);
        QTRY_COMPARE(pool.fleet()->millis, snapshot.millis);
        QCOMPARE(pool.fleet()->news, news);
        QVERIFY(known() > heard);
        QCOMPARE(&pool.fleet()->nodes[0], rows);  // nothing was copied
        snapshot.nodes[0].traffic.requestRate += 1;
        ++snapshot.sequence;
        server.publish(snapshot);
        QTRY_COMPARE(pool.fleet()->news, news + 1);
    }
    void anEventCarriesItsHost() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        SessionPool pool(time_);
        add(pool, server);
        std::string from;
        connect(&pool, &SessionPool::eventsReceived, this,
                [&](const std::string& host, const std::vector<Event>&) { from = host; });
        pool.connectAll();
        QTRY_COMPARE(server.watchers(), 1);
        QTRY_VERIFY(pool.at(0).isReady());
        server.emitEvent({});
        QTRY_COMPARE(from, std::string("host-1"));
    }
    void aReplayedEventCarriesItsHostToo() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        server.emitEvent({});
        SessionPool pool(time_);
        add(pool, server);
        std::string from;
        connect(&pool, &SessionPool::eventsReceived, this,
                [&](const std::string& host, const std::vector<Event>&) { from = host; });
        pool.connectAll();
        QTRY_COMPARE(from, std::string("host-1"));
    }
    void aLostAgentKeepsItsLastPictureAndSaysSo() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        SessionPool pool(time_);
        add(pool, server);
        pool.connectAll();
        QTRY_COMPARE(pool.fleet()->nodes.size(), std::size_t{2});
        server.stop();
        QTRY_COMPARE(pool.fleet()->agents[0].state.phase, SessionPhase::Waiting);
        QCOMPARE(pool.fleet()->nodes.size(), std::size_t{2});
    }

private:
    static LinkOptions optionsFor(const test::FakeAgentServer& server) {
        LinkOptions options;
        options.address = server.address();
        options.mostBackoff = 200ms;
        return options;
    }
    void add(SessionPool& pool, const test::FakeAgentServer& server) {
        pool.add(std::make_unique<GrpcAgentSession>(optionsFor(server), time_));
    }
    RealTimeSource time_;
};

LEVEE_TEST(SessionPoolTest)
#include "session_pool_test.moc"
