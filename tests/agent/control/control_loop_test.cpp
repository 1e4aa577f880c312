// SPDX-License-Identifier: Apache-2.0
#include "agent/control/control_loop.h"

#include <QTest>
#include <algorithm>

#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

ListenerConfig listener(const std::string& client, const std::string& service) {
    ListenerConfig config;
    config.direction = client.empty() ? Direction::Inbound : Direction::Outbound;
    config.client = client;
    config.service = service;
    config.targets = {"127.0.0.1:1"};
    return config;
}

}  // namespace

/// The loop with its real thread, and mostly the real clock; what it decides is tested in
/// guarded_listener_test.
class ControlLoopTest : public QObject {
    Q_OBJECT
    RealTimeSource time_;
    test::ManualTimeSource standingTime_;
    std::unique_ptr<Bulletin> bulletin_;
    std::unique_ptr<ControlLoop> loop_;
    std::mutex mutex_;
    DesiredState desired_;
    LatencyLedger* ledger_ = nullptr;

    double admitted(std::size_t index) {
        const std::lock_guard lock(mutex_);
        return index < desired_.listeners.size() ? desired_.listeners[index].admitShare : -1;
    }
    void startLoop(const TimeSource& time) {
        loop_.reset();
        bulletin_ = std::make_unique<Bulletin>(time, 1, [](const Event&) {});
        ControlLoop::Parts parts{time,
                                 *bulletin_,
                                 nullptr,
                                 [this](const DesiredState& desired) {
                                     const std::lock_guard lock(mutex_);
                                     desired_ = desired;
                                 },
                                 [](const std::vector<ServiceLoad>& loads, MonotonicTime) {
                                     return std::vector<Advice>(loads.size());
                                 },
                                 [] { return std::vector<TargetState>(1); }};
        parts.latency = ledger_;
        AgentInfo info;
        info.host = "here";
        loop_ = std::make_unique<ControlLoop>(std::move(parts), info);
        loop_->setListeners({listener("", "payment"), listener("checkout", "payment")});
        loop_->start();
    }
    std::vector<RequestRecord> requests(std::uint32_t index, Outcome outcome, int count) const {
        return requests(time_, index, outcome, count);
    }
    static std::vector<RequestRecord> requests(const TimeSource& time, std::uint32_t index,
                                               Outcome outcome, int count) {
        RequestRecord record;
        record.listener = index;
        record.outcome = outcome;
        record.durationMicros = 2000;
        record.arrivalMicros = toUnixMillis(time.wall()) * 1000 - 2000;
        return std::vector<RequestRecord>(static_cast<std::size_t>(count), record);
    }
private slots:
    void init() {
        desired_ = {};
        startLoop(time_);
    }
    void cleanup() { loop_.reset(); }

