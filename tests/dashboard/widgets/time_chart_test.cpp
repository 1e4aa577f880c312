// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/chart/time_chart.h"

#include <QSignalSpy>
#include <QTest>

#include "dashboard/widgets/theme.h"
#include "tests/dashboard/widgets/gallery_scenes.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {
constexpr std::int64_t kFrom = 1'700'000'000'000;
}

class TimeChartTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        chart_ = std::make_unique<TimeChart>(themes_);
        chart_->resize(700, 220);
        chart_->setUnit(Unit::Seconds);
        chart_->setTimeRange(kFrom, kFrom + 300'000);
        chart_->show();
    }
    void thePointerReadsATime() {
        chart_->setLines(gallery::latencyLines(kFrom));
        const QSignalSpy moved(chart_.get(), &TimeChart::crosshairMoved);
        auto* plot = chart_->findChild<QWidget*>();
        QTest::mouseMove(plot, QPoint(380, 100));
        QTRY_VERIFY(moved.count() >= 1);
        const auto at = moved.last().first().toLongLong();
        QVERIFY(at > kFrom + 100'000 && at < kFrom + 200'000);
    }
    void aSharedCrosshairIsDrawn() {
        chart_->setLines(gallery::latencyLines(kFrom));
        const QImage without = chart_->grab().toImage();
        chart_->setCrosshair(kFrom + 60'000);
        QVERIFY(chart_->grab().toImage() != without);
        chart_->setCrosshair(std::nullopt);
        QCOMPARE(chart_->grab().toImage(), without);
    }
    /// Who looks at the past reads the past in the legend, too.
    void whatCameAfterTheTimeShownIsNotRead() {
        std::vector<ChartLine> lines = gallery::latencyLines(kFrom);
        chart_->setLines(lines);
        const QImage without = chart_->grab().toImage();
        for (ChartLine& line : lines) {
            line.points.push_back({kFrom + 300'001, NAN});
            line.points.push_back({kFrom + 360'000, 99});
        }
        chart_->setLines(lines);
        QCOMPARE(chart_->grab().toImage(), without);
        chart_->setTimeRange(kFrom, kFrom + 361'000);
        QVERIFY(chart_->grab().toImage() != without);
    }
    void aChartWithoutKnownValuesSaysSo() {
        const QImage empty = chart_->grab().toImage();
        chart_->setLines({{"p50", LineTone::First, {{kFrom, NAN}, {kFrom + 1000, NAN}}}});
        chart_->setEmptyText("not measured");
        QVERIFY(chart_->grab().toImage() != empty);
    }
    void aThemeChangeRestylesIt() {
        chart_->setLines(gallery::latencyLines(kFrom));
        const QImage dark = chart_->grab().toImage();
        themes_.setChoice(ThemeChoice::Light);
        QVERIFY(chart_->grab().toImage().pixel(2, 100) != dark.pixel(2, 100));
        themes_.setChoice(ThemeChoice::Dark);
    }

private:
    ThemeController themes_{ThemeChoice::Dark};
    std::unique_ptr<TimeChart> chart_;
};

LEVEE_TEST(TimeChartTest)
#include "time_chart_test.moc"
