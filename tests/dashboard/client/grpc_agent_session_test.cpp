// SPDX-License-Identifier: Apache-2.0
#include "dashboard/client/grpc_agent_session.h"

#include <grpcpp/security/server_credentials.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <optional>

#include "shared/wire/version.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_certificates.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class GrpcAgentSessionTest : public QObject {
    Q_OBJECT
private slots:
    void theFirstThingIsASnapshot() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        GrpcAgentSession session(optionsFor(server), time_);
        QVERIFY(!session.snapshot());
        session.connectToAgent();
        QCOMPARE(session.state().phase, SessionPhase::Connecting);
        QTRY_VERIFY(session.isReady());
        QVERIFY(session.snapshot());
        QCOMPARE(session.snapshot()->agent.host, std::string("host-1"));
        QCOMPARE(session.snapshot()->nodes.size(), std::size_t{2});
        QCOMPARE(session.state().reason, std::string());
    }
    void deltasBringTheSnapshotUpToDate() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_COMPARE(server.watchers(), 1);
        AgentSnapshot next = test::makeSnapshot();
        next.nodes.erase(next.nodes.begin());
        next.edges[0].traffic.requestRate = 77;
        QSignalSpy deltas(&session, &AgentSession::deltaReceived);
        server.publish(next);
        QTRY_COMPARE(deltas.size(), 1);
        QCOMPARE(session.snapshot()->nodes.size(), std::size_t{1});
        QCOMPARE(session.snapshot()->edges[0].traffic.requestRate, 77.0);
    }
    void deltasWithinOneIntervalAreAnnouncedTogether() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        test::ManualTimeSource time;
        GrpcAgentSession session(optionsFor(server), time);
        QSignalSpy deltas(&session, &AgentSession::deltaReceived);
        QSignalSpy announced(&session, &AgentSession::snapshotChanged);
        session.connectToAgent();
        QTRY_COMPARE(announced.size(), 1);  // the first picture
        QTRY_COMPARE(server.watchers(), 1);
        AgentSnapshot next = test::makeSnapshot();
        for (int i = 1; i <= 30; ++i) {
            next.nodes[0].traffic.requestRate += 1;
            server.publish(next);
            QTRY_COMPARE(deltas.size(), i);
        }
        QCOMPARE(announced.size(), 1);
        time.advance(100ms);
        QTRY_COMPARE(announced.size(), 2);
        QCOMPARE(session.snapshot()->nodes[0].traffic.requestRate,
                 next.nodes[0].traffic.requestRate);
    }
    void anEventComesWithoutWaitingForTheState() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        GrpcAgentSession session(optionsFor(server), time_);
        std::vector<Event> received;
        connect(&session, &AgentSession::eventsReceived, this,
                [&](const std::vector<Event>& events) {
                    received.insert(received.end(), events.begin(), events.end());
                });
        session.connectToAgent();
        QTRY_COMPARE(server.watchers(), 1);
        QSignalSpy announced(&session, &AgentSession::snapshotChanged);
        server.emitEvent(makeEvent("breaker opened"));
        QTRY_COMPARE(received.size(), std::size_t{1});
        QCOMPARE(received[0].text, std::string("breaker opened"));
        QCOMPARE(announced.size(), 0);
    }
    void itComesBackAfterTheAgentRestarts() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        server.emitEvent(makeEvent("first"));
        GrpcAgentSession session(optionsFor(server), time_);
        std::vector<Event> received;
        connect(&session, &AgentSession::eventsReceived, this,
                [&](const std::vector<Event>& events) {
                    received.insert(received.end(), events.begin(), events.end());
                });
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
        server.stop();
        QTRY_COMPARE(session.state().phase, SessionPhase::Waiting);
        QVERIFY(!session.state().reason.empty());
        QTRY_VERIFY(session.state().isUnreachable);
        QVERIFY2(session.snapshot(), "the last known picture is kept");
        QTRY_VERIFY(session.state().attempts >= 2);
        server.start();
        QTRY_VERIFY_WITH_TIMEOUT(session.isReady(), 10'000);
        QCOMPARE(session.state().attempts, 0);
        QCOMPARE(server.lastEventsAfter(), std::int64_t{1});
        QCOMPARE(received.size(), std::size_t{1});
    }
    void anAgentWithALostHistoryIsAskedForAllEvents() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        server.emitEvent(makeEvent("first"));
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
        server.stop();
        AgentSnapshot restarted = test::makeSnapshot();
        restarted.agent.startedMillis += 1'000;
        server.publish(restarted);
        QTRY_COMPARE(session.state().phase, SessionPhase::Waiting);
        server.start();
        QTRY_VERIFY_WITH_TIMEOUT(session.isReady(), 10'000);
        QCOMPARE(server.lastEventsAfter(), std::int64_t{0});
    }
    void itWaitsForAnAgentThatStartsLate() {
        test::FakeAgentServer server;
        server.stop();
        server.publish(test::makeSnapshot());
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_COMPARE(session.state().phase, SessionPhase::Waiting);
        server.start();
        QTRY_VERIFY_WITH_TIMEOUT(session.isReady(), 10'000);
    }
    void anAgentThatDoesNotAnswerIsGivenUpForThisTime() {
        test::FakeAgentServer server;
        server.setHelloDelay(30s);
        LinkOptions options = optionsFor(server);
        options.connectTimeout = 50ms;
        GrpcAgentSession session(options, time_);
        session.connectToAgent();
        QTRY_COMPARE(session.state().phase, SessionPhase::Waiting);
        QVERIFY(session.state().reason.find("in time") != std::string::npos);
    }
    void anIncompatibleAgentIsRefusedWithBothVersions() {
        test::FakeAgentServer server;
        server.setProtocol(wire::kProtocol + 4, wire::kProtocol + 5);
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_COMPARE(session.state().phase, SessionPhase::Incompatible);
        QVERIFY(session.state().reason.find("protocol 5 to 6") != std::string::npos);
        QCOMPARE(server.watchers(), 0);
    }
    void aNewerAgentThatStillSpeaksOurProtocolIsFine() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        server.setProtocol(wire::kProtocol, wire::kProtocol + 3);
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
    }
    void rulesAreCheckedAppliedAndListed() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        server.setRules("one");
        server.setChecker([](const std::string& text) {
            return text == "bad" ? Diagnostics{{Severity::Error, "c", "m", {"f", 2, 3, 4}}}
                                 : Diagnostics{};
        });
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());

        std::optional<RuleCheckResult> checked;
        session.checkRules({"bad", "f", RuleEditKind::Replace}, this,
                           [&](Result<RuleCheckResult> result) { checked = result.value(); });
        QTRY_VERIFY(checked);
        QCOMPARE(checked->diagnostics.size(), std::size_t{1});
        QCOMPARE(checked->diagnostics[0].place.line, 2);
        QCOMPARE(checked->activeRevision, std::int64_t{1});

        std::optional<RuleApplyResult> applied;
        session.applyRules({"two", "f", RuleEditKind::Replace, 1, "ana", "because"}, this,
                           [&](Result<RuleApplyResult> result) { applied = result.value(); });
        QTRY_VERIFY(applied);
        QVERIFY(applied->applied);
        QCOMPARE(server.activeText(), std::string("two"));

        applied.reset();
        session.applyRules({"three", "f", RuleEditKind::Replace, 1, "ana", "late"}, this,
                           [&](Result<RuleApplyResult> result) { applied = result.value(); });
        QTRY_VERIFY(applied);
        QVERIFY(applied->conflict && !applied->applied);
        QCOMPARE(server.activeText(), std::string("two"));

        std::optional<std::vector<RuleRevision>> revisions;
        session.listRevisions({50, true, 0}, this, [&](Result<std::vector<RuleRevision>> result) {
            revisions = result.value();
        });
        QTRY_VERIFY(revisions);
        QCOMPARE(revisions->size(), std::size_t{2});
        QCOMPARE(revisions->at(0).reason, std::string("because"));
        QVERIFY(revisions->at(0).active);
    }
    void anErrorOfTheAgentKeepsItsKind() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
        std::optional<Error> error;
        session.rollbackRules({99, 0, "ana", "why"}, this,
                              [&](Result<RuleApplyResult> result) { error = result.error(); });
        QTRY_VERIFY(error);
        QCOMPARE(error->kind, ErrorKind::NotFound);
    }
    void aCommandWithoutAConnectionIsAnsweredAtOnce() {
        test::FakeAgentServer server;
        server.stop();
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        std::optional<Error> error;
        session.series({"payment", 0, 0}, this,
                       [&](Result<std::vector<SeriesPoint>> result) { error = result.error(); });
        QTRY_VERIFY(error);
        QCOMPARE(error->kind, ErrorKind::Unavailable);
    }
    void aReplyToAWindowThatIsGoneIsDropped() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
        bool wasCalled = false;
        auto window = std::make_unique<QObject>();
        session.checkRules({"x", "f", RuleEditKind::Replace}, window.get(),
                           [&](Result<RuleCheckResult>) { wasCalled = true; });
        window.reset();
        std::optional<bool> after;
        session.checkRules({"y", "f", RuleEditKind::Replace}, this,
                           [&](Result<RuleCheckResult> result) { after = result.isOk(); });
        QTRY_VERIFY(after);
        QVERIFY(!wasCalled);
    }
    void destructionDoesNotWaitForASilentAgent() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        {
            GrpcAgentSession session(optionsFor(server), time_);
            session.connectToAgent();
            QTRY_VERIFY(session.isReady());
        }
        QTRY_COMPARE(server.watchers(), 0);
    }
    void itCanBeDisconnectedAndConnectedAgain() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
        session.disconnectFromAgent();
        QCOMPARE(session.state().phase, SessionPhase::Stopped);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
    }
    void whoeverMayOnlyReadLearnsIt() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        server.setReadOnly(true);
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
        QVERIFY(session.state().isReadOnly);
    }
    void whileNobodyLooksStateIsAskedForRarely() {
        test::FakeAgentServer server;
        server.publish(test::makeSnapshot());
        GrpcAgentSession session(optionsFor(server), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
        QTRY_COMPARE(server.watchers(), 1);
        QCOMPARE(server.stateMillis(), 0);
        QSignalSpy states(&session, &AgentSession::stateChanged);
        QSignalSpy snapshots(&session, &AgentSession::snapshotReceived);
        session.setSeen(false);
        QTRY_COMPARE(server.stateMillis(), 10'000);
        QTRY_COMPARE(snapshots.size(), 1);
        QSignalSpy events(&session, &AgentSession::eventsReceived);
        server.emitEvent(makeEvent("the breaker opens"));
        QTRY_COMPARE(events.size(), 1);
        session.setSeen(true);
        QTRY_COMPARE(server.stateMillis(), 0);
        QTRY_COMPARE(snapshots.size(), 2);
        QVERIFY(session.isReady());
        QCOMPARE(states.size(), 0);  // it was connected all the time
    }
    void mutualTlsLetsTheRightOneIn() {
        Tls tls;
        GrpcAgentSession session(tls.options(), time_);
        session.connectToAgent();
        QTRY_VERIFY(session.isReady());
    }
    void whatIsWrongWithTheAccessIsSaid_data() {
        QTest::addColumn<QString>("which");
        QTest::addColumn<QString>("why");
        QTest::newRow("none") << "none"
                              << "the agent asks for a client certificate";
        QTest::newRow("another authority") << "stranger"
                                           << "does not accept the client certificate";
        QTest::newRow("plain") << "plain"
                               << "the agent speaks TLS";
        QTest::newRow("doubter") << "doubter"
                                 << "is not of the authorities in";
        QTest::newRow("no file") << "no file"
                                 << "cannot read /nowhere/ca.pem";
        QTest::newRow("keychain") << "keychain"
                                  << "no keychain answers";
    }
    void whatIsWrongWithTheAccessIsSaid() {
        QFETCH(QString, which);
        QFETCH(QString, why);
        Tls tls;
        LinkOptions options = tls.options();
        if (which == "none")
            options.access.certFile = options.access.keyFile = "";
        else if (which == "stranger")
            tls.show(tls.strangers.issue("eve"), options);
        else if (which == "plain")
            options.access = {};
        else if (which == "doubter")
            options.access.caFile = tls.strangers.file();
        else if (which == "no file")
            options.access.caFile = "/nowhere/ca.pem";
        else
            options.access.problem = "no keychain answers";
        GrpcAgentSession session(options, time_);
        session.connectToAgent();
        QTRY_VERIFY_WITH_TIMEOUT(session.state().phase == SessionPhase::Waiting, 20'000);
        const std::string reason = session.state().reason;
        QVERIFY2(QString::fromStdString(reason).contains(why), reason.c_str());
        QVERIFY2(!session.state().isUnreachable, "an agent is there");
        QVERIFY(!session.isReady());
    }

private:
    /// An agent that asks for certificates, and who has one.
    struct Tls {
        QTemporaryDir folder;
        test::TestAuthority agents{folder.path().toStdString(), "agents-ca"};
        test::TestAuthority clients{folder.path().toStdString(), "clients-ca"};
        test::TestAuthority strangers{folder.path().toStdString(), "strangers-ca"};
        test::CertificateFiles own = agents.issue("agent");
        test::FakeAgentServer server{credentials()};

        Tls() { server.publish(test::makeSnapshot()); }
        static std::string textOf(const std::string& path) {
            QFile file(QString::fromStdString(path));
            return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
        }
        std::shared_ptr<grpc::ServerCredentials> credentials() const {
            grpc::SslServerCredentialsOptions options(
                GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
            options.pem_root_certs = textOf(clients.file());
            options.pem_key_cert_pairs = {{textOf(own.key), textOf(own.certificate)}};
            return grpc::SslServerCredentials(options);
        }
        static void show(const test::CertificateFiles& files, LinkOptions& options) {
            options.access.certFile = files.certificate;
            options.access.keyFile = files.key;
        }
        LinkOptions options() {
            LinkOptions options = optionsFor(server);
            options.access.caFile = agents.file();
            show(clients.issue("ana"), options);
            return options;
        }
    };
    static LinkOptions optionsFor(const test::FakeAgentServer& server) {
        LinkOptions options;
        options.address = server.address();
        options.mostBackoff = 200ms;
        options.leastBackoff = 20ms;
        return options;
    }
    static Event makeEvent(const std::string& text) {
        Event event;
        event.kind = EventKind::Breaker;
        event.severity = EventSeverity::Critical;
        event.subject = "checkout->payment";
        event.text = text;
        return event;
    }
    RealTimeSource time_;
};

LEVEE_TEST(GrpcAgentSessionTest)
#include "grpc_agent_session_test.moc"
