// SPDX-License-Identifier: Apache-2.0
#include "agent/control/request_window.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

RequestRecord request(Outcome outcome, std::int64_t micros = 20'000,
                      std::int64_t queuedMicros = 0) {
    RequestRecord record;
    record.outcome = outcome;
    record.durationMicros = micros;
    record.queueMicros = queuedMicros;
    record.serverConnections = 3;
    return record;
}

}  // namespace

class RequestWindowTest : public QObject {
    Q_OBJECT
private slots:
    void theGuardSeesTheTimeAtTheServiceAlone() {
        RequestWindow window;
        window.add(request(Outcome::Success, 30'000, 10'000));
        const WindowSample sample = window.takeSample(100ms, 5s);
        QCOMPARE(sample.completed, std::uint64_t{1});
        QCOMPARE(sample.queued, std::uint64_t{1});
        QCOMPARE(sample.maxInFlight, std::uint32_t{3});
        QVERIFY(std::abs(sample.latency.quantile(0.5) - 0.020) < 0.0005);
        QVERIFY(std::abs(sample.leastQueueWait - 0.010) < 1e-9);
        QVERIFY(std::abs(window.takeCount().latency.quantile(0.5) - 0.030) < 0.0005);
    }
    void aSampledOneCountsForThoseThatItStandsFor() {
        RequestWindow window;
        RequestRecord good = request(Outcome::Success, 30'000, 10'000);
        good.weight = 20;
        for (int i = 0; i < 5; ++i)
            window.add(good);
        window.add(request(Outcome::Failure));
        window.add(request(Outcome::Timeout));
        window.add(request(Outcome::ShedLimit));
        const WindowSample sample = window.takeSample(100ms, 5s);
        QCOMPARE(sample.completed, std::uint64_t{101});
        QCOMPARE(sample.failed, std::uint64_t{1});
        QCOMPARE(sample.timedOut, std::uint64_t{1});
        QCOMPARE(sample.shed, std::uint64_t{1});
        QCOMPARE(sample.queued, std::uint64_t{100});
        QCOMPARE(sample.latency.count(), std::uint64_t{100});
        QCOMPARE(sample.weight, 20.0);
        QVERIFY(std::abs(sample.inFlight - (100 * 0.02 + 2 * 0.02) / 0.1) < 1e-9);
        const RequestCount count = window.takeCount();
        QCOMPARE(count.requests, std::uint64_t{103});
        QCOMPARE(count.failures, std::uint64_t{2});
        QCOMPARE(count.latency.count(), std::uint64_t{101});
        QCOMPARE(window.takeSample(100ms, 5s).weight, 1.0);
    }
    void thoseStillUnderWayCountAsInFlight() {
        RequestWindow window;
        RequestRecord alone = request(Outcome::Success);
        alone.serverConnections = 1;
        window.add(alone);
        // 20 ms of work in 100 ms, and nobody beside it.
        QVERIFY(std::abs(window.takeSample(100ms, 5s).inFlight - 0.2) < 1e-9);
        window.add(request(Outcome::Success));
        QCOMPARE(window.takeSample(100ms, 5s).inFlight, 2.0);  // the others that it saw
        QCOMPARE(window.takeSample(100ms, 5s).inFlight, 0.0);
    }
    void aFastFailureDoesNotMakeTheLatencyLookGood() {
        RequestWindow window;
        window.add(request(Outcome::Failure, 100));
        const WindowSample sample = window.takeSample(100ms, 5s);
        QCOMPARE(sample.completed, std::uint64_t{1});
        QCOMPARE(sample.failed, std::uint64_t{1});
        QCOMPARE(sample.latency.count(), std::uint64_t{0});
    }
    void refusalsAreCountedAndNothingElse() {
        RequestWindow window;
        for (const Outcome outcome :
             {Outcome::ShedLimit, Outcome::ShedBreaker, Outcome::ShedRemote})
            window.add(request(outcome, 50));
        const WindowSample sample = window.takeSample(100ms, 5s);
        QCOMPARE(sample.shed, std::uint64_t{3});
        QCOMPARE(sample.completed, std::uint64_t{0});
        const RequestCount count = window.takeCount();
        QCOMPARE(count.requests, std::uint64_t{3});
        QCOMPARE(count.shed, std::uint64_t{3});
        QCOMPARE(count.failures, std::uint64_t{0});
    }
    void aTimeoutIsNoLatency() {
        RequestWindow window;
        window.add(request(Outcome::Timeout, 5'000'000));
        const WindowSample sample = window.takeSample(100ms, 5s);
        QCOMPARE(sample.timedOut, std::uint64_t{1});
        QCOMPARE(sample.completed, std::uint64_t{0});
        QCOMPARE(sample.latency.count(), std::uint64_t{0});
        QCOMPARE(window.takeCount().failures, std::uint64_t{1});
    }
    void aCallerThatLeftSaysNothing() {
        RequestWindow window;
        window.add(request(Outcome::ClientGone));
        QCOMPARE(window.takeCount().requests, std::uint64_t{0});
    }
    void takingStartsAnew() {
        RequestWindow window;
        window.add(request(Outcome::Success));
        (void)window.takeSample(100ms, 5s);
        (void)window.takeCount();
        QCOMPARE(window.takeSample(100ms, 5s).completed, std::uint64_t{0});
        QCOMPARE(window.takeCount().requests, std::uint64_t{0});
    }
};

LEVEE_TEST(RequestWindowTest)
#include "request_window_test.moc"
