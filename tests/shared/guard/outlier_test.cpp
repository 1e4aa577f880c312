// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/outlier.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

InstanceWindow calls(std::uint64_t good, std::uint64_t bad, double seconds = 0.01) {
    InstanceWindow w;
    w.calls = good + bad;
    w.failures = bad;
    w.latency.record(seconds, good);
    return w;
}

std::vector<std::size_t> indexes(const std::vector<Outlier>& outliers) {
    std::vector<std::size_t> indexes;
    for (const Outlier& outlier : outliers) {
        indexes.push_back(outlier.index);
    }
    return indexes;
}

std::vector<const InstanceWindow*> pointers(const std::vector<InstanceWindow>& group) {
    std::vector<const InstanceWindow*> pointers;
    for (const InstanceWindow& window : group) {
        pointers.push_back(&window);
    }
    return pointers;
}

std::vector<Outlier> failing(const std::vector<InstanceWindow>& group,
                             const EjectionSettings& settings = {}) {
    return failingOutliers(pointers(group), settings);
}

std::vector<Outlier> slow(const std::vector<InstanceWindow>& group,
                          const EjectionSettings& settings = {}) {
    return slowOutliers(pointers(group), settings);
}

using Indexes = std::vector<std::size_t>;

}  // namespace

class OutlierTest : public QObject {
    Q_OBJECT
private slots:
    void whoFailsMoreThanTheOthersIsOne() {
        const auto found = failing({calls(100, 0), calls(99, 1), calls(70, 30), calls(100, 0)});
        QCOMPARE(indexes(found), Indexes{2});
        QCOMPARE(found[0].text, std::string("70.0 % of 100 calls were good (the others: 99.7 %)"));
        QCOMPARE(found[0].why.distance, 0.0);
        QCOMPARE(found[0].why.counterfactual.text(),
                 std::string("would have stayed in at goodShare >= 0.947"));
    }
    void theWorstComesFirst() {
        std::vector<InstanceWindow> group(12, calls(100, 0));
        group[1] = calls(80, 20);
        group[3] = calls(70, 30);
        EjectionSettings strict;
        strict.deviations = 1;
        QCOMPARE(indexes(failing(group, strict)), (Indexes{3, 1}));
    }
    void oneFailureInThreeCallsProvesNothing() {
        EjectionSettings few;
        few.minimumCalls = 3;
        QVERIFY(failing({calls(3, 0), calls(2, 1)}, few).empty());
        QVERIFY(failing({calls(90, 0), calls(2, 1)}, few).empty());
        QVERIFY(failing({calls(3, 0), calls(80, 10)}, few).empty());  // nor do three good ones
    }
    void belowTheMinimumOfCallsNobodyIsJudged() {
        QVERIFY(failing({calls(100, 0), calls(0, 19)}).empty());
        QCOMPARE(indexes(failing({calls(100, 0), calls(0, 20)})), Indexes{1});
        QVERIFY(failing({calls(19, 0), calls(0, 20)}).empty());  // nobody to compare with
        QVERIFY(failing({calls(0, 20)}).empty());
        QVERIFY(failing({}).empty());
    }
    void othersThatAreAllAlikeDoNotMakeFivePointsAnOutlier() {
        QVERIFY(failing({calls(10'000, 0), calls(10'000, 0), calls(9'540, 460)}).empty());
        QCOMPARE(indexes(failing({calls(10'000, 0), calls(10'000, 0), calls(9'440, 560)})),
                 Indexes{2});
    }
    void whereTheOthersDifferMuchMoreIsNeeded() {
        const std::vector<InstanceWindow> mixed{calls(1'000, 0), calls(800, 200), calls(900, 100),
                                                calls(760, 240)};
        QVERIFY(failing(mixed).empty());  // the others: mean 0.9, deviation 0.08, limit 0.737
        EjectionSettings strict;
        strict.deviations = 1;
        QCOMPARE(indexes(failing(mixed, strict)), Indexes{3});
    }
    void whoIsSlowIsOne() {
        const auto found = slow({calls(50, 0, 0.01), calls(50, 0, 0.012), calls(50, 0, 0.05)});
        QCOMPARE(indexes(found), Indexes{2});
        QVERIFY(found[0].text.starts_with("half of its calls take "));
        QVERIFY(
            found[0].why.counterfactual.text().starts_with("would have stayed in at medianMs <= "));
        // Of two, the other one is the measure.
        QCOMPARE(indexes(slow({calls(50, 0, 0.05), calls(50, 0, 0.01)})), Indexes{0});
    }
    void theFactorIsExact() {
        QVERIFY(slow({calls(50, 0, 0.01), calls(50, 0, 0.0293)}).empty());
        QCOMPARE(slow({calls(50, 0, 0.01), calls(50, 0, 0.0307)}).size(), std::size_t{1});
    }
    void fiveMillisecondsMakeNoOutlier() {
        QVERIFY(slow({calls(50, 0, 0.0002), calls(50, 0, 0.005)}).empty());
        QCOMPARE(slow({calls(50, 0, 0.0002), calls(50, 0, 0.0055)}).size(), std::size_t{1});
    }
    void halfOfTheCallsIsNotSurelyMoreThanHalf() {
        InstanceWindow half = calls(55, 0, 0.1);
        half.latency.record(0.01, 45);
        QVERIFY(slow({calls(100, 0, 0.01), half}).empty());
        InstanceWindow most = calls(65, 0, 0.1);
        most.latency.record(0.01, 35);
        QCOMPARE(slow({calls(100, 0, 0.01), most}).size(), std::size_t{1});
    }
    void failuresAreNoLatencies() {
        QVERIFY(slow({calls(100, 0, 0.01), calls(19, 81, 0.5)}).empty());  // 19 good calls
        QCOMPARE(slow({calls(100, 0, 0.01), calls(20, 80, 0.5)}).size(), std::size_t{1});
    }
    void eachCanBeSwitchedOff() {
        EjectionSettings off;
        off.deviations = -1;
        off.latencyFactor = -1;
        QVERIFY(failing({calls(100, 0), calls(0, 100)}, off).empty());
        QVERIFY(slow({calls(50, 0, 0.01), calls(50, 0, 5)}, off).empty());
    }
    void anIdleInstanceHasNoFigures() {
        QVERIFY(std::isnan(InstanceWindow().goodShare()));
        QVERIFY(std::isnan(InstanceWindow().median()));
    }
};

LEVEE_TEST(OutlierTest)
#include "outlier_test.moc"
