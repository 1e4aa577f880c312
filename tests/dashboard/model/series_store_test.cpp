// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/series_store.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;

class SeriesStoreTest : public QObject {
    Q_OBJECT
private slots:
    void aSecondIsKeptOnce() {
        SeriesStore store;
        store.record(fleet(1'000, 10));
        store.record(fleet(1'400, 20));
        store.record(fleet(2'000, 30));
        const auto samples = store.samples("payment");
        QCOMPARE(samples.size(), std::size_t{2});
        QCOMPARE(samples[0].requestRate, 20.0F);
        QCOMPARE(samples[1].requestRate, 30.0F);
    }
    void fifteenMinutesAreKeptAndNotASecondMore() {
        SeriesStore store;
        for (int second = 1; second <= 901; ++second)
            store.record(fleet(second * 1'000, second));
        const auto samples = store.samples("payment");
        QCOMPARE(samples.size(), SeriesStore::kFullSamples);
        QCOMPARE(samples.front().millis, std::int64_t{2'000});
        QCOMPARE(samples.back().millis, std::int64_t{901'000});
    }
    void aValueIsKeptToAFifthOfAPercentAndTheUnknownStaysUnknown() {
        SeriesStore store;
        int at = 0;
        for (double value : {0.0, 1e-6, 0.0123456, 1.0, 99.99, 503.7, 1234567.0, 3e9}) {
            FleetNode payment = node("payment", value);
            payment.node.traffic.p99 = value;
            payment.node.traffic.p50 = kUnknown;
            FleetView view;
            view.millis = ++at * 1'000;
            view.nodes.push_back(payment);
            store.record(view);
            const SeriesSample last = store.samples("payment").back();
            QVERIFY(std::abs(double(last.requestRate) - value) <= 0.002 * value);
            QVERIFY(std::abs(double(last.p99) - value) <= 0.002 * value);
            QVERIFY(std::isnan(last.p50));
        }
    }
    void anEdgeIsRecordedUnderItsName() {
        SeriesStore store;
        FleetView view = fleet(1'000, 1);
        FleetEdge edge;
        edge.edge.client = "a";
        edge.edge.server = "b";
        edge.edge.traffic.requestRate = 5;
        view.edges.push_back(edge);
        store.record(view);
        QCOMPARE(store.samples("a->b").size(), std::size_t{1});
    }
    void aSecondWithoutDataIsAGapInTheSparkline() {
        SeriesStore store;
        store.record(fleet(1'000, 10));
        store.record(fleet(3'000, 30));
        const auto rates = store.recentRates("payment", 4, 3'000);
        QVERIFY(std::isnan(rates[0]));
        QCOMPARE(rates[1], 10.0);
        QVERIFY(std::isnan(rates[2]));
        QCOMPARE(rates[3], 30.0);
    }
    void historyGoesInFrontOfWhatWasRecorded() {
        SeriesStore store;
        store.record(fleet(10'000, 10));
        SeriesPoint old;
        old.millis = 8'000;
        old.traffic.requestRate = 8;
        SeriesPoint overlapping = old;
        overlapping.millis = 10'000;
        store.backfill("payment", {old, overlapping});
        const auto samples = store.samples("payment");
        QCOMPARE(samples.size(), std::size_t{2});
        QCOMPARE(samples[0].millis, std::int64_t{8'000});
        QCOMPARE(samples[1].requestRate, 10.0F);
    }
    void beyondTheFirstThousandSubjectsAMinuteIsKeptUntilWatched() {
        SeriesStore store;
        for (int second = 1; second <= 70; ++second) {
            FleetView view;
            view.millis = second * 1'000;
            for (std::size_t i = 0; i <= SeriesStore::kFullRings; ++i)
                view.nodes.push_back(node("n" + std::to_string(10'000 + i), second));
            store.record(view);
        }
        const std::string last = "n" + std::to_string(10'000 + SeriesStore::kFullRings);
        QCOMPARE(store.samples("n10000").size(), std::size_t{70});
        QCOMPARE(store.samples(last).size(), SeriesStore::kShortSamples);
        store.watch(last);
        FleetView view;
        view.millis = 71'000;
        view.nodes.push_back(node(last, 71));
        store.record(view);
        QCOMPARE(store.samples(last).size(), SeriesStore::kShortSamples + 1);
        QCOMPARE(store.samples(last).back().requestRate, 71.0F);
    }
    void whatIsGoneForFifteenMinutesIsForgotten() {
        SeriesStore store;
        store.record(fleet(1'000, 1));
        FleetView empty;
        empty.millis = 17 * 60 * 1'000;
        store.record(empty);
        QCOMPARE(store.subjects(), std::size_t{0});
    }
    void aClockThatIsSetBackStartsTheSeriesAnew() {
        SeriesStore store;
        store.record(fleet(100'000, 1));
        store.record(fleet(50'000, 2));
        QCOMPARE(store.samples("payment").size(), std::size_t{1});
        QCOMPARE(store.samples("payment")[0].millis, std::int64_t{50'000});
    }

private:
    static FleetNode node(const std::string& name, double rate) {
        FleetNode node;
        node.node.name = name;
        node.node.traffic.requestRate = rate;
        return node;
    }
    static FleetView fleet(std::int64_t millis, double rate) {
        FleetView view;
        view.millis = millis;
        view.nodes.push_back(node("payment", rate));
        return view;
    }
};

LEVEE_TEST(SeriesStoreTest)
#include "series_store_test.moc"
