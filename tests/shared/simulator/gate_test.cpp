// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/gate.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;
using As = Ended::As;
using Place = LimiterSpec::Place;

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
    explicit Fixture(LimiterSpec spec = {}) {
        auto owned = std::make_unique<ScriptedLimit>();
        limit = owned.get();
        gate = std::make_unique<Gate>(spec, std::move(owned), kNone);
    }
    static MonotonicTime clock(double seconds) { return MonotonicTime(fromSeconds(seconds)); }
    void close(double now, bool isLost = false) { gate->closeWindow(now, clock(now), isLost); }

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
        QVERIFY(f.gate->hasSlot());
        f.gate->onDispatched(0);
        QVERIFY(f.gate->hasSlot());
        f.gate->onDispatched(0);
        QVERIFY(!f.gate->hasSlot());
        QVERIFY(f.gate->hasRoom());
        const std::uint32_t waiting = pool.allocate();
        f.gate->enqueue(pool, waiting);
        QVERIFY(!f.gate->hasRoom());
        QCOMPARE(f.gate->takeWaiting(pool), kNone);
        f.gate->onEnded({});
        QCOMPARE(f.gate->takeWaiting(pool), waiting);
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
        QCOMPARE(f.limit->windows.at(0).selfShare, 1.0);
    }

    void aGatewaysDecisionIsInForceAWindowLater() {
        Fixture f;
        f.limit->next.limit = 5;
        f.close(0.1);
        QCOMPARE(f.gate->enforcedLimit(), 2.0);
        f.close(0.2);
        QCOMPARE(f.gate->enforcedLimit(), 5.0);
    }

    void inTheProcessItIsInForceAtOnce() {
        Fixture f({.place = Place::InProcess});
        f.limit->next.limit = 5;
        f.close(0.1);
        QCOMPARE(f.gate->enforcedLimit(), 5.0);
        QCOMPARE(f.limit->windows.at(0).timeout, Duration::zero());
    }

    void aWindowInTheProcessIsFullWithTwentySamplesAfterTenMilliseconds() {
        Fixture f({.place = Place::InProcess});
        for (int k = 0; k < 19; ++k) {
            f.gate->onDispatched(0);
            f.gate->onEnded({.atService = 0.001});
        }
        QVERIFY(!f.gate->isWindowFull(0.05));
        f.gate->onDispatched(0);
        f.gate->onEnded({.atService = 0.001});
        QVERIFY(!f.gate->isWindowFull(0.0099));
        QVERIFY(f.gate->isWindowFull(0.01));
        Fixture gateway;
        for (int k = 0; k < 20; ++k) {
            gateway.gate->onDispatched(0);
            gateway.gate->onEnded({.atService = 0.001});
        }
        QVERIFY(!gateway.gate->isWindowFull(0.05));
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
