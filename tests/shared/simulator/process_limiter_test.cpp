// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/process_limiter.h"

#include <QTest>
#include <array>

#include "shared/base/random.h"
#include "shared/guard/fixed_limit.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;

namespace {

MonotonicTime at(double seconds) {
    return MonotonicTime(fromSeconds(3600 + seconds));
}

ProcessLimiter limiterOf(std::uint32_t limit, int levels) {
    LimiterSettings settings;
    settings.kind = LimiterKind::Fixed;
    settings.limit = limit;
    return {std::make_unique<FixedLimit>(settings), levels, at(0), 1};
}

/// Three times what the limit of ten takes for 0.1 s each, from 100 users of each of three classes;
/// returns the requests of each class that were admitted in the last second.
std::array<int, 3> admittedUnderOverload(ProcessLimiter& limiter) {
    Random random(5);
    std::array<int, 3> admitted{};
    std::vector<std::pair<double, Permit>> held;
    for (int k = 0; k < 3000; ++k) {
        const double now = k / 300.0;
        while (!held.empty() && held.front().first <= now) {
            held.front().second.success(at(now));
            held.erase(held.begin());
        }
        const auto level = static_cast<int>(random.next() % 3);
        const std::uint64_t userHash = Random(random.next() % 100).next();
        if (auto permit = limiter.admit(level, userHash, at(now))) {
            held.emplace_back(now + 0.1, std::move(*permit));
            admitted[static_cast<std::size_t>(level)] += now >= 9 ? 1 : 0;
        }
        if (k % 30 == 29) {
            limiter.onTick(at(now));
        }
    }
    return admitted;
}

}  // namespace

class ProcessLimiterTest : public QObject {
    Q_OBJECT
private slots:
    void theLimitIsTheNumberOfPermits() {
        ProcessLimiter limiter = limiterOf(2, 0);
        QCOMPARE(limiter.limit(), 2.0);
        std::optional<Permit> one = limiter.admit(0, 0, at(0));
        std::optional<Permit> two = limiter.admit(0, 0, at(0));
        QVERIFY(one && two);
        QVERIFY(!limiter.admit(0, 0, at(0)));
        one->success(at(0.01));
        QVERIFY(limiter.admit(0, 0, at(0.01)).has_value());
    }

    void withoutPrioritiesAllClassesAreAlike() {
        ProcessLimiter limiter = limiterOf(10, 0);
        const std::array<int, 3> admitted = admittedUnderOverload(limiter);
        QVERIFY(std::abs(admitted[0] - admitted[2]) < 25);
        QVERIFY(admitted[0] + admitted[1] + admitted[2] > 85);
    }

    void withPrioritiesTheFirstClassHasTheMost() {
        ProcessLimiter limiter = limiterOf(10, 3);
        const std::array<int, 3> admitted = admittedUnderOverload(limiter);
        QVERIFY2(admitted[0] > 45, QByteArray::number(admitted[0]));
        QVERIFY2(admitted[1] < admitted[0], QByteArray::number(admitted[1]));
        QCOMPARE(admitted[2], 0);
        QVERIFY(admitted[0] + admitted[1] > 75);
    }
};

LEVEE_TEST(ProcessLimiterTest)
#include "process_limiter_test.moc"
