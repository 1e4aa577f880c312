// SPDX-License-Identifier: Apache-2.0
#include "agent/control/log_sampling.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class LogSamplingTest : public QObject {
    Q_OBJECT
    MonotonicTime now_{1h};

    std::uint32_t after(LogSampling& sampling, LogSampling::Window window, Duration time) {
        for (const MonotonicTime end = now_ + time; now_ < end;) {
            now_ += 100ms;
            window.requests = window.perSecond / 10;
            sampling.tick(window, 5000, now_);
        }
        return sampling.every();
    }
private slots:
    void upToTheThresholdAllAreLoggedAndOnePastItNot() {
        LogSampling sampling;
        QCOMPARE(after(sampling, {.perSecond = 5000}, 5s), 1U);
        QCOMPARE(after(sampling, {.perSecond = 5001}, 5s), 2U);
        QCOMPARE(after(sampling, {.perSecond = 5000}, 100ms), 1U);
    }
    void aboutHalfTheThresholdIsLeft() {
        LogSampling sampling;
        QCOMPARE(after(sampling, {.perSecond = 50'000}, 5s), 20U);
    }
    void neverMoreThanOneInAHundred() {
        LogSampling sampling;
        QCOMPARE(after(sampling, {.perSecond = 250'000}, 5s), 100U);
        QCOMPARE(after(sampling, {.perSecond = 1e9}, 5s), 100U);
    }
    void aRateThatWaversMovesNothing() {
        LogSampling sampling;
        QCOMPARE(after(sampling, {.perSecond = 50'000}, 5s), 20U);
        QCOMPARE(after(sampling, {.perSecond = 73'000}, 5s), 20U);
        QCOMPARE(after(sampling, {.perSecond = 34'000}, 5s), 20U);
        QCOMPARE(after(sampling, {.perSecond = 75'000}, 5s), 30U);
        QCOMPARE(after(sampling, {.perSecond = 50'000}, 5s), 20U);
    }
    void itBeginsAfterASecondOfCalm() {
        LogSampling sampling;
        QCOMPARE(after(sampling, {.perSecond = 50'000}, 1s), 1U);
        QCOMPARE(after(sampling, {.perSecond = 50'000}, 100ms), 20U);
    }
    void whereMuchGoesWrongAllAreLogged() {
        LogSampling sampling;
        QCOMPARE(after(sampling, {.perSecond = 50'000, .bad = 250}, 5s), 20U);
        QCOMPARE(after(sampling, {.perSecond = 50'000, .bad = 251}, 100ms), 1U);
        QCOMPARE(after(sampling, {.perSecond = 50'000}, 1s), 1U);
        QCOMPARE(after(sampling, {.perSecond = 50'000}, 100ms), 20U);
        QCOMPARE(after(sampling, {.perSecond = 50'000, .mayMiss = false}, 100ms), 1U);
    }
};

LEVEE_TEST(LogSamplingTest)
#include "log_sampling_test.moc"
