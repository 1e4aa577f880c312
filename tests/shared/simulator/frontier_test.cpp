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
