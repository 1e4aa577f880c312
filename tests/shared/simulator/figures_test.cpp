// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/figures.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee::simulator;

namespace {

Figures some() {
    Figures f;
    f.seconds = 10;
    f.capacity = 50;
    f.servers = 9;
    f.unloadedMedian = 0.1;
    f.unloadedP99 = 0.2;
    f.offered = 1000;
    f.firsts = 800;
    f.retries = 200;
    f.refused = 400;
    f.good = 400;
    f.failed = 100;
    f.latency.record(0.3, 400);
    f.ownLimitMean = 7;
    f.inFlightMost = 9;
    f.backlogMost = 5;
    f.trips = 3;
    summariseLimits(f, {10, 12, 14, 16, 18});
    return f;
}

}  // namespace

class FiguresTest : public QObject {
    Q_OBJECT
private slots:
    void quantilesAreInterpolated() {
        Figures f;
        for (int i = 0; i <= 10'000; ++i) {
            f.latency.record(1 + 1e-4 * i);  // even from 1 to 2
        }
        QVERIFY(std::abs(*figure(f, "median") - 1.5) < 2e-3);
        QVERIFY(std::abs(*figure(f, "p99") - 1.99) < 2e-3);
        QVERIFY(std::isnan(*figure(Figures(), "median")));
        Figures zero;
        zero.latency.record(0);
        QCOMPARE(*figure(zero, "median"), 0.0);
    }

    void everyNameHasItsMeaning() {
        const std::vector<std::pair<const char*, double>> expected{
            {"goodput", 0.8},      {"goodRate", 40},      {"offeredLoad", 2},
            {"successShare", 0.5}, {"refusedShare", 0.4}, {"failedShare", 0.1},
            {"median", 0.3},       {"p99", 0.3},          {"medianInflation", 3},
            {"p99Inflation", 1.5}, {"limit", 14},         {"limitLeast", 10},
            {"ownLimit", 7},       {"limitMost", 18},     {"amplitude", 3. / 14},  // of 10 and 16
            {"limitPeak", 2},      {"retryShare", 0.2},   {"inFlightMost", 9},
            {"backlogMost", 5},    {"trips", 3},          {"cycle", 0}};
        for (const auto& [name, value] : expected) {
            QVERIFY2(std::abs(*figure(some(), name) - value) < 1e-9, name);
        }
        QVERIFY(std::isnan(*figure(some(), "settle")));
        QVERIFY(std::isnan(*figure(some(), "frontierGap")));
        QCOMPARE(figureNames().size(), expected.size() + 2);
        for (const std::string_view name : figureNames()) {
            QVERIFY(figure(some(), name).has_value());
        }
        QVERIFY(!figure(some(), "goodPut").has_value());
        QVERIFY(!figure(some(), "").has_value());
    }

    void whatHasNoMeaningIsUnknown() {
        Figures nothing;
        summariseLimits(nothing, {});
        for (const char* name : {"goodput", "goodRate", "successShare", "refusedShare", "median",
                                 "medianInflation", "limit", "limitLeast", "amplitude", "cycle"}) {
            QVERIFY2(std::isnan(*figure(nothing, name)), name);
        }
        summariseLimits(nothing, {std::nan(""), 4});
        QCOMPARE(*figure(nothing, "limit"), 4.0);
    }
};

LEVEE_TEST(FiguresTest)
#include "figures_test.moc"
