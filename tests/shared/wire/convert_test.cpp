// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <cmath>

#include "shared/model/snapshot_delta.h"
#include "shared/wire/convert_agent.h"
#include "shared/wire/convert_automation.h"
#include "shared/wire/convert_guard.h"
#include "shared/wire/convert_history.h"
#include "shared/wire/convert_host.h"
#include "shared/wire/convert_rules.h"
#include "shared/wire/convert_signals.h"
#include "shared/wire/version.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;

class ConvertTest : public QObject {
    Q_OBJECT
private slots:
    void aSnapshotComesBackAsItWas() {
        const AgentSnapshot sent = test::makeSnapshot();
        v1::Snapshot message;
        wire::toWire(sent, message);
        v1::Snapshot parsed;
        QVERIFY(parsed.ParseFromString(message.SerializeAsString()));
        const AgentSnapshot received = wire::fromWire(parsed);
        QCOMPARE(received.sequence, sent.sequence);
        QCOMPARE(received.agent.host, sent.agent.host);
        QCOMPARE(received.agent.rulesRevision, sent.agent.rulesRevision);
        QCOMPARE(received.host.millis, sent.host.millis);
        QCOMPARE(received.advice.at(0).reason, sent.advice.at(0).reason);
        QCOMPARE(received.advice.at(0).confidence, sent.advice.at(0).confidence);
        const SnapshotDelta delta = difference(sent, received);
        QVERIFY(delta.nodes.empty() && delta.edges.empty() && delta.guards.empty());
        QVERIFY(delta.targets.empty() && delta.removedNodes.empty());
    }
    void theHostComesBackAsItWas() {
        v1::HostState first;
        wire::toWire(test::makeHost(), first);
        v1::HostState second;
        wire::toWire(wire::fromWire(first), second);
        QCOMPARE(second.SerializeAsString(), first.SerializeAsString());
        // Every field is set: none was forgotten on the way.
        const auto* type = v1::HostState::descriptor();
        for (int i = 0; i < type->field_count(); ++i) {
            const auto* field = type->field(i);
            const auto* reflection = first.GetReflection();
            QVERIFY2(field->is_repeated() ? reflection->FieldSize(first, field) > 0
                                          : reflection->HasField(first, field),
                     field->name().c_str());
        }
        const HostState host = wire::fromWire(first);
        QCOMPARE(host.processes.at(0).cgroup, std::string("/system.slice/payment.service"));
        QCOMPARE(host.processes[0].cpuPressure, 0.05);
        QCOMPARE(host.cpu.used(), test::makeHost().cpu.used());
        QVERIFY(std::isnan(host.cpuPressure.full));
    }
    void anAgentWithoutHostOrSocketsSaysNothingOfThem() {
        AgentSnapshot sent = test::makeSnapshot();
        sent.host = {};
        sent.nodes[0].usage = {};
        sent.edges[0].sockets = {};
        v1::Snapshot message;
        wire::toWire(sent, message);
        QVERIFY(!message.has_host());
        QVERIFY(!message.nodes(0).has_usage() && !message.edges(0).has_sockets());
        const AgentSnapshot received = wire::fromWire(message);
        QCOMPARE(received.host.millis, std::int64_t{0});
        QVERIFY(std::isnan(received.host.load1));
        QVERIFY(isSame(received.nodes[0], sent.nodes[0]) &&
                isSame(received.edges[0], sent.edges[0]));
    }
    void aDeltaComesBackAsItWas() {
        AgentSnapshot before = test::makeSnapshot();
        AgentSnapshot after = before;
        after.nodes.erase(after.nodes.begin());
        after.edges[0].traffic.requestRate = 77;
        after.edges[0].sockets.connections = 9;
        after.host.cores = 16;
        v1::SnapshotDelta message;
        wire::toWire(difference(before, after), message);
        apply(wire::fromWire(message), before);
        QCOMPARE(before.nodes.size(), std::size_t{1});
        QCOMPARE(before.edges[0].traffic.requestRate, 77.0);
        QCOMPARE(before.edges[0].sockets.connections, 9);
        QCOMPARE(before.host.cores, 16);
    }
    void everyEnumeratorSurvives() {
        for (int i = 0; i <= static_cast<int>(BreakerState::ForcedClosed); ++i) {
            GuardState guard;
            guard.breaker = static_cast<BreakerState>(i);
            v1::GuardState message;
            wire::toWire(guard, message);
            QCOMPARE(wire::fromWire(message).breaker, guard.breaker);
        }
        for (int i = 0; i <= static_cast<int>(EventKind::Automation); ++i) {
            Event event;
            event.kind = static_cast<EventKind>(i);
            v1::Event message;
            wire::toWire(event, message);
            QCOMPARE(wire::fromWire(message).kind, event.kind);
        }
        for (int i = 0; i <= static_cast<int>(InstanceStatus::Ramp); ++i) {
            GuardState guard;
            guard.instances.resize(1);
            guard.instances[0].status = static_cast<InstanceStatus>(i);
            v1::GuardState message;
            wire::toWire(guard, message);
            QCOMPARE(wire::fromWire(message).instances.at(0).status, guard.instances[0].status);
        }
    }
    void whatIsHeldComesBackAsItWas() {
        for (int i = 0; i <= static_cast<int>(OverrideKind::Shed); ++i) {
            Override sent;
            sent.kind = static_cast<OverrideKind>(i);
            sent.author = "automation:full";
            sent.className = "batch";
            v1::Override message;
            wire::toWire(sent, message);
            QVERIFY(isSame(wire::fromWire(message), sent));
        }
    }
    void anAutomationComesBackAsItWas() {
        for (int i = 0; i <= static_cast<int>(ConditionState::Failed); ++i) {
            AutomationState sent;
            sent.name = "full";
            sent.mode = GuardMode::Shadow;
            sent.phase = static_cast<AutomationPhase>(std::min(i, 3));
            sent.condition = static_cast<ConditionState>(i);
            sent.when = "lag > 5";
            sent.value = 7;
            sent.labels = "{a=\"b\"}";
            sent.detail = "no data";
            sent.firings = 3;
            sent.effects = {{"limit payment", true, "limit 20"}, {"notify http://h", false, "why"}};
            v1::AutomationState message;
            wire::toWire(sent, message);
            const AutomationState received = wire::fromWire(message);
            QCOMPARE(received.name, sent.name);
            QCOMPARE(received.mode, sent.mode);
            QCOMPARE(received.phase, sent.phase);
            QCOMPARE(received.condition, sent.condition);
            QCOMPARE(received.when, sent.when);
            QCOMPARE(received.value, sent.value);
            QCOMPARE(received.labels, sent.labels);
            QCOMPARE(received.detail, sent.detail);
            QVERIFY(std::isnan(received.leftSeconds));
            QCOMPARE(received.firings, sent.firings);
            QCOMPARE(received.effects.size(), std::size_t{2});
            QCOMPARE(received.effects[0].action, sent.effects[0].action);
            QVERIFY(received.effects[0].isInForce && !received.effects[1].isInForce);
            QCOMPARE(received.effects[1].detail, sent.effects[1].detail);
        }
    }
    void anEventComesBackAsItWas() {
        const Event sent{7,
                         1'700'000'000'000,
                         EventKind::Ejection,
                         EventSeverity::Warning,
                         "a->b",
                         "opened",
                         "a-rule",
                         3,
                         "mode=enforce calls=20 failed=13",
                         "would have stayed closed at failureShare > 0.65"};
        v1::Event message;
        wire::toWire(sent, message);
        const Event received = wire::fromWire(message);
        QCOMPARE(received.id, sent.id);
        QCOMPARE(received.millis, sent.millis);
        QCOMPARE(received.kind, sent.kind);
        QCOMPARE(received.severity, sent.severity);
        QCOMPARE(received.subject, sent.subject);
        QCOMPARE(received.text, sent.text);
        QCOMPARE(received.rule, sent.rule);
        QCOMPARE(received.revision, sent.revision);
        QCOMPARE(received.detail, sent.detail);
        QCOMPARE(received.counterfactual, sent.counterfactual);
        QVERIFY(wire::fromWire(v1::Event()).counterfactual.empty());  // from an older agent
    }
    void anUnknownEnumeratorBecomesTheFirst() {
        v1::GuardState message;
        message.set_breaker(static_cast<v1::BreakerState>(99));
        QCOMPARE(wire::fromWire(message).breaker, BreakerState::Disabled);
    }
    void aDiagnosticKeepsItsPlace() {
        v1::Diagnostic message;
        wire::toWire(Diagnostic{Severity::Warning, "code", "text", {"f.yaml", 3, 9, 4}}, message);
        const Diagnostic back = wire::fromWire(message);
        QCOMPARE(format(back), std::string("f.yaml:3:9: warning: text"));
        QCOMPARE(back.place.length, 4);
    }
    void aSignalKeepsItsTypeItsOrderAndItsLabels() {
        promql::Value vector;
        vector.vector = {{{{"__name__", "b"}, {"job", "x"}}, 2, 5}, {{}, INFINITY, 5}};
        v1::QueryReply message;
        message.set_millis(5);
        wire::toWire(vector, message);
        const promql::Value back = wire::fromWire(message);
        QVERIFY(back.type == promql::ValueType::Vector);
        QCOMPARE(back.vector.size(), std::size_t{2});
        QVERIFY(back.vector[0].labels == vector.vector[0].labels);
        QCOMPARE(back.vector[1].value, double(INFINITY));
        QCOMPARE(back.vector[1].at, promql::Millis{5});
        promql::Value scalar;
        scalar.type = promql::ValueType::Scalar;
        scalar.scalar = 7;
        v1::QueryReply second;
        wire::toWire(scalar, second);
        QVERIFY(wire::fromWire(second).type == promql::ValueType::Scalar);
        QCOMPARE(wire::fromWire(second).scalar, 7.0);
    }
    void aReadingOfASignalComesBackWhole() {
        const promql::SignalReading reading{
            "redis", "hits", "share", "Help.", "above 90%", {{{{"db", "0"}}, 0.5, 0}}, 3, "why"};
        v1::SignalReading message;
        wire::toWire(reading, message);
        const promql::SignalReading back = wire::fromWire(message);
        QCOMPARE(back.pack + back.name + back.unit + back.help + back.normal + back.problem,
                 std::string("redishitsshareHelp.above 90%why"));
        QCOMPARE(back.leftOut, std::size_t{3});
        QCOMPARE(back.elements.size(), std::size_t{1});
        QVERIFY(back.elements[0].labels == reading.elements[0].labels);
        QCOMPARE(back.elements[0].value, 0.5);
    }
    void latenciesComeBackWholeAndNonsenseIsLeftOut() {
        LatencyMap map{.sliceMillis = 2'000,
                       .keptFromMillis = 8'000,
                       .untilMillis = 30'000,
                       .streamsLeftOut = 2};
        LatencyFacet known;
        known.outcome = Outcome::Timeout;
        known.status = 504;
        known.instance = "10.0.0.1:80";
        known.className = "gold";
        known.isRetried = known.isQueued = known.isHeld = true;
        known.breaker = BreakerState::Ramp;
        known.revision = 7;
        const std::vector<LatencyFacet> facets{{.isUnknown = true}, known};
        map.streams.push_back(
            {"payment",
             true,
             {{20'000, facets, {{3, 0, 5}, {3, 1, 6}}}, {22'000, facets, {{41, 1, 9}}}}});
        v1::LatencyReply message;
        wire::toWire(map, message);
        QCOMPARE(message.streams(0).facets_size(), 2);
        const LatencyMap back = wire::fromWire(message);
        QCOMPARE(back.sliceMillis, map.sliceMillis);
        QCOMPARE(back.keptFromMillis, map.keptFromMillis);
        QCOMPARE(back.untilMillis, map.untilMillis);
        QCOMPARE(back.streamsLeftOut, 2);
        const LatencyStream& stream = back.streams.at(0);
        QCOMPARE(stream.subject, std::string("payment"));
        QVERIFY(stream.isFromTraces);
        QVERIFY(stream.slices.at(0).facets == facets);
        QVERIFY(stream.slices[0].cells == map.streams[0].slices[0].cells);
        QCOMPARE(stream.slices.at(1).millis, std::int64_t{22'000});
        // A table has only what its slice uses.
        QVERIFY(stream.slices[1].facets == std::vector<LatencyFacet>{known});
        QVERIFY(stream.slices[1].cells == (std::vector<LatencyCell>{{41, 0, 9}}));

        v1::LatencySlice& first = *message.mutable_streams(0)->mutable_slices(0);
        first.set_buckets(0, kLatencyBuckets);
        first.set_facets(1, 2);
        QVERIFY(wire::fromWire(message).streams[0].slices[0].cells.empty());
        message.mutable_streams(0)->mutable_slices(1)->add_counts(1);
        QVERIFY(wire::fromWire(message).streams[0].slices[1].cells.empty());
    }
    void versionsThatOverlapUnderstandEachOther() {
        QVERIFY(wire::isCompatible(1, 5));
        QVERIFY(!wire::isCompatible(wire::kProtocol + 1, wire::kProtocol + 2));
        QVERIFY(!wire::isCompatible(0, 0));
    }
};

LEVEE_TEST(ConvertTest)
#include "convert_test.moc"
