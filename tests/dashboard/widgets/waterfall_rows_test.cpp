// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/waterfall/waterfall_rows.h"

#include <QTest>

#include "tests/support/demo_snapshot.h"
#include "tests/support/test_registry.h"

using namespace levee;

class WaterfallRowsTest : public QObject {
    Q_OBJECT
private slots:
    void parentsStandBeforeTheirChildren() {
        const Trace trace = test::demoTrace(1, 1.0);
        const Waterfall waterfall = layOutWaterfall(trace);
        QCOMPARE(waterfall.rows.size(), trace.spans.size());
        QVERIFY(std::abs(waterfall.seconds - 1.0) < 1e-6);
        QCOMPARE(waterfall.rows[0].depth, 0);
        for (std::size_t i = 1; i < waterfall.rows.size(); ++i)
            QVERIFY(waterfall.rows[i].depth <= waterfall.rows[i - 1].depth + 1);
    }
    void theWayThatTheEndWaitedForIsMarked() {
        const Trace trace = test::demoTrace(1, 1.0);
        std::vector<std::uint64_t> way;
        for (const WaterfallRow& row : layOutWaterfall(trace).rows)
            if (row.isCritical)
                way.push_back(trace.spans[row.span].id);
        QCOMPARE(way, (std::vector<std::uint64_t>{1, 2, 3, 5, 6, 10, 11}));
    }
    void ownTimeLeavesOutWhatChildrenCoverOnce() {
        Trace trace;
        trace.spans = {span(1, 0, 0, 100), span(2, 1, 10, 60), span(3, 1, 40, 80),
                       span(4, 1, 90, 200)};
        const Waterfall waterfall = layOutWaterfall(trace);
        QCOMPARE(waterfall.rows[0].selfSeconds, 20e-9);  // 0-10 and 80-90
    }
    void aMissingParentIsARootAndACycleIsCut() {
        Trace trace;
        trace.spans = {span(1, 99, 0, 10), span(2, 3, 0, 10), span(3, 2, 0, 10), span(4, 4, 0, 10)};
        const Waterfall waterfall = layOutWaterfall(trace);
        QCOMPARE(waterfall.rows.size(), std::size_t{4});
        QCOMPARE(layOutWaterfall({}).rows.size(), std::size_t{0});
    }
    void timesThatRunBackwardsBreakNothing() {
        Trace trace;
        trace.spans = {span(1, 0, 100, 50), span(2, 1, 20, 30)};
        for (const WaterfallRow& row : layOutWaterfall(trace).rows)
            QVERIFY(row.start >= 0 && row.seconds >= 0 && row.selfSeconds >= 0);
    }

private:
    static TraceSpan span(std::uint64_t id, std::uint64_t parent, std::uint64_t from,
                          std::uint64_t to) {
        TraceSpan span;
        span.id = id;
        span.parent = parent;
        span.startNanos = from;
        span.endNanos = to;
        return span;
    }
};

LEVEE_TEST(WaterfallRowsTest)
#include "waterfall_rows_test.moc"
