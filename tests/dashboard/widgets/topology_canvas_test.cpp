// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/topology_canvas.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "dashboard/widgets/theme.h"
#include "tests/dashboard/widgets/gallery_scenes.h"
#include "tests/support/test_registry.h"

using namespace levee;

class TopologyCanvasTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        canvas_ = std::make_unique<TopologyCanvas>(themes_);
        canvas_->setAnimated(false);
        canvas_->resize(1600, 1000);
        canvas_->setScene(gallery::shopInTrouble());
        canvas_->setState(CanvasState::Live);
        canvas_->show();
    }
    void cleanup() { canvas_.reset(); }

    void theFirstSceneIsFittedAndReadable() {
        for (const CardData& card : canvas_->scene().cards)
            QVERIFY2(QRectF(canvas_->rect()).contains(canvas_->nodeRect(card.id)),
                     qPrintable(card.id));
        QCOMPARE(canvas_->geometryOfView().detail(), DetailLevel::Cards);
    }
    void aClickSelectsANodeOrAnEdge() {
        const QSignalSpy nodes(canvas_.get(), &TopologyCanvas::nodeSelected);
        const QSignalSpy edges(canvas_.get(), &TopologyCanvas::edgeSelected);
        click(canvas_->nodeRect("payment").center());
        QCOMPARE(canvas_->selectedNode(), QString("payment"));
        QCOMPARE(nodes.count(), 1);
        click(canvas_->edgePoint("gateway", "storefront"));
        QCOMPARE(canvas_->selectedEdge().second, QString("storefront"));
        QCOMPARE(edges.count(), 1);
        QVERIFY(canvas_->selectedNode().isEmpty());
    }
    void aDoubleClickActivates() {
        const QSignalSpy spy(canvas_.get(), &TopologyCanvas::nodeActivated);
        click(canvas_->nodeRect("cart").center());
        QTest::mouseDClick(canvas_.get(), Qt::LeftButton, {},
                           canvas_->nodeRect("cart").center().toPoint());
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy.first().first().toString(), QString("cart"));
    }
    void arrowsWalkAlongEdges() {
        for (const auto& [key, id] :
             std::initializer_list<std::pair<Qt::Key, const char*>>{{Qt::Key_Right, "users"},
                                                                    {Qt::Key_Right, "gateway"},
                                                                    {Qt::Key_Right, "storefront"},
                                                                    {Qt::Key_Right, "catalog"},
                                                                    {Qt::Key_Down, "checkout"},
                                                                    {Qt::Key_Left, "storefront"}}) {
            QTest::keyClick(canvas_.get(), key);
            QCOMPARE(canvas_->selectedNode(), QString(id));
        }
        const QSignalSpy spy(canvas_.get(), &TopologyCanvas::nodeActivated);
        QTest::keyClick(canvas_.get(), Qt::Key_Return);
        QCOMPARE(spy.count(), 1);
        QTest::keyClick(canvas_.get(), Qt::Key_Escape);
        QVERIFY(canvas_->selectedNode().isEmpty());
    }
    void draggingACardPinsIt() {
        const QSignalSpy spy(canvas_.get(), &TopologyCanvas::pinsChanged);
        const QRectF before = canvas_->nodeRect("cart");
        drag(before.center().toPoint(), {40, 60});
        QCOMPARE(spy.count(), 1);
        QVERIFY(canvas_->pins().contains("cart"));
        QVERIFY((canvas_->nodeRect("cart").center() - before.center() - QPointF(40, 60))
                    .manhattanLength() < 2);
    }
    void draggingTheGroundPans() {
        const QRectF before = canvas_->nodeRect("cart");
        drag({20, 900}, {50, -30});
        QVERIFY((canvas_->nodeRect("cart").topLeft() - before.topLeft() - QPointF(50, -30))
                    .manhattanLength() < 1);
        QVERIFY(canvas_->pins().isEmpty());
    }
    void keysZoomAndFit() {
        const double fitted = canvas_->geometryOfView().zoom();
        QTest::keyClick(canvas_.get(), Qt::Key_Plus);
        QVERIFY(canvas_->geometryOfView().zoom() > fitted);
        QTest::keyClick(canvas_.get(), Qt::Key_0);
        QCOMPARE(canvas_->geometryOfView().zoom(), fitted);
    }
    void newNumbersMoveNothing() {
        const QRectF before = canvas_->nodeRect("payment");
        GraphScene scene = gallery::shopInTrouble();
        for (CardData& card : scene.cards)
            card.rate = "1/s";
        canvas_->setScene(scene);
        QCOMPARE(canvas_->nodeRect("payment"), before);
    }
    void edgesThatGoTakeTheirRoutesWithThemAtOnce() {
        canvas_->setAnimated(true);
        GraphScene scene = gallery::shopInTrouble();
        scene.edges.erase(scene.edges.begin(), scene.edges.end() - 1);
        const EdgeData last = scene.edges.front();
        canvas_->setScene(scene);
        const QPixmap painted = canvas_->grab();  // before the animation's first step
        QVERIFY(!painted.isNull());
        const QRectF both = canvas_->nodeRect(last.from).united(canvas_->nodeRect(last.to));
        QVERIFY(both.adjusted(-40, -40, 40, 40).contains(canvas_->edgePoint(last.from, last.to)));
    }
    void aNewServiceMovesNoOther() {
        canvas_->zoomIn();  // the view is now the person's
        const QRectF before = canvas_->nodeRect("payment");
        GraphScene scene = gallery::shopInTrouble();
        scene.cards.push_back({});
        scene.cards.back().id = "fraud";
        EdgeData edge;
        edge.from = "payment";
        edge.to = "fraud";
        scene.edges.push_back(edge);
        canvas_->setScene(scene);
        QCOMPARE(canvas_->nodeRect("payment"), before);
        QVERIFY(!canvas_->nodeRect("fraud").isNull());
    }
    void aFleetThatIsBeingDiscoveredIsLaidOutAnew() {
        GraphScene whole = gallery::shopAllWell();
        GraphScene part = whole;
        part.edges.clear();
        canvas_->setScene({});
        canvas_->setScene(part);
        canvas_->setScene(whole);
        QVERIFY(canvas_->nodeRect("users").right() < canvas_->nodeRect("gateway").left());
        QVERIFY(canvas_->nodeRect("gateway").right() < canvas_->nodeRect("storefront").left());
    }
    void whatIsGoneIsNoLongerSelected() {
        canvas_->selectNode("cart");
        canvas_->setScene({});
        QVERIFY(canvas_->selectedNode().isEmpty());
        QVERIFY(!canvas_->grab().isNull());
    }
    void aNodeIsDescribedInWords() {
        QCOMPARE(canvas_->describeNode("payment"),
                 QString("payment, service, failing, 388/s requests, 22.1 % errors, p99 2.40 s, "
                         "2 instances, LIMIT 24, OVERRIDE 21 min"));
    }
    void hostileNamesBreakNothing() {
        GraphScene scene;
        for (const QString& id : {QString(10'000, 'x'), QString("<img src=x>"), QString("a\nb\0c"),
                                  QString::fromUtf8("خدمة"), QString::fromUtf8("支付😀")}) {
            scene.cards.push_back({});
            scene.cards.back().id = id;
        }
        canvas_->setScene(scene);
        QVERIFY(!canvas_->grab().isNull());
    }
    void fiveHundredCardsTimes() {
        QElapsedTimer timer;
        timer.start();
        canvas_->setScene(gallery::largeFleet(500));
        const auto layout = timer.restart();
        canvas_->grab();
        const auto first = timer.restart();
        drag({20, 900}, {50, -30});
        canvas_->grab();
        qInfo("500 cards: scene %lld ms, first paint %lld ms, pan and paint %lld ms", layout, first,
              timer.elapsed());
    }

private:
    void click(const QPointF& at) {
        QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at.toPoint());
    }
    void drag(const QPoint& from, const QPoint& by) {
        QTest::mousePress(canvas_.get(), Qt::LeftButton, {}, from);
        QTest::mouseMove(canvas_.get(), from + by / 2);
        QTest::mouseMove(canvas_.get(), from + by);
        QTest::mouseRelease(canvas_.get(), Qt::LeftButton, {}, from + by);
    }

    ThemeController themes_{ThemeChoice::Dark};
    std::unique_ptr<TopologyCanvas> canvas_;
};

LEVEE_TEST(TopologyCanvasTest)
#include "topology_canvas_test.moc"
