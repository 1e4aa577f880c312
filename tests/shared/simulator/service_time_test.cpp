// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/service_time.h"

#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;
using Kind = ServiceLaw::Kind;

namespace {

struct Case {
    const char* name;
    ServiceLaw law;
    double cv;  ///< negative: too heavy a tail for the estimate
};

std::vector<Case> cases() {
    return {
        {"constant", {.kind = Kind::Constant, .mean = 0.03}, 0},
        {"exponential", {.kind = Kind::Exponential, .mean = 0.03}, 1},
        {"lognormal 0.3", {.kind = Kind::Lognormal, .mean = 0.03, .cv = 0.3}, 0.3},
        {"lognormal 2", {.kind = Kind::Lognormal, .mean = 0.03, .cv = 2}, 2},
        {"bimodal",
         {.kind = Kind::Bimodal, .fast = 0.001, .slow = 0.2, .slowShare = 0.05},
         // sqrt(p q) (slow - fast) / mean
         std::sqrt(0.05 * 0.95) * 0.199 / 0.01095},
        // cv = 1 / sqrt(shape (shape - 2))
        {"pareto 5", {.kind = Kind::Pareto, .mean = 0.03, .shape = 5}, 1 / std::sqrt(15)},
        {"pareto 1.5", {.kind = Kind::Pareto, .mean = 0.03, .shape = 1.5}, -1},
    };
}

}  // namespace

class ServiceTimeTest : public QObject {
    Q_OBJECT
private slots:
    void drawsHaveTheMomentsAndQuantilesOfTheLaw() {
        for (const Case& each : cases()) {
            Random random(11);
            const ServiceTime time(each.law);
            std::vector<double> draws(400'000);
            double sum = 0;
            double squares = 0;
            for (double& draw : draws) {
                draw = time.draw(random);
                sum += draw;
                squares += draw * draw;
            }
            std::sort(draws.begin(), draws.end());
            const double count = static_cast<double>(draws.size());
            const double mean = sum / count;
            const double cv = std::sqrt(std::max(0.0, squares / count / (mean * mean) - 1));
            QVERIFY2(draws.front() > 0, each.name);
            if (each.cv >= 0) {
                QVERIFY2(std::abs(mean / each.law.meanSeconds() - 1) < 0.01, each.name);
                QVERIFY2(std::abs(cv - each.cv) < 0.03 * each.cv + 1e-6, each.name);
            }
            for (const double q : {0.1, 0.5, 0.9, 0.99}) {
                const double seen = draws[static_cast<std::size_t>(q * count)];
                QVERIFY2(std::abs(seen / quantile(each.law, q) - 1) < 0.02, each.name);
            }
        }
    }

    void quantilesAreThoseOfTheTables() {
        const ServiceLaw exponential{.kind = Kind::Exponential, .mean = 2};
        QVERIFY(std::abs(quantile(exponential, 0.5) - 2 * std::log(2.0)) < 1e-12);
        // Standard normal: 2.3263478740 at 0.99. A lognormal's median is mean / sqrt(1 + cv^2).
        const ServiceLaw lognormal{.kind = Kind::Lognormal, .mean = 1, .cv = 1};
        QVERIFY(std::abs(quantile(lognormal, 0.5) - 1 / std::sqrt(2.0)) < 1e-9);
        const double sigma = std::sqrt(std::log(2.0));
        QVERIFY(std::abs(quantile(lognormal, 0.99) -
                         std::exp(2.3263478740 * sigma) / std::sqrt(2.0)) < 1e-8);
        const ServiceLaw bimodal{.kind = Kind::Bimodal, .fast = 1, .slow = 9, .slowShare = 0.25};
        QCOMPARE(quantile(bimodal, 0.75), 1.0);
        QCOMPARE(quantile(bimodal, 0.76), 9.0);
        QCOMPARE(bimodal.meanSeconds(), 3.0);
        const ServiceLaw pareto{.kind = Kind::Pareto, .mean = 2, .shape = 2};  // least 1
        QVERIFY(std::abs(quantile(pareto, 0.75) - 2) < 1e-12);
    }
};

LEVEE_TEST(ServiceTimeTest)
#include "service_time_test.moc"
