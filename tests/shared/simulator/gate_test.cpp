// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/gate.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;
using As = Ended::As;

namespace {

/// Decides what it is told to, and keeps the windows that it was shown.
class ScriptedLimit final : public Limit {
public:
    void onWindow(const WindowSample& sample, MonotonicTime now) override {
        windows.push_back(sample);
        times.push_back(now);
    }
    LimitDecision decision() const override { return next; }
    void reconfigure(const LimiterSettings&) override {}
    LimitMemory save() const override { return {}; }
    void restore(const LimitMemory&) override {}

    LimitDecision next{.limit = 2, .queueLimit = 1};
    std::vector<WindowSample> windows;
    std::vector<MonotonicTime> times;
};

struct Fixture {
    explicit Fixture(LimiterSpec spec = {}, std::size_t levels = 1) {
        auto owned = std::make_unique<ScriptedLimit>();
        limit = owned.get();
        gate = std::make_unique<Gate>(spec, std::move(owned), kNone, levels);
    }
    static MonotonicTime clock(double seconds) { return MonotonicTime(fromSeconds(seconds)); }
    void close(double now, bool isLost = false) { gate->closeWindow(now, clock(now), isLost); }

    bool admits(const Request& request) { return gate->admits(request, random); }
    /// So many of the class pass, of a thousand.
    int admittedOf(std::uint8_t level) {
        Request request;
        request.level = level;
        int admitted = 0;
        for (int k = 0; k < 1000; ++k) {
            admitted += gate->admitsClass(request, random) ? 1 : 0;
        }
        return admitted;
    }

    Random random{1};
    ScriptedLimit* limit;
    std::unique_ptr<Gate> gate;
};

}  // namespace

class GateTest : public QObject {
    Q_OBJECT
private slots:
    void slotsAndRoomEndAtTheDecision() {
        Fixture f;
        RequestPool pool;
        QVERIFY(f.gate->isFree());
        f.gate->onDispatched(0);
        QVERIFY(f.gate->isFree());
        f.gate->onDispatched(0);
        QVERIFY(!f.gate->isFree());
        QVERIFY(f.admits({}));
        const std::uint32_t waiting = pool.allocate();
        f.gate->enqueue(pool, waiting);
        QVERIFY(!f.admits({}));
        QCOMPARE(f.gate->takeWaiting(pool), kNone);
        f.gate->onEnded({});
        QVERIFY(!f.gate->isFree());  // the slot is for the one that waits
        QCOMPARE(f.gate->takeWaiting(pool), waiting);
        QVERIFY(f.gate->isFree());
    }

    void aWindowSaysWhatEndedInIt() {
        Fixture f({.knowsSelfTime = true});
        f.gate->onDispatched(0);
        f.gate->onDispatched(0.02);
        f.gate->onRefused();
        f.gate->onEnded({.atService = 0.03, .ownSeconds = 0.01});
        f.gate->onDispatched(0.01);
        f.gate->onEnded({.as = As::Failed, .atService = 0.001, .ownSeconds = -5, .waited = true});
        f.gate->onEnded({.as = As::TimedOut, .atService = 5, .waited = true});
        f.gate->onDispatched(0);
        f.gate->onEnded({.atService = 0.05, .ownSeconds = 0.03});
        f.gate->onDispatched(0);
        f.close(0.1);
        const WindowSample w = f.limit->windows.at(0);
        QCOMPARE(w.length, std::chrono::milliseconds(100));
        QCOMPARE(w.timeout, std::chrono::seconds(5));
        QCOMPARE(w.completed, 3U);
        QCOMPARE(w.failed, 1U);
        QCOMPARE(w.timedOut, 1U);
        QCOMPARE(w.shed, 1U);
        QCOMPARE(w.queued, 2U);
        QCOMPARE(w.maxInFlight, 2U);  // the third one has not ended, and the log does not know it
        QCOMPARE(w.leastQueueWait, 0.0);
        QCOMPARE(w.latency.count(), 2U);
        QVERIFY(std::abs(w.latency.sum() - 0.08) < 1e-12);
        QVERIFY(std::abs(w.inFlight - (0.03 + 0.001 + 5 + 0.05) / 0.1) < 1e-9);
        QVERIFY(std::abs(w.selfShare - 0.5) < 1e-9);
        f.gate->onEnded({});
        f.gate->onDispatched(0.3);
        f.gate->onDispatched(0.2);
        f.close(0.2);
        QCOMPARE(f.limit->windows.at(1).leastQueueWait, 0.2);
        QCOMPARE(f.limit->windows.at(1).completed, 1U);
        QCOMPARE(f.limit->windows.at(1).shed, 0U);
    }

