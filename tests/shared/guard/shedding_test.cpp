// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/shedding.h"

#include <QTest>

#include "shared/guard/fixed_limit.h"
#include "tests/shared/guard/queue_model.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using levee::test::QueueModel;
using levee::test::QueueModelSettings;
using levee::test::QueueReport;
using News = Shedding::News;

namespace {

const MonotonicTime kStart{1h};

WindowSample window(std::uint64_t completed, std::uint64_t shed, std::uint32_t maxInFlight) {
    WindowSample s;
    s.completed = completed;
    s.shed = shed;
    s.maxInFlight = maxInFlight;
    return s;
}

/// A fixed limit whose windows are watched.
class Watched final : public Limit {
public:
    Watched(double limit, int queue) : fixed_(settings(limit, queue)) {}

    void onWindow(const WindowSample& sample, MonotonicTime now) override {
        shedding_.onWindow(sample, now);
    }
    LimitDecision decision() const override { return fixed_.decision(); }
    void reconfigure(const LimiterSettings&) override {}
    LimitMemory save() const override { return {}; }
    void restore(const LimitMemory&) override {}
    LimitNeeded needed() const { return shedding_.limitNeeded(); }

private:
    static LimiterSettings settings(double limit, int queue) {
        LimiterSettings s;
        s.kind = LimiterKind::Fixed;
        s.limit = static_cast<std::uint32_t>(limit);
        s.queue = queue;
        return s;
    }
    FixedLimit fixed_;
    Shedding shedding_;
};

/// The same arrivals at each limit: constant service times draw nothing from the seed.
struct Run {
    LimitNeeded needed;
    double refused;
};
Run run(QueueModelSettings model, double limit, int queue, double overload, double calm) {
    Watched watched(limit, queue);
    QueueModel queueModel(model);
    queueModel.run(overload, watched);
    queueModel.setLoad(0.3);
    queueModel.run(calm, watched);
    const QueueReport report = queueModel.takeReport();
    return {watched.needed(), report.refused};
}

}  // namespace

class SheddingTest : public QObject {
    Q_OBJECT
private slots:
    void twentyRefusalsAreAnEpisodeAndFiveCalmSecondsEndIt() {
        Shedding shedding;
        MonotonicTime now = kStart;
        QCOMPARE(shedding.onWindow(window(20, 19, 16), now), News::None);
        QCOMPARE(shedding.onWindow(window(20, 1, 16), now += 100ms), News::Begun);
        QCOMPARE(shedding.onWindow(window(20, 30, 16), now += 100ms), News::None);
        for (int i = 0; i < 49; ++i) {
            QCOMPARE(shedding.onWindow(window(20, 0, 16), now += 100ms), News::None);
        }
        QCOMPARE(shedding.onWindow(window(20, 0, 16), now += 100ms), News::Over);
        QCOMPARE(shedding.refused(), std::uint64_t{50});
        QCOMPARE(shedding.seconds(), 0.2);
        QCOMPARE(shedding.onWindow(window(20, 0, 16), now += 100ms), News::None);
    }
    void aFewRefusalsAreNoEpisode() {
        Shedding shedding;
        MonotonicTime now = kStart;
        shedding.onWindow(window(20, 19, 16), now);
        for (int i = 0; i < 60; ++i) {
            QCOMPARE(shedding.onWindow(window(20, 0, 16), now += 100ms), News::None);
        }
        QCOMPARE(shedding.onWindow(window(20, 19, 16), now += 100ms), News::None);
        QCOMPARE(shedding.refused(), std::uint64_t{19});
    }
    void oneWindowSaysWhatWasNeeded() {
        Shedding shedding;
        shedding.onWindow(window(25, 75, 5), kStart);
        QCOMPARE(shedding.limitNeeded().atSameLatency, 20.0);     // 5 * 100 / 25
        QCOMPARE(shedding.limitNeeded().atSameThroughput, 80.0);  // 5 + 75
        // A burst in which nothing has ended yet: all of it at once, under either assumption.
        Shedding burst;
        burst.onWindow(window(0, 36, 16), kStart);
        QCOMPARE(burst.limitNeeded().atSameLatency, 52.0);
        QCOMPARE(burst.limitNeeded().atSameThroughput, 52.0);
    }
    void theBacklogGrowsWhileRefusingAndShrinksWhereThereIsRoom() {
        Shedding shedding;
        shedding.onWindow(window(20, 80, 5), kStart);
        shedding.onWindow(window(20, 80, 5), kStart + 100ms);
        QCOMPARE(shedding.limitNeeded().atSameThroughput, 165.0);
        for (int i = 2; i < 20; ++i) {  // 15 of the 20 that it could do are free: 160 in 1.1 s
            shedding.onWindow(window(5, 0, 5), kStart + i * 100ms);
        }
        shedding.onWindow(window(20, 100, 5), kStart + 2s);
        QCOMPARE(shedding.limitNeeded().atSameThroughput, 165.0);
        shedding.onWindow(window(20, 100, 5), kStart + 2100ms);
        QCOMPARE(shedding.limitNeeded().atSameThroughput, 205.0);
    }
    void atAServiceWithRoomLittlesLawIsRight() {
        // 1,500/s of 20 ms are 30 in flight; the service could do 100.
        const QueueModelSettings model{.workers = 100, .load = 0.3, .seed = 4};
        const Run at10 = run(model, 10, 12, 3, 0.5);
        QVERIFY(at10.refused > 0.5);
        const double needed = at10.needed.atSameLatency;
        QVERIFY2(needed >= 30 && needed <= 45, qPrintable(QString::number(needed)));
        QVERIFY(run(model, needed, 12, 3, 0.5).refused < 0.01);
        QVERIFY(run(model, 0.7 * needed, 12, 3, 0.5).refused > 0.02);
    }
    void atAServiceThatCanDoNoMoreTheBacklogIs() {
        // 400/s for 2 s at a service of 200/s.
        const QueueModelSettings model{.workers = 4, .load = 2, .seed = 4};
        const Run at5 = run(model, 5, 2, 2, 4);
        QVERIFY(at5.refused > 0.3);
        const double needed = at5.needed.atSameThroughput;
        QVERIFY(run(model, at5.needed.atSameLatency, 2, 2, 4).refused > 0.2);
        QCOMPARE(run(model, needed, 2, 2, 4).refused, 0.0);
        QVERIFY2(run(model, 0.9 * needed, 2, 2, 4).refused > 0,
                 qPrintable(QString::number(needed)));
    }
};

LEVEE_TEST(SheddingTest)
#include "shedding_test.moc"
