// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/timeouts.h"

#include <QTest>
#include <cmath>
#include <set>

#include "tests/support/test_registry.h"

using levee::simulator::Timeouts;

namespace {

bool isNeverOver(const Timeouts::Entry&) {
    return false;
}

}  // namespace

class TimeoutsTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsDueIsToldAndWhatIsOverIsDropped() {
        Timeouts timeouts;
        std::set<std::uint32_t> over;
        for (std::uint32_t k = 0; k < 100; ++k) {  // grows past its first size
            timeouts.push({1.0 + k, k, 0}, isNeverOver);
            if (k % 3 != 0) {
                over.insert(k);
            }
        }
        std::vector<std::uint32_t> due;
        const auto isOver = [&](const Timeouts::Entry& e) { return over.contains(e.request); };
        const auto onDue = [&](std::uint32_t k) { due.push_back(k); };
        QCOMPARE(timeouts.expire(0.5, isOver, onDue), 1.0);
        QVERIFY(due.empty());
        QCOMPARE(timeouts.expire(4, isOver, onDue), 7.0);  // 4 and 5 are over
        QCOMPARE(due, (std::vector<std::uint32_t>{0, 3}));
        timeouts.push({101, 500, 0}, isNeverOver);
        due.clear();
        QVERIFY(std::isinf(timeouts.expire(1000, isOver, onDue)));
        QCOMPARE(due.size(), 33U);
        QCOMPARE(due.back(), 500U);
    }

    void whatIsOverDoesNotPileUp() {
        Timeouts timeouts;
        for (std::uint32_t k = 0; k < 10'000; ++k) {  // three are under way at any time
            timeouts.push({1e6 + k, k, 0},
                          [&](const Timeouts::Entry& e) { return e.request + 3 <= k; });
            QVERIFY(timeouts.size() <= 3);
        }
    }

    void whatIsPushedWhileExpiringWaitsItsTurn() {
        Timeouts timeouts;
        timeouts.push({1, 1, 0}, isNeverOver);
        std::vector<std::uint32_t> due;
        const double next = timeouts.expire(1, isNeverOver, [&](std::uint32_t k) {
            due.push_back(k);
            for (std::uint32_t i = 0; i < 40; ++i) {
                timeouts.push({2, 100 + i, 0}, isNeverOver);
            }
        });
        QCOMPARE(due, (std::vector<std::uint32_t>{1}));
        QCOMPARE(next, 2.0);
    }
};

LEVEE_TEST(TimeoutsTest)
#include "timeouts_test.moc"
