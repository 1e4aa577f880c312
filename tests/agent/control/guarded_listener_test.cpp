// SPDX-License-Identifier: Apache-2.0
#include "agent/control/guarded_listener.h"

#include <QTest>

#include "rules/lang/rule_parser.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

ListenerConfig outbound() {
    ListenerConfig config;
    config.direction = Direction::Outbound;
    config.client = "checkout";
    config.service = "payment";
    config.targets = {"127.0.0.1:1"};
    return config;
}

}  // namespace

class GuardedListenerTest : public QObject {
    Q_OBJECT
    MonotonicTime now_{1h};

    /// 100 requests a second with this outcome.
    void feed(GuardedListener& listener, Outcome outcome, Duration time) {
        for (const MonotonicTime end = now_ + time; now_ < end;) {
            for (int i = 0; i < 10; ++i) {
                now_ += 10ms;
                RequestRecord record;
                record.outcome = outcome;
                record.durationMicros = 1000;
                listener.add(record, now_ - 1ms, now_);
            }
            listener.tick(100ms, now_);
        }
    }
    /// `lines` of the log a window, each for `weight` requests.
    void feedLines(GuardedListener& listener, int lines, std::uint32_t weight, Duration time) {
        for (const MonotonicTime end = now_ + time; now_ < end;) {
            now_ += 100ms;
            RequestRecord record;
            record.durationMicros = 1000;
            record.weight = record.goodWeight = weight;
            for (int i = 0; i < lines; ++i)
                listener.add(record, now_ - 1ms, now_);
            listener.tick(100ms, now_);
        }
    }
private slots:
    void aBusyListenerIsSampledAndCountsTheSame() {
        GuardedListener listener(outbound(), 1, now_);
        feedLines(listener, 499, 1, 5s);
        QCOMPARE(listener.desired().logEvery, 1U);
        feedLines(listener, 5000, 1, 8s);
        const std::uint32_t every = listener.desired().logEvery;
        QVERIFY2(every >= 14 && every <= 20, std::to_string(every).c_str());
        listener.takeCount();
        feedLines(listener, 250, 20, 5s);
        QCOMPARE(listener.desired().logEvery, every);
        QCOMPARE(listener.takeCount().requests, std::uint64_t{50 * 5000});
        // It opens, and nothing is left out from then on.
        feed(listener, Outcome::Failure, 300ms);
        QCOMPARE(listener.desired().admitShare, 0.0);
        QCOMPARE(listener.desired().logEvery, 1U);
    }
    void whatGoesByTheOrderOfCallsGetsThemAll() {
        const auto parsed = parseRules(
            "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: strict}\n"
            "spec: {match: {client: checkout, service: payment}, breaker: {windowCalls: 100}}\n",
            "r.yaml");
        QVERIFY(!hasErrors(parsed.diagnostics));
        GuardedListener byCalls(outbound(), 1, now_);
        byCalls.setRules({1, parsed.rules}, now_);
        ListenerConfig config = outbound();
        config.backend = "payment";
        GuardedListener attached(config, 1, now_);
        feedLines(byCalls, 5000, 1, 3s);
        feedLines(attached, 5000, 1, 3s);
        QCOMPARE(byCalls.desired().logEvery, 1U);
        QCOMPARE(attached.desired().logEvery, 1U);
    }
    void failuresCloseTheGate() {
        GuardedListener listener(outbound(), 1, now_);
        feed(listener, Outcome::Success, 5s);
        QCOMPARE(listener.desired().admitShare, 1.0);
        feed(listener, Outcome::Failure, 300ms);
        QCOMPARE(listener.desired().admitShare, 0.0);
        QCOMPARE(listener.state(nullptr, now_).breaker, BreakerState::Open);
        const auto events = listener.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events[0].subject, std::string("checkout->payment"));
        QCOMPARE(events[0].rule, std::string("default"));
        QVERIFY(events[0].text.starts_with("opened: "));
        QVERIFY(events[0].detail.starts_with("mode=enforce calls="));
        QCOMPARE(events[0].counterfactual,
                 std::string("would have stayed closed at consecutiveFailures >= 11"));
    }
    void overloadFurtherDownIsNoFailure() {
        GuardedListener listener(outbound(), 1, now_);
        feed(listener, Outcome::ShedRemote, 5s);
        QCOMPARE(listener.desired().admitShare, 1.0);
        QCOMPARE(listener.takeCount().shed, std::uint64_t{500});
    }
    void aRuleTakesEffectAndKeepsTheState() {
        GuardedListener listener(outbound(), 1, now_);
        feed(listener, Outcome::Failure, 300ms);
        QCOMPARE(listener.state(nullptr, now_).breaker, BreakerState::Open);
        const auto parsed = parseRules(
            "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: strict}\n"
            "spec: {match: {client: checkout, service: payment}, breaker: {openFor: 30s}}\n",
            "r.yaml");
        QVERIFY(!hasErrors(parsed.diagnostics));
        listener.setRules({7, parsed.rules}, now_);
        const GuardState state = listener.state(nullptr, now_);
        QCOMPARE(state.breaker, BreakerState::Open);
        QCOMPARE(state.rule, std::string("strict"));
        QCOMPARE(state.revision, std::int64_t{7});
    }
    void shadowDecidesAndChangesNothing() {
        GuardedListener listener(outbound(), 1, now_);
        const auto parsed = parseRules(
            "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: quiet}\n"
            "spec: {match: {client: checkout, service: payment}, mode: shadow}\n",
            "r.yaml");
        listener.setRules({1, parsed.rules}, now_);
        feed(listener, Outcome::Failure, 300ms);
        QCOMPARE(listener.desired().admitShare, 1.0);
        QCOMPARE(listener.state(nullptr, now_).breaker, BreakerState::Open);
        const auto events = listener.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QVERIFY(events[0].text.starts_with("in shadow: opened: "));
        QVERIFY(events[0].detail.starts_with("mode=shadow "));
    }
    void whatIsHeldIsEnforcedUntilItsTimeIsOver() {
        GuardedListener listener(outbound(), 1, now_);
        ActiveOverride held{{}, now_ + 1s};
        held.value.id = 3;
        held.value.kind = OverrideKind::ForceOpen;
        listener.setOverride(&held, now_);
        QCOMPARE(listener.desired().admitShare, 0.0);
        const GuardState state = listener.state(nullptr, now_);
        QCOMPARE(state.breaker, BreakerState::ForcedOpen);
        QCOMPARE(state.heldBy->id, std::int64_t{3});
        QCOMPARE(state.heldBy->remainingSeconds, 1.0);
        QCOMPARE(state.heldBy->rule, std::string("default"));
        held.value.id = 4;
        held.value.kind = OverrideKind::ForceClosed;
        listener.setOverride(&held, now_);
        QCOMPARE(listener.desired().admitShare, 1.0);
        // Nobody tells it that the time is over.
        now_ += 1s;
        listener.tick(100ms, now_);
        QVERIFY(!listener.state(nullptr, now_).heldBy);
        QCOMPARE(listener.state(nullptr, now_).breaker, BreakerState::Closed);
    }
    /// The override book tells of it, with who and why: one act, one event.
    void aHoldIsNewsAndNoEventOfTheGuard() {
        GuardedListener listener(outbound(), 1, now_);
        QVERIFY(!listener.takeHoldNews());
        ActiveOverride held{{}, now_ + 1s};
        held.value.id = 3;
        held.value.kind = OverrideKind::ForceOpen;
        listener.setOverride(&held, now_);
        QVERIFY(listener.takeHoldNews());
        listener.setOverride(&held, now_);
        QVERIFY(!listener.takeHoldNews());
        listener.setOverride(nullptr, now_);
        QVERIFY(listener.takeHoldNews());
        listener.setOverride(nullptr, now_);
        QVERIFY(!listener.takeHoldNews());
        held.until = now_ + 1s;
        listener.setOverride(&held, now_);
        now_ += 1s;
        QVERIFY(listener.takeHoldNews());
        listener.tick(100ms, now_);  // it ends by itself
        QVERIFY(listener.takeHoldNews());
        QVERIFY(listener.takeEvents().empty());
        // What the breaker does by itself afterwards is told.
        feed(listener, Outcome::Failure, 12s);
        QVERIFY(!listener.takeEvents().empty());

        ListenerConfig inbound = outbound();
        inbound.direction = Direction::Inbound;
        inbound.client.clear();
        GuardedListener limited(inbound, 1, now_);
        held.value.kind = OverrideKind::Limit;
        held.value.limit = 9;
        held.until = now_ + 1min;
        limited.setOverride(&held, now_);
        limited.setOverride(nullptr, now_);
        QVERIFY(limited.takeEvents().empty());
    }
    void lettingGoGivesTheGuardBackToTheRule() {
        ListenerConfig config = outbound();
        config.direction = Direction::Inbound;
        config.client.clear();
        GuardedListener listener(config, 1, now_);
        const auto parsed = parseRules(
            "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: none}\n"
            "spec: {match: {service: payment}, limiter: {kind: off}}\n",
            "r.yaml");
        QVERIFY(!hasErrors(parsed.diagnostics));
        listener.setRules({1, parsed.rules, {{"none", "r.yaml"}}}, now_);
        QCOMPARE(listener.desired().maxInFlight, 0U);
        ActiveOverride held{{}, now_ + 1min};
        held.value.kind = OverrideKind::Limit;
        held.value.limit = 9;
        listener.setOverride(&held, now_);
        QCOMPARE(listener.desired().maxInFlight, 9U);
        QCOMPARE(listener.state(nullptr, now_).limit, 9.0);
        QCOMPARE(listener.state(nullptr, now_).heldBy->ruleFile, std::string("r.yaml"));
        listener.setOverride(nullptr, now_);
        QCOMPARE(listener.desired().maxInFlight, 0U);
        QVERIFY(!listener.state(nullptr, now_).heldBy);
    }
    void aClassIsShedUntilItsTimeIsOver() {
        ListenerConfig config = outbound();
        config.direction = Direction::Inbound;
        config.client.clear();
        GuardedListener listener(config, 1, now_);
        const auto parsed = parseRules(
            "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: classes}\n"
            "spec: {match: {service: payment}, priority: {header: x, classes: \"gold, bulk\"}}\n",
            "r.yaml");
        listener.setRules({1, parsed.rules, {}}, now_);
        ActiveOverride held{{}, now_ + 1s};
        held.value.id = 3;
        held.value.kind = OverrideKind::Shed;
        held.value.className = "bulk";
        listener.setOverride(&held, now_);
        QCOMPARE(listener.desired().classes.at(0).share, 1.0);
        QCOMPARE(listener.desired().classes.at(1).share, 0.0);
        QCOMPARE(listener.state(nullptr, now_).classes.at(1).share, 0.0);
        // Another kind of hold takes its place whole.
        held.value.id = 4;
        held.value.kind = OverrideKind::Limit;
        held.value.limit = 9;
        listener.setOverride(&held, now_);
        QCOMPARE(listener.desired().classes.at(1).share, 1.0);
        held.value.id = 5;
        held.value.kind = OverrideKind::Shed;
        listener.setOverride(&held, now_);
        QCOMPARE(listener.desired().classes.at(1).share, 0.0);
        QVERIFY(listener.desired().maxInFlight != 9);
        // A rule without that class, and enforcement that is off.
        listener.setEnforcing(false, now_);
        QVERIFY(listener.desired().classes.empty());
        const Proof proof{"payment", Enforcement::Enforcing, "limit 5"};
        QVERIFY(listener.state(&proof, now_).enforcementDetail.starts_with("class bulk is to be"));
        listener.setEnforcing(true, now_);
        QCOMPARE(listener.desired().classes.at(1).share, 0.0);
        QCOMPARE(listener.state(&proof, now_).enforcementDetail, std::string("limit 5"));
        // Nobody tells it that the time is over.
        now_ += 1s;
        listener.tick(100ms, now_);
        QCOMPARE(listener.desired().classes.at(1).share, 1.0);
        QVERIFY(!listener.state(nullptr, now_).heldBy);
    }
    void theProofIsShown() {
        const GuardedListener listener(outbound(), 1, now_);
        const Proof proof{"checkout->payment", Enforcement::Refused, "no such map"};
        QCOMPARE(listener.state(&proof, now_).enforcement, Enforcement::Refused);
        QCOMPARE(listener.state(&proof, now_).enforcementDetail, std::string("no such map"));
        QCOMPARE(listener.state(nullptr, now_).enforcement, Enforcement::Unknown);
    }
};

LEVEE_TEST(GuardedListenerTest)
#include "guarded_listener_test.moc"
