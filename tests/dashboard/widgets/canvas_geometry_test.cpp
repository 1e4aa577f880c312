// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/canvas_geometry.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;

class CanvasGeometryTest : public QObject {
    Q_OBJECT
private slots:
    void viewAndSceneMapBackAndForth() {
        CanvasGeometry geometry;
        geometry.setViewSize({800, 600});
        geometry.zoomAt({100, 50}, 1.7);
        geometry.panBy({33, -12});
        const QPointF point(123, 456);
        const QPointF back = geometry.toScene(geometry.toView(point));
        QVERIFY(std::abs(back.x() - point.x()) < 1e-9 && std::abs(back.y() - point.y()) < 1e-9);
    }
    void thePointUnderThePointerStaysWhereItIs() {
        CanvasGeometry geometry;
        geometry.setViewSize({800, 600});
        const QPointF anchor(321, 222);
        const QPointF before = geometry.toScene(anchor);
        for (const double factor : {1.2, 1.2, 0.3, 2.5}) {
            geometry.zoomAt(anchor, factor);
            QVERIFY((geometry.toScene(anchor) - before).manhattanLength() < 1e-9);
        }
    }
    void zoomStopsAtItsLimits() {
        CanvasGeometry geometry;
        geometry.zoomAt({0, 0}, 1e9);
        QCOMPARE(geometry.zoom(), CanvasGeometry::kMaxZoom);
        geometry.zoomAt({0, 0}, 1e-9);
        QCOMPARE(geometry.zoom(), CanvasGeometry::kMinZoom);
    }
    void fittingShowsAllOfItInTheMiddle() {
        CanvasGeometry geometry;
        geometry.setViewSize({800, 600});
        const QRectF bounds(-100, 40, 3000, 900);
        geometry.fit(bounds, 20, 1);
        const QRectF shown = geometry.toView(bounds);
        QVERIFY(QRectF(19.9, 19.9, 760.2, 560.2).contains(shown));
        QVERIFY((shown.center() - QPointF(400, 300)).manhattanLength() < 1e-6);
        geometry.fit(QRectF(0, 0, 10, 10), 20, 1.25);
        QCOMPARE(geometry.zoom(), 1.25);
    }
    void revealingPansNoMoreThanItMust() {
        CanvasGeometry geometry;
        geometry.setViewSize({800, 600});
        geometry.reveal({100, 100, 50, 50}, 10);
        QCOMPARE(geometry.offset(), QPointF(0, 0));
        geometry.reveal({900, 100, 50, 50}, 10);
        QCOMPARE(geometry.offset(), QPointF(-160, 0));
    }
    void detailFollowsTheZoom() {
        CanvasGeometry geometry;
        QCOMPARE(geometry.detail(), DetailLevel::Cards);
        geometry.zoomAt({0, 0}, 0.5);
        QCOMPARE(geometry.detail(), DetailLevel::Names);
        geometry.zoomAt({0, 0}, 0.5);
        QCOMPARE(geometry.detail(), DetailLevel::Dots);
    }
    void distanceToARouteIsTheOneToItsCurve() {
        const std::vector<QPointF> route{{0, 0}, {50, 0}, {50, 100}, {100, 100}};
        QVERIFY(distanceToRoute(route, {50, 50}) < 0.5);
        QVERIFY(distanceToRoute(route, {0, 30}) > 15);
        QVERIFY(std::isinf(distanceToRoute({}, {0, 0})));
    }
    void theMiddleLiesAtHalfOfTheLength() {
        const std::vector<QPointF> route{{0, 0}, {30, 0}, {70, 0}, {100, 0}};
        QVERIFY((middleOf(route).point - QPointF(50, 0)).manhattanLength() < 1e-6);
        QVERIFY((middleOf(route).direction - QPointF(1, 0)).manhattanLength() < 1e-6);
    }
};

LEVEE_TEST(CanvasGeometryTest)
#include "canvas_geometry_test.moc"