    void failuresOpenTheBreakerAndTheEventIsOut() {
        QTRY_COMPARE(admitted(1), 1.0);
        loop_->addRequests(requests(1, Outcome::Failure, 10));
        QTRY_COMPARE(admitted(1), 0.0);
        const auto events = bulletin_->eventsAfter(0, 10);
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events[0].kind, EventKind::Breaker);
    }
    void theNewStateIsPublishedWithTheEvent() {
        // The clock stands from the first snapshot on: the next one a second later never comes.
        startLoop(standingTime_);
        standingTime_.advance(1s);
        QTRY_COMPARE(bulletin_->snapshot()->sequence, std::int64_t{1});
        QCOMPARE(bulletin_->snapshot()->guards.at(0).breaker, BreakerState::Closed);
        loop_->addRequests(requests(standingTime_, 1, Outcome::Failure, 10));
        QTRY_COMPARE(bulletin_->snapshot()->sequence, std::int64_t{2});
        QCOMPARE(bulletin_->snapshot()->guards.at(0).breaker, BreakerState::Open);
        QCOMPARE(bulletin_->eventsAfter(0, 10).size(), std::size_t{1});
    }
    void aSecondIsNotLeftOutBecauseTheOneBeforeWasAMomentLate() {
        startLoop(standingTime_);
        standingTime_.advance(1001ms);
        QTRY_COMPARE(bulletin_->snapshot()->sequence, std::int64_t{1});
        standingTime_.advance(999ms);
        QTRY_COMPARE(bulletin_->snapshot()->sequence, std::int64_t{2});
        standingTime_.advance(900ms);
        QTRY_VERIFY(loop_->counters().ticks >= 3);
        QCOMPARE(bulletin_->snapshot()->sequence, std::int64_t{2});
    }
    void aHoldIsPublishedAtOnceAndIsNoEventOfTheLoop() {
        startLoop(standingTime_);
        standingTime_.advance(1s);
        QTRY_COMPARE(bulletin_->snapshot()->sequence, std::int64_t{1});
        ActiveOverride held{{}, standingTime_.monotonic() + 1h};
        held.value.id = 1;
        held.value.subject = "checkout->payment";
        held.value.kind = OverrideKind::ForceOpen;
        loop_->setOverrides(std::make_shared<const ActiveOverrides>(ActiveOverrides{held}));
        QTRY_COMPARE(bulletin_->snapshot()->guards.at(0).breaker, BreakerState::ForcedOpen);
        loop_->setOverrides(std::make_shared<const ActiveOverrides>());
        QTRY_VERIFY(!bulletin_->snapshot()->guards.at(0).heldBy);
        QVERIFY(bulletin_->eventsAfter(0, 10).empty());
    }
    void answeredRequestsAreKeptByHowTheyWereAnswered() {
        LatencyLedger ledger;
        ledger_ = &ledger;
        startLoop(standingTime_);
        ledger_ = nullptr;
        standingTime_.advance(4s);
        QTRY_VERIFY(bulletin_->snapshot()->sequence >= 1);
        auto records = requests(standingTime_, 1, Outcome::Success, 3);
        records[0].status = 200;
        records[0].target = 1;
        records[1].outcome = Outcome::ShedBreaker;  // refused: nobody answered
        records[2].outcome = Outcome::ClientGone;
        records.push_back(records[0]);
        records.back().outcome = Outcome::Timeout;
        records.back().durationMicros = 2'000'000;
        loop_->addRequests(std::move(records));
        const auto read = [&] { return ledger.read("checkout->payment", 0).streams; };
        QTRY_VERIFY((standingTime_.advance(100ms), !read().empty()));
        const LatencySlice slice = read()[0].slices.at(0);
        QCOMPARE(slice.cells.size(), std::size_t{2});
        const LatencyFacet& quick = slice.facets[slice.cells[0].facet];
        QCOMPARE(quick.instance, std::string("127.0.0.1:1"));
        QCOMPARE(quick.status, std::uint16_t{200});
        QCOMPARE(quick.breaker, BreakerState::Closed);
        QCOMPARE(slice.facets[slice.cells[1].facet].outcome, Outcome::Timeout);
        QVERIFY(latencyBound(slice.cells[1].bucket + 1) >= 2.0);
        loop_.reset();
    }
    void connectionsAndWhatServicesUseAreInTheSnapshot() {
        host::HostWindow window;
        host::SocketEdge edge;
        edge.client = "checkout";
        edge.server = "rabbitmq";
        edge.serverKind = NodeKind::Queue;
        edge.connections = 2;
        edge.rtt = 0.001;
        edge.retransmissions = 30;
        edge.isClientHere = true;
        window.edges.emplace({edge});
        window.socketSeconds = 2;
        window.host.emplace();
        window.host->millis = 1;
        window.host->cores = 4;
        for (const char* service : {"checkout", "nobody", "rabbitmq"}) {
            window.host->processes.emplace_back();
            window.host->processes.back().service = service;
            window.host->processes.back().cpuPressure = 0.25;
        }
        loop_->setOwners({{"checkout", {"shop", "front"}}, {"nobody", {"shop", ""}}});
        loop_->addHost(std::make_shared<const host::HostWindow>(window));
        std::shared_ptr<const AgentSnapshot> snapshot;
        const auto found = [&snapshot] {
            return std::ranges::find(snapshot->edges, "checkout->rabbitmq", &Edge::id);
        };
        QTRY_VERIFY((snapshot = bulletin_->snapshot(), found() != snapshot->edges.end()));
        QCOMPARE(found()->sockets.connections, 2);
        QCOMPARE(found()->sockets.retransmissionRate, 15.0);
        QCOMPARE(snapshot->host.cores, 4);
        // Processes are those of services on the map.
        QCOMPARE(snapshot->host.processes.size(), std::size_t{2});
        const auto node = std::ranges::find(snapshot->nodes, "checkout", &Node::name);
        QCOMPARE(node->usage.processes, 1);
        QCOMPARE(node->usage.cpuPressure, 0.25);
        QCOMPARE(node->hosts, std::vector<std::string>{"here"});
        QCOMPARE(node->owner, (Owner{"shop", "front"}));
    }
    void stoppingLeavesNoBreakerOpen() {
        QTRY_COMPARE(admitted(1), 1.0);
        loop_->addRequests(requests(1, Outcome::Failure, 10));
        QTRY_COMPARE(admitted(1), 0.0);
        loop_->stop();
        QCOMPARE(admitted(1), 1.0);
    }
    void stoppingLeavesNoClassShed() {
        Rule rule;
        rule.name = "classes";
        rule.service = "payment";
        rule.settings.priority = {"x-class", "gold, batch"};
        ActiveRules rules;
        rules.revision = 1;
        rules.rules.rules = {rule};
        loop_->setRules(std::make_shared<const ActiveRules>(rules));
        ActiveOverride held{{}, time_.monotonic() + 1h};
        held.value.id = 1;
        held.value.subject = "payment";
        held.value.kind = OverrideKind::Shed;
        held.value.className = "batch";
        loop_->setOverrides(std::make_shared<const ActiveOverrides>(ActiveOverrides{held}));
        const auto batch = [this] {
            const std::lock_guard lock(mutex_);
            return desired_.listeners.empty() || desired_.listeners[0].classes.size() != 2
                       ? -1
                       : desired_.listeners[0].classes[1].share;
        };
        QTRY_COMPARE(batch(), 0.0);
        loop_->stop();
        QCOMPARE(batch(), 1.0);
    }
    void eachSecondASnapshotIsPublished() {
        loop_->addRequests(requests(0, Outcome::Success, 50));
        loop_->addRequests(requests(1, Outcome::Success, 50));
        QTRY_VERIFY(bulletin_->snapshot()->sequence >= 1);
        const auto snapshot = bulletin_->snapshot();
        QCOMPARE(snapshot->guards.size(), std::size_t{2});
        QCOMPARE(snapshot->guards[0].subject, std::string("checkout->payment"));
        QCOMPARE(snapshot->edges.size(), std::size_t{1});
        QCOMPARE(snapshot->edges[0].evidence, std::uint32_t{kFromGateway});
        QCOMPARE(snapshot->nodes.size(), std::size_t{2});
        QCOMPARE(snapshot->advice.size(), std::size_t{1});
        QCOMPARE(snapshot->targets.size(), std::size_t{1});
        QVERIFY(snapshot->agent.rssBytes > 0);
    }
    void recordsOfAListenerThatIsGoneAreLeftOut() {
        loop_->addRequests(requests(99, Outcome::Failure, 10));
        QTRY_VERIFY(bulletin_->snapshot()->sequence >= 1);
        QVERIFY(bulletin_->eventsAfter(0, 10).empty());
    }
    void whatTheGatewayKeptWhileNobodyReadDecidesNothing() {
        auto old = requests(1, Outcome::Failure, 10);
        for (RequestRecord& record : old)
            record.arrivalMicros -= 3'000'000;
        loop_->addRequests(std::move(old));
        QTRY_COMPARE(loop_->counters().recordsLate, std::uint64_t{10});
        QVERIFY(bulletin_->eventsAfter(0, 10).empty());
    }
    void moreRecordsThanTheInboxHoldsAreDroppedAndCounted() {
        std::vector<RequestRecord> many(200'001);
        loop_->addRequests(std::move(many));
        QCOMPARE(loop_->counters().recordsDropped, std::uint64_t{200'001});
    }
};

LEVEE_TEST(ControlLoopTest)
#include "control_loop_test.moc"
