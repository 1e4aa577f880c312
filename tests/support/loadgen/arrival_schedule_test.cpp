// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/arrival_schedule.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::loadgen;
using namespace std::chrono_literals;

namespace {

/// How many requests fall into [from, to), reading the schedule up to `to`.
std::size_t countBetween(ArrivalSchedule schedule, Duration from, Duration to) {
    std::size_t count = 0;
    for (auto due = schedule.next(); due && *due < to; due = schedule.next())
        count += *due >= from ? 1 : 0;
    return count;
}

}  // namespace

class ArrivalScheduleTest : public QObject {
    Q_OBJECT
private slots:
    void evenArrivalsAreOneGapApart() {
        ArrivalSchedule schedule({{0s, 100}}, Arrivals::Even, 1);
        QCOMPARE(*schedule.next(), Duration(10ms));
        QCOMPARE(*schedule.next(), Duration(20ms));
    }
    void poissonArrivalsHaveTheRateAsTheirMean() {
        const ArrivalSchedule schedule({{0s, 1000}}, Arrivals::Poisson, 7);
        const auto count = countBetween(schedule, 0s, 100s);
        // Five standard deviations of a Poisson count of 100,000.
        QVERIFY2(count > 98'400 && count < 101'600, qPrintable(QString::number(count)));
    }
    void poissonGapsVaryAsMuchAsTheirMean() {
        ArrivalSchedule schedule({{0s, 1000}}, Arrivals::Poisson, 7);
        double sum = 0, squares = 0, last = 0;
        constexpr int kCount = 50'000;
        for (int i = 0; i < kCount; ++i) {
            const double at = toSeconds(*schedule.next());
            sum += at - last;
            squares += (at - last) * (at - last);
            last = at;
        }
        const double mean = sum / kCount;
        const double deviation = std::sqrt(squares / kCount - mean * mean);
        QVERIFY(std::abs(deviation / mean - 1) < 0.05);
    }
    void theSameSeedGivesTheSameTimes() {
        ArrivalSchedule a({{0s, 50}}, Arrivals::Poisson, 3), b({{0s, 50}}, Arrivals::Poisson, 3);
        ArrivalSchedule other({{0s, 50}}, Arrivals::Poisson, 4);
        QCOMPARE(*a.next(), *b.next());
        QVERIFY(*a.next() != *other.next());
    }
    void stepsFollowEachOtherAtTheirOwnRate() {
        // Powers of two, so that the times are exact: the 1280th request is due at 10 s sharp.
        const ArrivalSchedule schedule({{10s, 128}, {20s, 512}, {0s, 16}}, Arrivals::Even, 1);
        QCOMPARE(countBetween(schedule, 0s, 10s), std::size_t{1279});
        QCOMPARE(countBetween(schedule, 10s, 30s), std::size_t{10'240});
        QCOMPARE(countBetween(schedule, 30s, 40s), std::size_t{160});
    }
    void aGapGoesOnAcrossTheBorderOfAStep() {
        // Half a gap at 1/s, the other half at 100/s.
        ArrivalSchedule schedule({{500ms, 1}, {0s, 100}}, Arrivals::Even, 1);
        QCOMPARE(*schedule.next(), Duration(505ms));
    }
    void aSilentStepIsSilent() {
        const ArrivalSchedule schedule({{1s, 10}, {5s, 0}, {0s, 10}}, Arrivals::Even, 1);
        QCOMPARE(countBetween(schedule, 1001ms, 6s), std::size_t{0});
        QVERIFY(countBetween(schedule, 6s, 7s) >= 9);
    }
    void nothingComesAfterALastStepOfZero() {
        ArrivalSchedule schedule({{1s, 2}, {0s, 0}}, Arrivals::Even, 1);
        QVERIFY(schedule.next());
        while (schedule.next()) {
        }
        QVERIFY(!schedule.next());
    }
};

LEVEE_TEST(ArrivalScheduleTest)
#include "arrival_schedule_test.moc"
