// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/rollout_judge.h"

#include <QTest>
#include <random>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::cli;

namespace {

using Points = std::vector<SeriesPoint>;

/// Seconds of traffic; p99 around the given one by 20 % to either side.
Points seconds(int count, double rate, double errors, double refused, double p99, int seed = 1) {
    std::mt19937 random(static_cast<unsigned>(seed));
    std::uniform_real_distribution<double> about(0.8, 1.2);
    Points points;
    for (int i = 0; i < count; ++i) {
        SeriesPoint point;
        point.traffic.requestRate = rate;
        point.traffic.errorRate = errors;
        point.traffic.shedRate = refused;
        point.traffic.p99 = p99 * about(random);
        points.push_back(point);
    }
    return points;
}

std::vector<Harm> harms(const Points& before, const Points& after) {
    std::vector<Harm> kinds;
    for (const Worsening& each : worsenings("payment", before, after, {}))
        kinds.push_back(each.harm);
    return kinds;
}

class RolloutJudgeTest : public QObject {
    Q_OBJECT

private slots:
    void theSameTrafficIsNotWorse() {
        for (int seed = 0; seed < 1000; ++seed)
            QVERIFY(harms(seconds(60, 100, 1, 0, 0.02, seed), seconds(30, 100, 1, 0, 0.02, -seed))
                        .empty());
    }
    void eachHarmIsFound() {
        const Points before = seconds(60, 100, 0.2, 0, 0.02);
        QCOMPARE(harms(before, seconds(5, 100, 5, 0, 0.02)), std::vector{Harm::Errors});
        QCOMPARE(harms(before, seconds(5, 100, 0.2, 30, 0.02)), std::vector{Harm::Refused});
        QCOMPARE(harms(before, seconds(5, 100, 0.2, 0, 0.06)), std::vector{Harm::Latency});
        const auto said = worsenings("payment", before, seconds(5, 100, 5, 0, 0.02), {});
        QCOMPARE(said[0].subject, std::string("payment"));
        QCOMPARE(said[0].text, std::string("errors 0.2 % -> 5.0 % of 500 requests"));
    }
    void eachLimitIsTheLastThatIsAllowed() {
        const Points before = seconds(60, 10000, 0, 0, 0.1);
        QVERIFY(harms(before, seconds(30, 10000, 100, 0, 0.1)).empty());
        QCOMPARE(harms(before, seconds(30, 10000, 101, 0, 0.1)), std::vector{Harm::Errors});
        QVERIFY(harms(before, seconds(30, 10000, 0, 1000, 0.1)).empty());
        QCOMPARE(harms(before, seconds(30, 10000, 0, 1001, 0.1)), std::vector{Harm::Refused});
        const auto even = [](double p99) {
            Points points = seconds(60, 10000, 0, 0, 0);
            for (SeriesPoint& point : points)
                point.traffic.p99 = p99;
            return points;
        };
        QVERIFY(harms(even(0.1), even(0.13)).empty());
        QCOMPARE(harms(even(0.1), even(0.131)), std::vector{Harm::Latency});
    }
    void littleTrafficIsNoProof() {
        // One of two failed.
        QVERIFY(harms(seconds(60, 0.1, 0, 0, 0.02), seconds(2, 1, 0.5, 0, 0.02)).empty());
        // Four seconds of latency.
        QVERIFY(harms(seconds(60, 100, 0, 0, 0.02), seconds(4, 100, 0, 0, 0.5)).empty());
        // Nothing to compare with.
        QVERIFY(harms({}, seconds(30, 100, 100, 0, 0.02)).empty());
        QVERIFY(harms(seconds(60, 100, 0, 0, 0.02), {}).empty());
    }
    void fewMillisecondsAreNoHarm() {
        QVERIFY(harms(seconds(60, 100, 0, 0, 0.001), seconds(30, 100, 0, 0, 0.004)).empty());
    }
    void oneSlowSecondIsNoHarm() {
        Points after = seconds(30, 100, 0, 0, 0.02, 7);
        after[3].traffic.p99 = 3;
        QVERIFY(harms(seconds(60, 100, 0, 0, 0.02), after).empty());
    }
    void whatWentWrongUntilThenIsNotHeldAgainstIt() {
        Points before = seconds(60, 100, 0, 0, 0.02);
        for (std::size_t i = 50; i < 60; ++i) {
            before[i].traffic.shedRate = 60;
            before[i].traffic.p99 = 0.5;
        }
        QVERIFY(harms(before, seconds(5, 100, 0, 55, 0.4)).empty());
        QCOMPARE(harms(before, seconds(5, 100, 0, 75, 0.4)), std::vector{Harm::Refused});
    }
    void whatIsUnknownIsLeftOut() {
        Points quiet = seconds(60, 0, 0, 0, 0.02);
        for (SeriesPoint& point : quiet)
            point.traffic.p99 = kUnknown;
        QVERIFY(harms(quiet, seconds(30, 100, 100, 0, 0.02)).empty());
        QVERIFY(harms(seconds(60, 100, 0, 0, 0.02), quiet).empty());
    }
};

}  // namespace

LEVEE_TEST(RolloutJudgeTest)
#include "rollout_judge_test.moc"
