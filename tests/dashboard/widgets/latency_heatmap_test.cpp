// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/chart/latency_heatmap.h"

#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/chart/heat_colors.h"
#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {
constexpr std::int64_t kFrom = 1'700'000'000'000;
constexpr int kRows = 20;
}  // namespace

class LatencyHeatmapTest : public QObject {
    Q_OBJECT

    /// 30 columns of 2 s: 5 requests in row 8, 400 in row 9; from column 20 on one in row 14.
    static HeatmapData someData() {
        HeatmapData data;
        data.fromMillis = data.knownFrom = kFrom;
        data.sliceMillis = 2'000;
        data.columns = 30;
        data.knownUntil = kFrom + 58'000;
        data.rows = kRows;
        data.counts.assign(data.columns * kRows, 0);
        for (std::size_t column = 0; column < data.columns; ++column) {
            data.counts[column * kRows + 8] = 5;
            data.counts[column * kRows + 9] = 400;
            if (column >= 20)
                data.counts[column * kRows + 14] = 1;
        }
        for (int row = 0; row <= kRows; ++row)
            data.bounds.push_back(0.001 * std::exp2(row / 2.0));
        return data;
    }
    /// Rows 7 to 15 are in sight.
    QPoint centreOf(int column, int row) const {
        const QRectF area = QRectF(map_->rect()).adjusted(62, 34, -8, -24);
        return QPointF(area.left() + area.width() * (column + 0.5) / 30,
                       area.bottom() - area.height() * (row - 7 + 0.5) / 9)
            .toPoint();
    }
    void drag(QPoint from, QPoint to) {
        QTest::mousePress(map_.get(), Qt::LeftButton, {}, from);
        // Offscreen, a moved mouse holds no button: the event is made here.
        QMouseEvent move(QEvent::MouseMove, QPointF(to), map_->mapToGlobal(QPointF(to)),
                         Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(map_.get(), &move);
        QTest::mouseRelease(map_.get(), Qt::LeftButton, {}, to);
    }
private slots:
    void init() {
        QLocale::setDefault(QLocale::c());
        map_ = std::make_unique<LatencyHeatmap>(themes_);
        map_->resize(700, 240);
        map_->setTitle("Requests by latency");
        map_->setTimeRange(kFrom, kFrom + 60'000);
        map_->setData(someData());
        map_->show();
    }
    void coloursGoWithTheLogOfTheCount() {
        const QImage picture = map_->grab().toImage();
        const Theme& theme = themes_.theme();
        const auto at = [&](int column, int row) {
            return picture.pixelColor(centreOf(column, row));
        };
        QCOMPARE(at(3, 9), heatColors(theme)[5]);
        QCOMPARE(at(22, 14), heatColors(theme)[0]);
        QCOMPARE(at(3, 14), theme.surface);  // none
        const int middle = at(3, 8).lightness();
        QVERIFY(middle > heatColors(theme)[0].lightness() &&
                middle < heatColors(theme)[5].lightness());
    }
    void whatIsNotKnownIsHatchedAndIsNotZero() {
        HeatmapData late = someData();
        late.knownFrom = kFrom + 20'000;
        for (std::size_t i = 0; i < 10 * kRows; ++i)
            late.counts[i] = 0;
        map_->setData(late);
        const QImage picture = map_->grab().toImage();
        const QRect unknown(centreOf(2, 12), centreOf(8, 10));
        const QRect known(centreOf(12, 12), centreOf(18, 11));
        const auto colours = [&](const QRect& area) {
            QSet<QRgb> set;
            for (int y = area.top(); y <= area.bottom(); ++y)
                for (int x = area.left(); x <= area.right(); ++x)
                    set.insert(picture.pixel(x, y));
            return set.size();
        };
        QVERIFY(colours(unknown) > 1);
        QCOMPARE(colours(known), qsizetype{1});
    }
    void thePointerReadsACell() {
        const QSignalSpy moved(map_.get(), &LatencyHeatmap::crosshairMoved);
        QTest::mouseMove(map_.get(), centreOf(3, 9));
        QTRY_VERIFY(map_->readOut().contains("400"));
        // Row 9: 1 ms * 2^4.5 to 1 ms * 2^5.
        QVERIFY2(map_->readOut().contains("22.6 ms to 32 ms"), qPrintable(map_->readOut()));
        QVERIFY(moved.count() >= 1);
        const auto at = moved.last().first().toLongLong();
        QVERIFY(at >= kFrom + 6'000 && at < kFrom + 8'000);
        QTest::mouseMove(map_.get(), centreOf(29, 9));
        QTRY_VERIFY(map_->readOut().contains("not known"));
    }
    void draggingChoosesABoxAndAClickBesideItLetsGo() {
        std::vector<std::optional<HeatmapBox>> told;
        connect(map_.get(), &LatencyHeatmap::boxChosen, this,
                [&](const std::optional<HeatmapBox>& box) { told.push_back(box); });
        drag(centreOf(24, 13), centreOf(20, 15));
        QCOMPARE(told.size(), std::size_t{1});
        QCOMPARE(told[0], (HeatmapBox{kFrom + 40'000, kFrom + 50'000, 13, 15}));
        // Beyond the edge it ends at the edge.
        drag(centreOf(20, 13), QPoint(2'000, -50));
        QCOMPARE(told.at(1), (HeatmapBox{kFrom + 40'000, kFrom + 60'000, 13, 15}));
        QTest::mouseClick(map_.get(), Qt::LeftButton, {}, centreOf(22, 14));
        QCOMPARE(told.size(), std::size_t{2});
        QTest::mouseClick(map_.get(), Qt::LeftButton, {}, centreOf(3, 9));
        QCOMPARE(told.size(), std::size_t{3});
        QVERIFY(!told[2] && !map_->box());
    }
    void theKeyboardDoesAllOfIt() {
        map_->activateWindow();
        map_->setFocus();
        QTRY_VERIFY(map_->hasFocus());
        std::vector<std::optional<HeatmapBox>> told;
        connect(map_.get(), &LatencyHeatmap::boxChosen, this,
                [&](const std::optional<HeatmapBox>& box) { told.push_back(box); });
        QTest::keyClick(map_.get(), Qt::Key_Right);  // the cursor comes up at the newest requests
        QVERIFY(map_->accessibleDescription().contains("not known"));
        QTest::keyClick(map_.get(), Qt::Key_Left);
        QVERIFY2(map_->readOut().contains(": 1 request"), qPrintable(map_->readOut()));
        QTest::keyClick(map_.get(), Qt::Key_Left, Qt::ShiftModifier);
        QTest::keyClick(map_.get(), Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(told.size(), std::size_t{2});
        QCOMPARE(told[1], (HeatmapBox{kFrom + 54'000, kFrom + 58'000, 13, 14}));
        QTest::keyClick(map_.get(), Qt::Key_Escape);
        QCOMPARE(told.size(), std::size_t{3});
        QVERIFY(!told[2]);
    }
    void aBoxStaysAtItsTimeWhenTimePasses() {
        map_->setBox(HeatmapBox{kFrom + 40'000, kFrom + 50'000, 13, 15});
        const QImage before = map_->grab().toImage();
        HeatmapData next = someData();
        next.fromMillis += 10'000;
        map_->setTimeRange(kFrom + 10'000, kFrom + 70'000);
        map_->setData(next);
        QCOMPARE(*map_->box(), (HeatmapBox{kFrom + 40'000, kFrom + 50'000, 13, 15}));
        QVERIFY(map_->grab().toImage() != before);
    }
    void withoutARequestItSaysWhy() {
        HeatmapData empty = someData();
        std::ranges::fill(empty.counts, 0U);
        map_->setData(empty);
        map_->setEmptyText("asking");
        const QImage one = map_->grab().toImage();
        map_->setEmptyText("nothing was asked of it");
        QVERIFY(map_->grab().toImage() != one);
        QTest::keyClick(map_.get(), Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(!map_->box());
        map_->setData({});
        map_->grab();
        drag(QPoint(200, 100), QPoint(300, 150));
        QVERIFY(!map_->box());
    }

private:
    ThemeController themes_{ThemeChoice::Dark};
    std::unique_ptr<LatencyHeatmap> map_;
};

LEVEE_TEST(LatencyHeatmapTest)
#include "latency_heatmap_test.moc"
