// SPDX-License-Identifier: Apache-2.0
// The measure itself, held against series of which is known what is periodic in them.
#include "shared/simulator/cycle.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using levee::Random;
using levee::simulator::cycleAmplitude;

namespace {

constexpr std::size_t kHalfAMinute = 300;
constexpr std::size_t kFiveMinutes = 3'000;

using Series = std::vector<double>;

double normal(Random& random) {
    double sum = -6;
    for (int k = 0; k < 12; ++k) {
        sum += random.uniform();
    }
    return sum;
}

/// Around 1. Each value is held for `hold` steps, `memory` is the correlation with the next.
Series noise(std::uint64_t seed, double deviation, double memory, std::size_t hold,
             std::size_t steps = kHalfAMinute) {
    Random random(seed);
    Series x;
    double value = normal(random);
    for (std::size_t k = 0; k < steps; ++k) {
        if (k % hold == 0) {
            value = memory * value + std::sqrt(1 - memory * memory) * normal(random);
        }
        x.push_back(1 + deviation * value);
    }
    return x;
}

/// Around 1, from -`amplitude` to it. Each period is off by up to `jitter` of it.
enum class Shape { Sine, Square, Saw };
Series cycle(std::uint64_t seed, double amplitude, double period, Shape shape, double jitter,
             std::size_t steps = kHalfAMinute) {
    Random random(seed);
    Series x;
    double phase = random.uniform();
    double length = period;
    for (std::size_t k = 0; k < steps; ++k) {
        phase += 1 / length;
        if (phase >= 1) {
            phase -= 1;
            length = period * (1 + jitter * (2 * random.uniform() - 1));
        }
        const double y = shape == Shape::Sine     ? std::sin(2 * std::numbers::pi * phase)
                         : shape == Shape::Square ? (phase < 0.5 ? 1 : -1)
                                                  : 2 * phase - 1;
        x.push_back(1 + amplitude * y);
    }
    return x;
}

Series operator+(Series a, const Series& b) {  // both around 1
    for (std::size_t k = 0; k < a.size(); ++k) {
        a[k] += b[k] - 1;
    }
    return a;
}

double spread(Series x) {  // what the raw amplitude says
    std::sort(x.begin(), x.end());
    return (x[x.size() * 95 / 100] - x[x.size() * 5 / 100]) / 2;
}

}  // namespace

class CycleTest : public QObject {
    Q_OBJECT
private slots:
    void noiseOfAnyMemoryIsNoCycle() {
        for (const std::size_t steps : {kHalfAMinute, kFiveMinutes, 2 * kFiveMinutes}) {
            for (const double memory : {0.0, 0.5, 0.8, 0.95, 0.99}) {
                for (std::uint64_t seed = 1; seed <= 20; ++seed) {
                    const Series x = noise(seed, 0.1, memory, 1, steps);
                    QVERIFY2(cycleAmplitude(x) == 0, qPrintable(QString::number(memory)));
                }
            }
        }
        double least = 1;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            least = std::min(least, spread(noise(seed, 0.1, 0.5, 1)));
        }
        QVERIFY(least > 0.12);  // or the test would be of less than it says
    }

    void anEstimateThatIsHeldForAnEpochIsNoCycle() {
        for (const std::size_t steps : {kHalfAMinute, kFiveMinutes}) {
            for (const std::size_t hold : {3U, 4U, 8U, 20U}) {
                for (std::uint64_t seed = 1; seed <= 25; ++seed) {
                    QVERIFY(cycleAmplitude(noise(seed, 0.1, 0, hold, steps)) <= 0.1);
                }
            }
        }
    }

    /// One memory does not explain both.
    void aSlowWanderBesidesQuickNoiseIsNoCycle() {
        for (const std::size_t hold : {10U, 100U}) {
            for (std::uint64_t seed = 1; seed <= 25; ++seed) {
                const Series x = noise(seed, 0.05, 0.95, hold, kFiveMinutes) +
                                 noise(seed + 100, 0.07, 0.5, 3, kFiveMinutes);
                QVERIFY2(cycleAmplitude(x) <= 0.1, qPrintable(QString::number(seed)));
            }
        }
    }

    void aCycleIsFoundWithItsAmplitude() {
        for (const double period : {2.5, 4.0, 12.0, 20.0, 30.0}) {
            const double found = cycleAmplitude(cycle(1, 0.15, period, Shape::Sine, 0));
            QVERIFY2(std::abs(found - 0.15) < 0.01, qPrintable(QString::number(found)));
        }
        QVERIFY(cycleAmplitude(cycle(1, 0.09, 12, Shape::Sine, 0)) < 0.1);
    }

    void aCycleIsFoundInNoiseAsLargeAsItself() {
        for (const double period : {4.0, 12.0, 30.0, 100.0}) {
            for (std::uint64_t seed = 1; seed <= 10; ++seed) {
                const Series x = cycle(seed, 0.11, period, Shape::Sine, 0, kFiveMinutes) +
                                 noise(seed, 0.08, 0.8, 1, kFiveMinutes);
                QVERIFY2(cycleAmplitude(x) > 0.1, qPrintable(QString::number(period)));
            }
        }
    }

    void aCycleThatKeepsNoTimeOrIsNoSineIsFound() {
        for (const Shape shape : {Shape::Square, Shape::Saw}) {
            for (std::uint64_t seed = 1; seed <= 10; ++seed) {
                const Series x = cycle(seed, 0.15, 14, shape, 0.15, kFiveMinutes) +
                                 noise(seed, 0.08, 0.5, 3, kFiveMinutes);
                QVERIFY(cycleAmplitude(x) > 0.1);
            }
        }
    }

    void aLongCycleIsFoundInALongSeries() {
        const Series x =
            cycle(1, 0.15, 100, Shape::Saw, 0.1, 3'000) + noise(1, 0.03, 0.8, 3, 3'000);
        QVERIFY(cycleAmplitude(x) > 0.1);
    }

    void aTrendAndNothingAreNoCycle() {
        Series x;
        for (std::size_t k = 0; k < kHalfAMinute; ++k) {
            x.push_back(1 + 0.01 * static_cast<double>(k));
        }
        QCOMPARE(cycleAmplitude(x), 0.0);
        QCOMPARE(cycleAmplitude(Series(kHalfAMinute, 7)), 0.0);
        QCOMPARE(cycleAmplitude({}), 0.0);
        QCOMPARE(cycleAmplitude(cycle(1, 0.15, 5, Shape::Sine, 0, 39)), 0.0);  // too short
        QVERIFY(cycleAmplitude(cycle(1, 0.15, 5, Shape::Sine, 0, 100)) > 0.1);
    }
};

LEVEE_TEST(CycleTest)
#include "cycle_test.moc"