    void withoutSpansTheSelfShareIsUnknown() {
        Fixture f;
        f.gate->onDispatched(0);
        f.gate->onEnded({.atService = 0.03, .ownSeconds = 0.01});
        f.close(0.1);
        QVERIFY(std::isnan(f.limit->windows.at(0).selfShare));
    }

    void aGatewaysDecisionIsInForceAWindowLater() {
        Fixture f;
        f.limit->next.limit = 5;
        f.close(0.1);
        QCOMPARE(f.gate->enforcedLimit(), 2.0);
        f.close(0.2);
        QCOMPARE(f.gate->enforcedLimit(), 5.0);
    }

    void aShareOfTheArrivalsIsRefusedWhateverIsFree() {
        Fixture f;
        f.limit->next = {.limit = 2, .queueLimit = 1, .admitShare = 0.3};
        f.close(0.1);
        f.close(0.2);
        int admitted = 0;
        for (int k = 0; k < 10'000; ++k) {
            admitted += f.admits({}) ? 1 : 0;
        }
        QVERIFY(std::abs(admitted - 3000) < 200);
    }

    void importantRequestsGoFirst() {
        Fixture f({.usesPriorities = true}, 3);
        f.limit->next = {.limit = 1, .queueLimit = 4};
        f.close(0.1);
        f.close(0.2);
        RequestPool pool;
        f.gate->onDispatched(0);
        std::vector<std::uint32_t> ids;
        for (const std::uint8_t level : {2, 1, 2, 0}) {
            ids.push_back(pool.allocate());
            pool[ids.back()].level = level;
            f.gate->enqueue(pool, ids.back());
        }
        for (const std::size_t expected : {3, 1, 0, 2}) {
            f.gate->onEnded({});
            QCOMPARE(f.gate->takeWaiting(pool), ids[expected]);
            f.gate->onDispatched(0.1);
        }
        f.gate->onEnded({});
        QCOMPARE(f.gate->takeWaiting(pool), kNone);
    }

    /// The limiter takes 100 of 3,000 arrivals in a window: of the first class a part, of the
    /// others none; and what is held back here is no refusal of the limiter's.
    void classesAreCutWhereTheLimiterEnds() {
        Fixture f({.usesPriorities = true}, 3);
        f.limit->next = {.limit = 10, .queueLimit = 1};
        for (int k = 1; k <= 20; ++k) {
            for (std::uint8_t level = 0; level < 3; ++level) {
                f.admittedOf(level);
            }
            for (int i = 0; i < 100; ++i) {
                f.gate->onDispatched(0);
                f.gate->onEnded({.atService = 0.01});
            }
            f.gate->onRefused();
            f.close(0.1 * k);
        }
        const int first = f.admittedOf(0);
        QVERIFY2(first > 50 && first < 250, QByteArray::number(first));
        QCOMPARE(f.admittedOf(1), 0);
        QCOMPARE(f.admittedOf(2), 0);
        QCOMPARE(f.limit->windows.back().shed, 1U);
    }

    void whatCannotBeAnsweredInTimeIsNotStarted() {
        Fixture f({.deadline = 0.25});
        f.limit->next = {.limit = 2, .queueLimit = 100};
        f.gate->onDispatched(0);
        f.gate->onEnded({.atService = 0.1});
        f.close(0.1);
        f.close(0.2);
        QVERIFY(f.gate->canStart(0.15));
        QVERIFY(!f.gate->canStart(0.152));  // a percent for the histogram
        // Two slots of 0.1 s: twenty a second, so that the third in the queue starts after 0.15 s.
        RequestPool pool;
        f.gate->onDispatched(0);
        f.gate->onDispatched(0);
        for (int k = 0; k < 3; ++k) {
            QVERIFY(f.admits({}));
            f.gate->enqueue(pool, pool.allocate());
        }
        f.gate->enqueue(pool, pool.allocate());
        QVERIFY(!f.admits({}));
        Fixture unbounded;
        QVERIFY(unbounded.gate->canStart(1e6));
    }

    void aLostWindowIsNeitherSeenNorAddedToTheNext() {
        Fixture f;
        f.gate->onRefused();
        f.close(0.1, true);
        QVERIFY(f.limit->windows.empty());
        f.close(0.2);
        QCOMPARE(f.limit->windows.size(), 1U);
        QCOMPARE(f.limit->windows.at(0).shed, 0U);
    }

    void aClockThatJumpsMakesTheWindowLonger() {
        Fixture f;
        f.close(0.1);
        f.gate->closeWindow(0.2, Fixture::clock(7.2), false);
        QCOMPARE(f.limit->windows.at(1).length, Fixture::clock(7.2) - Fixture::clock(0.1));
        QCOMPARE(f.limit->times.at(1), Fixture::clock(7.2));
    }
};

LEVEE_TEST(GateTest)
#include "gate_test.moc"
