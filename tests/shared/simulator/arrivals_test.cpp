// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/arrivals.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee::simulator;
using Law = ArrivalSpec::Law;

namespace {

std::vector<double> arrivalsUntil(const ArrivalSpec& spec, double end, std::uint64_t seed = 1) {
    Arrivals arrivals(spec, seed);
    std::vector<double> times;
    for (double t = arrivals.next(0); t < end; t = arrivals.next(t)) {
        times.push_back(t);
    }
    return times;
}

double countBetween(const std::vector<double>& times, double from, double to) {
    return static_cast<double>(
        std::count_if(times.begin(), times.end(), [&](double t) { return t >= from && t < to; }));
}

/// Within four standard deviations of a Poisson count.
bool isLikely(double count, double expected) {
    return std::abs(count - expected) <= 4 * std::sqrt(expected);
}

}  // namespace

class ArrivalsTest : public QObject {
    Q_OBJECT
private slots:
    void stepsAndRampsAreFollowed() {
        const ArrivalSpec spec{.rates = {{0, 100, false},
                                         {100, 400, false},
                                         {200, 0, false},
                                         {300, 0, false},
                                         {400, 200, true}}};
        const std::vector<double> times = arrivalsUntil(spec, 500);
        QVERIFY(isLikely(countBetween(times, 0, 100), 10'000));
        QVERIFY(isLikely(countBetween(times, 100, 200), 40'000));
        QCOMPARE(countBetween(times, 200, 300), 0.0);
        QVERIFY(isLikely(countBetween(times, 300, 350), 2'500));  // a triangle
        QVERIFY(isLikely(countBetween(times, 350, 400), 7'500));
        QVERIFY(isLikely(countBetween(times, 400, 500), 20'000));
        QVERIFY(std::is_sorted(times.begin(), times.end()));
    }

    void theTimeOfSoManyArrivalsIsTheInverseOfTheIntegral() {
        const std::vector<RatePoint> rates{{0, 10, false}, {10, 30, true}, {20, 0, true}};
        QVERIFY(std::abs(timeOfArrivals(rates, 0, 200) - 10) < 1e-9);  // mean 20 for 10 s
        QVERIFY(std::abs(timeOfArrivals(rates, 10, 150 - 1e-9) - 20) < 1e-3);
        QVERIFY(std::abs(timeOfArrivals(rates, 5, 125) - 10) < 1e-9);  // mean 25 for 5 s
        // The first half of a fall from 30 to 0 brings three quarters of its 150.
        QVERIFY(std::abs(timeOfArrivals(rates, 10, 112.5) - 15) < 1e-9);
        QVERIFY(std::isinf(timeOfArrivals(rates, 10, 151)));
        QVERIFY(std::isinf(timeOfArrivals({{0, 0, false}}, 0, 1)));
    }

    void poissonArrivalsHaveExponentialGaps() {
        const std::vector<double> times = arrivalsUntil({.rates = {{0, 1000, false}}}, 200);
        double squares = 0;
        for (std::size_t k = 1; k < times.size(); ++k) {
            squares += (times[k] - times[k - 1]) * (times[k] - times[k - 1]);
        }
        // E[gap^2] = 2 / rate^2
        QVERIFY(std::abs(squares / static_cast<double>(times.size()) / 2e-6 - 1) < 0.03);
    }

    void evenArrivalsAreEven() {
        const std::vector<double> times =
            arrivalsUntil({.law = Law::Even, .rates = {{0, 4, false}, {10, 8, false}}}, 20.01);
        QCOMPARE(times.size(), 120U);
        QVERIFY(std::abs(times[0] - 0.25) < 1e-9 && std::abs(times[1] - 0.5) < 1e-9);
        QVERIFY(std::abs(times[119] - 20) < 1e-6);
    }

    void burstsComeAtOnceAndKeepTheRate() {
        const std::vector<double> times =
            arrivalsUntil({.law = Law::Bursts, .rates = {{0, 1000, false}}, .burstSize = 25}, 400);
        QVERIFY(std::abs(static_cast<double>(times.size()) / 400'000 - 1) < 0.04);
        for (std::size_t k = 0; k + 25 < times.size(); k += 25) {
            QCOMPARE(times[k], times[k + 24]);
            QVERIFY(times[k + 25] > times[k]);
        }
    }

    void aDayRisesAndFalls() {
        const std::vector<double> times =
            arrivalsUntil({.law = Law::Diurnal, .low = 20, .high = 180, .period = 400}, 400);
        QVERIFY(isLikely(static_cast<double>(times.size()), 40'000));
        // Around the crest at a quarter and the trough at three quarters: 100 +- 80 * 0.9745
        QVERIFY(isLikely(countBetween(times, 75, 125), 8'898));
        QVERIFY(isLikely(countBetween(times, 275, 325), 1'102));
    }

    void aRecordingIsPlayedAndBeginsAgain() {
        const std::vector<double> times =
            arrivalsUntil({.law = Law::Recorded, .recorded = {3, 0, 1}}, 6);
        QCOMPARE(times,
                 (std::vector<double>{0, 1.0 / 3, 2.0 / 3, 2, 3, 3 + 1.0 / 3, 3 + 2.0 / 3, 5}));
    }

    void nothingComesFromNothing() {
        QVERIFY(arrivalsUntil({.rates = {}}, 10).empty());
        QVERIFY(arrivalsUntil({.law = Law::Recorded, .recorded = {}}, 10).empty());
        QVERIFY(arrivalsUntil({.law = Law::Recorded, .recorded = {0, 0}}, 10).empty());
        QVERIFY(arrivalsUntil({.law = Law::Diurnal}, 10).empty());
    }

    void theSeedDecides() {
        const ArrivalSpec spec{.rates = {{0, 100, false}}};
        QCOMPARE(arrivalsUntil(spec, 10, 5), arrivalsUntil(spec, 10, 5));
        QVERIFY(arrivalsUntil(spec, 10, 5) != arrivalsUntil(spec, 10, 6));
    }
};

LEVEE_TEST(ArrivalsTest)
#include "arrivals_test.moc"
