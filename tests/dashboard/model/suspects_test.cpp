// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/suspects.h"

#include <QTest>
#include <algorithm>

#include "dashboard/model/decision_model.h"
#include "dashboard/model/note_book.h"
#include "dashboard/model/rule_document.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {
constexpr int kNow = test::kDemoFailsAt + 75;
constexpr std::int64_t kNowMillis = test::kDemoStartMillis + kNow * 1'000LL;
}  // namespace

class SuspectsTest : public QObject {
    Q_OBJECT
private slots:
    void theDemosIncidentIsToldApart() {
        TopologyStore store(time_);
        show(store, test::demoSnapshot(kNow));
        DecisionModel decisions;
        RuleDocument document("ana");
        NoteBook notes;
        decisions.add("shop-1", test::demoEvents(kNow));
        const TimelineModel timeline(decisions, document, notes);
        const auto suspects = findSuspects(store, timeline, "payment", kNowMillis);
        const auto symptom = of(suspects, SuspectRole::FirstSymptom);
        QCOMPARE(symptom.size(), std::size_t{1});
        // The rule set of 140 s is a change before it; what came after is none.
        for (const Suspect& cause : of(suspects, SuspectRole::PossibleCause))
            QVERIFY(cause.millis < symptom[0].millis);
        QVERIFY(std::ranges::any_of(
            suspects, [](const Suspect& each) { return each.evidence.contains("revision 17"); }));
        const auto impact = of(suspects, SuspectRole::Impact);
        QCOMPARE(impact.size(), std::size_t{2});
        QCOMPARE(impact[0].subject, std::string("checkout"));
        QCOMPARE(impact[1].subject, std::string("web"));
    }
    void theDeepestUnwellDependencyIsNamed() {
        TopologyStore store(time_);
        show(store, test::demoSnapshot(kNow));
        DecisionModel decisions;
        RuleDocument document("ana");
        NoteBook notes;
        const TimelineModel timeline(decisions, document, notes);
        const auto causes =
            of(findSuspects(store, timeline, "web", kNowMillis), SuspectRole::PossibleCause);
        QCOMPARE(causes.size(), std::size_t{1});  // payment, and not checkout between them
        QCOMPARE(causes[0].subject, std::string("payment"));
    }
    void aCycleOfCallersEnds() {
        AgentSnapshot snapshot;
        snapshot.millis = kNowMillis;
        for (const char* name : {"a", "b"}) {
            Node node;
            node.name = name;
            node.health = Health::Failing;
            snapshot.nodes.push_back(node);
        }
        snapshot.edges.push_back(edge("a", "b"));
        snapshot.edges.push_back(edge("b", "a"));
        TopologyStore store(time_);
        show(store, snapshot);
        DecisionModel decisions;
        RuleDocument document("ana");
        NoteBook notes;
        const TimelineModel timeline(decisions, document, notes);
        QCOMPARE(of(findSuspects(store, timeline, "a", kNowMillis), SuspectRole::Impact).size(),
                 std::size_t{1});
        QVERIFY(findSuspects(store, timeline, "", kNowMillis).empty());
        QVERIFY(findSuspects(store, timeline, "nobody", kNowMillis).empty());
    }

private:
    static Edge edge(const char* client, const char* server) {
        Edge edge;
        edge.client = client;
        edge.server = server;
        return edge;
    }
    static std::vector<Suspect> of(const std::vector<Suspect>& all, SuspectRole role) {
        std::vector<Suspect> some;
        std::ranges::copy_if(all, std::back_inserter(some),
                             [&](const Suspect& each) { return each.role == role; });
        return some;
    }
    static void show(TopologyStore& store, const AgentSnapshot& snapshot) {
        FleetSource source;
        source.snapshot = &snapshot;
        store.setFleet(std::make_shared<FleetView>(mergeFleet({source})));
    }
    test::ManualTimeSource time_;
};

LEVEE_TEST(SuspectsTest)
#include "suspects_test.moc"
