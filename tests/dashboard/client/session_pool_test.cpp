// SPDX-License-Identifier: Apache-2.0
#include "dashboard/client/session_pool.h"

#include <QSignalSpy>
#include <QTest>

#include "dashboard/client/grpc_agent_session.h"
#include "tests/support/fake_agent_server.h"
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
        SessionPool pool;
        add(pool, one);
        add(pool, two);
        pool.connectAll();
        QTRY_COMPARE(pool.fleet()->nodes.size(), std::size_t{3});
        QTRY_COMPARE(pool.fleet()->guards.size(), std::size_t{4});
        QCOMPARE(pool.fleet()->nodes[0].node.traffic.requestRate, 200.0);
    }
    void anEventCarriesItsHost() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        SessionPool pool;
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
        SessionPool pool;
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
        SessionPool pool;
        add(pool, server);
        pool.connectAll();
        QTRY_COMPARE(pool.fleet()->nodes.size(), std::size_t{2});
        server.stop();
        QTRY_COMPARE(pool.fleet()->agents[0].state.phase, SessionPhase::Waiting);
        QCOMPARE(pool.fleet()->nodes.size(), std::size_t{2});
    }

private:
    void add(SessionPool& pool, const test::FakeAgentServer& server) {
        LinkOptions options;
        options.address = server.address();
        options.mostBackoff = 200ms;
        pool.add(std::make_unique<GrpcAgentSession>(options, time_));
    }
    RealTimeSource time_;
};

LEVEE_TEST(SessionPoolTest)
#include "session_pool_test.moc"
