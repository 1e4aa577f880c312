// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/timeline/timeline_band.h"

#include <QSignalSpy>
#include <QTest>

#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

class TimelineBandTest : public QObject {
    Q_OBJECT
private slots:
    void timesAndPixelsAreEachOthersInverse() {
        const TimelineScale scale{10'000, 20'000, 100, 600};
        QCOMPARE(scale.xOf(10'000), 100.0);
        QCOMPARE(scale.xOf(15'000), 350.0);
        QCOMPARE(scale.millisAt(scale.xOf(17'300)), std::int64_t{17'300});
    }
    void marksThatCoverEachOtherAreOneAndTheWorstShows() {
        const TimelineScale scale{0, 1'000, 0, 1'000};
        const std::vector<TimelineMark> marks = {
            {"a", 100, 0, VisualState::Ok, "a"},       {"b", 105, 0, VisualState::Failing, "b"},
            {"c", 110, 0, VisualState::Degraded, "c"}, {"d", 400, 0, VisualState::Ok, "d"},
            {"e", 105, 1, VisualState::Ok, "e"},       {"out", 2'000, 0, VisualState::Ok, "out"}};
        const auto clusters = clusterMarks(marks, scale, 16);
        QCOMPARE(clusters.size(), std::size_t{3});
        QCOMPARE(clusters[0].members, (std::vector<std::size_t>{0, 1, 2}));
        QCOMPARE(clusters[0].shown, std::size_t{1});
        QCOMPARE(clusters[0].x, 105.0);
        QCOMPARE(clusters[1].x, 400.0);
        QCOMPARE(clusters[2].lane, 1);
    }
    void aRowOfCloseMarksIsNotOneEndlessCluster() {
        const TimelineScale scale{0, 1'000, 0, 1'000};
        std::vector<TimelineMark> marks;
        for (int i = 0; i < 100; ++i)
            marks.push_back({std::to_string(i), i * 10, 0, VisualState::Ok, {}});
        for (const TimelineCluster& cluster : clusterMarks(marks, scale, 16))
            QVERIFY(cluster.members.size() <= 2);
    }
    void theOneThatShowsIsNotCoveredByTheNext() {
        const TimelineScale scale{0, 1'000, 0, 1'000};
        const std::vector<TimelineMark> marks = {{"a", 100, 0, VisualState::Ok, {}},
                                                 {"b", 115, 0, VisualState::Failing, {}},
                                                 {"c", 120, 0, VisualState::Failing, {}},
                                                 {"d", 140, 0, VisualState::Failing, {}}};
        const auto clusters = clusterMarks(marks, scale, 16);
        QCOMPARE(clusters.size(), std::size_t{3});
        QCOMPARE(clusters[0].members, (std::vector<std::size_t>{0, 1}));
        QCOMPARE(clusters[0].shown, std::size_t{1});
        QCOMPARE(clusters[0].x, 104.0);
        QCOMPARE(clusters[1].x, 120.0);
        QCOMPARE(clusters[2].x, 140.0);
    }
    void ticksAreRoundAndApart() {
        const TimelineScale scale{1'234'567, 1'234'567 + 900'000, 0, 1'000};
        const auto ticks = axisTicks(scale, 90);
        QVERIFY(ticks.size() >= 5 && ticks.size() <= 11);
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            QCOMPARE(ticks[i] % 60'000, std::int64_t{0});
            QVERIFY(i == 0 || scale.xOf(ticks[i]) - scale.xOf(ticks[i - 1]) >= 90);
        }
    }
    void theKeyboardWalksThroughTheMarks() {
        ThemeController themes(ThemeChoice::Dark);
        TimelineBand band(themes, {"guards", "notes"});
        band.resize(800, band.sizeHint().height());
        band.setRange(0, 10'000);
        band.setMarks({{"late", 9'000, 0, VisualState::Ok, "late"},
                       {"early", 1'000, 1, VisualState::Failing, "early"}});
        QSignalSpy chosen(&band, &TimelineBand::markChosen);
        QSignalSpy activated(&band, &TimelineBand::markActivated);
        connect(&band, &TimelineBand::markChosen, &band, &TimelineBand::setChosen);
        QTest::keyClick(&band, Qt::Key_Left);  // the newest first
        QTest::keyClick(&band, Qt::Key_Left);
        QTest::keyClick(&band, Qt::Key_Left);  // there is none before
        QTest::keyClick(&band, Qt::Key_Return);
        QCOMPARE(chosen.size(), 3);
        QCOMPARE(chosen[0][0].value<std::string>(), std::string("late"));
        QCOMPARE(chosen[2][0].value<std::string>(), std::string("early"));
        QCOMPARE(activated.size(), 1);
        QVERIFY(band.accessibleDescription().contains("early"));
        QTest::mouseClick(&band, Qt::LeftButton, {}, band.markRect("late").center().toPoint());
        QCOMPARE(chosen.last()[0].value<std::string>(), std::string("late"));
    }
};

LEVEE_TEST(TimelineBandTest)
#include "timeline_band_test.moc"
