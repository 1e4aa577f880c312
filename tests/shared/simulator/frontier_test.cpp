// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/frontier.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "shared/simulator/queueing_theory.h"
#include "tests/shared/simulator/scenario_builder.h"
#include "tests/support/test_registry.h"

using namespace levee::simulator;
using namespace levee::simulator::test;

class FrontierTest : public QObject {
    Q_OBJECT
private slots:
    void everyPointIsTheFiniteQueueOfItsLimits() {
        const Scenario scenario = queueOf({.servers = 8, .load = 1.5, .duration = 120});
        const std::vector<FrontierPoint> points = sweepFrontier(scenario, "shop", {2, 120}, 3);
        std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
        for (const FrontierPoint& point : points) {
            QVERIFY(seen.insert({point.limit, point.queue}).second);
            const int servers = std::min(8, static_cast<int>(point.limit));
            const FiniteQueue expected =
                finiteQueue(servers, static_cast<int>(point.limit + point.queue), 12);
            QVERIFY(std::abs(point.goodput - expected.throughput * servers / 8) < 0.03);
            QVERIFY(point.median <= point.p99);
        }
        QCOMPARE(points.front().limit, 4U);
        QCOMPARE(points.back().limit, 24U);
        QVERIFY(points.size() >= 30);
    }

    void oneServerHasNoLimitOfZero() {
        const Scenario scenario = queueOf({.servers = 1, .load = 1.5, .duration = 20});
        for (const FrontierPoint& point : sweepFrontier(scenario, "shop", {2, 20}, 3)) {
            QVERIFY(point.limit >= 1 && point.limit <= 3);
        }
    }

    void onlyTheServiceInQuestionIsLimited() {
        Scenario scenario = oneByOne(20);
        scenario.services[0].limiter.place = LimiterSpec::Place::None;
        scenario.services.push_back(serviceOf("store", 2, 0.3));  // two thirds of what is needed
        CallSpec call;
        call.to = "store";
        scenario.services[0].calls = {call};
        const std::vector<FrontierPoint> store = sweepFrontier(scenario, "store", {5, 20}, 1);
        QCOMPARE(store.front().limit, 1U);
        QVERIFY(std::abs(store.front().goodput - 0.375) < 0.03);  // one each 0.4 s
        QVERIFY(std::abs(store.back().goodput - 1) < 0.03);
        // "shop" can have 100 and more at once, and waits for the store.
        const std::vector<FrontierPoint> shop = sweepFrontier(scenario, "shop", {5, 20}, 1);
        QCOMPARE(shop.front().limit, 50U);
        QVERIFY(shop.back().median > 1);
    }

    void theGapIsToTheBestThatIsAsFast() {
        const std::vector<FrontierPoint> points{{.limit = 1, .goodput = 0.5, .median = 1},
                                                {.limit = 2, .goodput = 0.9, .median = 2},
                                                {.limit = 3, .goodput = 0.8, .median = 1.5},
                                                {.limit = 4, .goodput = 0.99, .median = 4}};
        QVERIFY(std::abs(frontierGap(points, 0.7, 2) - 0.2) < 1e-12);
        QVERIFY(std::abs(frontierGap(points, 0.95, 2) + 0.05) < 1e-12);
        QVERIFY(std::abs(frontierGap(points, 0.7, 1.9) - 0.1) < 1e-12);
        QVERIFY(std::isnan(frontierGap(points, 0.7, 0.9)));
        QVERIFY(std::isnan(frontierGap({}, 0.7, 1)));
    }
};

LEVEE_TEST(FrontierTest)
#include "frontier_test.moc"
