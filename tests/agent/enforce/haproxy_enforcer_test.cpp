// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_enforcer.h"

#include <QTest>

#include "agent/runtime/file_replace.h"
#include "tests/agent/enforce/gateway_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;

namespace {

const DesiredState kDesired{{{"payment", 7, 3, 1}, {"checkout->payment", 0, 0, 0.25}}};

/// A HAProxy that no gateway looks after.
class LeftAlone : public GatewayFixture {
public:
    LeftAlone() : enforcer(socket(), GatewayPaths(config.directory)) {
        if (gateway->start(config, rules))
            (void)gateway->stop(true);
        enforcer.setConfig(config);
    }
    HaproxyEnforcer enforcer;
};

}  // namespace

class HaproxyEnforcerTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsProvenIsWhatHaproxySays() {
        LEVEE_NEED_HAPROXY();
        LeftAlone f;
        const auto proofs = f.enforcer.apply(kDesired);
        QCOMPARE(proofs.size(), std::size_t{2});
        QCOMPARE(proofs[0].subject, std::string("payment"));
        QCOMPARE(proofs[0].state, Enforcement::Enforcing);
        QVERIFY(proofs[0].detail.starts_with("limit 7, queue 3 (process "));
        QCOMPARE(proofs[1].state, Enforcement::Enforcing);
        QVERIFY(proofs[1].detail.starts_with("admits 250 of 1000 (process "));
        const auto state = f.enforcer.readBack();
        QVERIFY(state);
        QCOMPARE(state->listeners[0].maxInFlight, 7U);
        QCOMPARE(state->listeners[0].queueLimit, 3U);
        QCOMPARE(state->listeners[1].admitShare, 0.25);
    }
    void onlyDifferencesAreSent() {
        LEVEE_NEED_HAPROXY();
        LeftAlone f;
        f.enforcer.apply(kDesired);
        const std::uint64_t sent = f.enforcer.changesSent();
        QCOMPARE(sent, std::uint64_t{3});
        f.enforcer.apply(kDesired);
        QCOMPARE(f.enforcer.changesSent(), sent);
        DesiredState other = kDesired;
        other.listeners[0].queueLimit = 4;
        f.enforcer.apply(other);
        QCOMPARE(f.enforcer.changesSent(), sent + 1);
    }
    void theMapFilesCarryTheStateToTheNextStart() {
        LEVEE_NEED_HAPROXY();
        LeftAlone f;
        f.enforcer.apply(kDesired);
        const GatewayPaths paths(f.config.directory);
        const auto numbers = readFile(paths.numbersMap(), 1000);
        QVERIFY(numbers->find("admit/checkout->payment 250\n") != std::string::npos);
        QVERIFY(numbers->find("queue/payment 3\n") != std::string::npos);
    }
    void aReplacedProcessGetsEverythingAgain() {
        LEVEE_NEED_HAPROXY();
        LeftAlone f;
        f.enforcer.apply(kDesired);
        const GatewayPaths paths(f.config.directory);
        const auto text = readFile(paths.config(), 1 << 20);
        // As somebody who knows nothing of the state would reload it.
        QVERIFY(replaceFile(paths.numbersMap(), "admit/checkout->payment 1000\n"));
        const auto worker = HaproxyProcess(paths).launch(kHaproxy, *text);
        QVERIFY(worker);
        const auto proofs = f.enforcer.apply(kDesired);
        for (const Proof& proof : proofs) {
            QCOMPARE(proof.state, Enforcement::Enforcing);
            QVERIFY(proof.detail.find(std::to_string(worker->pid)) != std::string::npos);
        }
    }
    void aProcessThatWasReplacedIsNotBelieved() {
        LEVEE_NEED_HAPROXY();
        LeftAlone f;
        f.enforcer.apply(kDesired);
        // As at a reload, when the old process has not heard of its end yet.
        f.enforcer.disregard(f.enforcer.worker()->pid);
        for (const Proof& proof : f.enforcer.apply(kDesired)) {
            QCOMPARE(proof.state, Enforcement::Sent);
            QVERIFY(proof.detail.find("which was replaced, still answers") != std::string::npos);
        }
        QVERIFY(!f.enforcer.worker());
    }
    void aMapThatLostItsKeysIsFilledAgain() {
        LEVEE_NEED_HAPROXY();
        LeftAlone f;
        f.enforcer.apply(kDesired);
        const std::string map = GatewayPaths(f.config.directory).numbersMap();
        QVERIFY(f.socket().ask("clear map " + map));
        for (const Proof& proof : f.enforcer.apply(kDesired))
            QCOMPARE(proof.state, Enforcement::Enforcing);
    }
    void releaseLetsEverythingPass() {
        LEVEE_NEED_HAPROXY();
        LeftAlone f;
        f.enforcer.apply(kDesired);
        QVERIFY(f.enforcer.release());
        const auto state = f.enforcer.readBack();
        QCOMPARE(state->listeners[0].maxInFlight, 0U);
        QCOMPARE(state->listeners[1].admitShare, 1.0);
    }
    void withoutHaproxyNothingIsClaimed() {
        HaproxyEnforcer enforcer(RuntimeSocket("/tmp/levee-nobody.sock"), GatewayPaths("/nowhere"));
        GatewayFixture f;
        f.config.directory = f.scratch.path();
        enforcer.setConfig(f.config);
        for (const Proof& proof : enforcer.apply(kDesired)) {
            QCOMPARE(proof.state, Enforcement::Sent);
            QVERIFY(proof.detail.find("levee-nobody.sock") != std::string::npos);
        }
        QVERIFY(!enforcer.readBack());
        QVERIFY(!enforcer.release());
        QVERIFY(!enforcer.worker());
    }
};

LEVEE_TEST(HaproxyEnforcerTest)
#include "haproxy_enforcer_test.moc"
