// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/tally.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee::simulator;

class TallyTest : public QObject {
    Q_OBJECT
private slots:
    void overlappingIntervalsEachGetTheirOwn() {
        const std::vector<Interval> intervals{{2, 8}, {0, 10}, {5, 6}, {5, 12}, {3, 3}};
        TallyBook book(intervals, 2, 2);
        for (int k = 0; k < 15; ++k) {  // one a second, at the full second
            book.advance(k);
            ++book.at(1, k % 2 == 0 ? 0 : 1).offered;
            book.at(1, 0).latency.record(k + 1);
        }
        const auto offered = [&](std::size_t subject, Interval interval, int level) {
            return book.sum(subject, interval, level).offered;
        };
        QCOMPARE(offered(1, {2, 8}, -1), 6U);
        QCOMPARE(offered(1, {0, 10}, -1), 10U);
        QCOMPARE(offered(1, {5, 6}, -1), 1U);  // from its beginning to before its end
        QCOMPARE(offered(1, {5, 12}, -1), 7U);
        QCOMPARE(offered(1, {3, 3}, -1), 0U);
        QCOMPARE(offered(1, {2, 8}, 0), 3U);
        QCOMPARE(offered(1, {5, 12}, 1), 4U);
        QCOMPARE(offered(0, {0, 10}, -1), 0U);
        QCOMPARE(book.sum(1, {2, 8}, -1).latency.count(), 6U);
        QCOMPARE(book.sum(1, {2, 8}, -1).latency.sum(), 3.0 + 4 + 5 + 6 + 7 + 8);
    }
};

LEVEE_TEST(TallyTest)
#include "tally_test.moc"
