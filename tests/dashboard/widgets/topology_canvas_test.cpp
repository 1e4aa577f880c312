// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/topology_canvas.h"

#include <QAccessible>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
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
        canvas_->setEdgeFacts([](const QString& from, const QString& to) {
            return EdgeFacts{from + to, {{from, to}}, from, {{to, 0.1}}};
        });
        canvas_->setScene(gallery::hostileNames());
        for (const int steps : {0, 4, -12}) {
            canvas_->fit();
            for (int i = 0; i < std::abs(steps); ++i)
                steps > 0 ? canvas_->zoomIn() : canvas_->zoomOut();
            for (const CardData& card : canvas_->scene().cards) {
                canvas_->selectNode(card.id);
                QVERIFY(!canvas_->nodeRect(card.id).isNull());
                QVERIFY(!canvas_->describeNode(card.id).contains('\n'));
            }
            const EdgeData& edge = canvas_->scene().edges[1];
            QTest::mouseMove(canvas_.get(), canvas_->edgePoint(edge.from, edge.to).toPoint());
            QVERIFY(!canvas_->grab().isNull());
        }
        QVERIFY(!canvas_->toImage().isNull());
    }
    void aScreenReaderFindsEveryCard() {
        QAccessibleInterface* map = QAccessible::queryAccessibleInterface(canvas_.get());
        QVERIFY(map);
        QCOMPARE(map->childCount(), int(canvas_->scene().cards.size()));
        canvas_->selectNode("payment");
        int selected = 0;
        for (int i = 0; i < map->childCount(); ++i) {
            QAccessibleInterface* card = map->child(i);
            QVERIFY(card && card->isValid());
            QCOMPARE(map->indexOfChild(card), i);
            const QString id = canvas_->scene().cards[std::size_t(i)].id;
            QCOMPARE(card->text(QAccessible::Name), canvas_->describeNode(id));
            QCOMPARE(card->rect().size(), canvas_->nodeRect(id).toAlignedRect().size());
            selected += card->state().selected;
        }
        QCOMPARE(selected, 1);
        QAccessibleInterface* first = map->child(0);
        canvas_->setScene({});
        QVERIFY(!first->isValid());
        QCOMPARE(map->childCount(), 0);
    }
    void aHaloMarksWhatWasFound() {
        const QImage before = canvas_->grab().toImage();
        canvas_->setHighlight({"payment"}, true);
        const QImage found = canvas_->grab().toImage();
        const QRectF box = canvas_->nodeRect("payment");
        const QPoint ring = QPointF(box.left() - 6, box.center().y()).toPoint();
        QVERIFY(found.pixel(ring) != before.pixel(ring));
        canvas_->setHighlight({}, false);
        QCOMPARE(canvas_->grab().toImage().pixel(ring), before.pixel(ring));
    }
    void theMinimapLeadsElsewhere() {
        canvas_->setScene(gallery::largeFleet(59));
        for (int i = 0; i < 8; ++i)
            canvas_->zoomIn();
        const QPointF before = canvas_->geometryOfView().offset();
        click(QPointF(canvas_->width() - 30, canvas_->height() - 30));
        QVERIFY(canvas_->geometryOfView().offset() != before);
        canvas_->setMinimapShown(false);
        const QPointF after = canvas_->geometryOfView().offset();
        click(QPointF(canvas_->width() - 30, canvas_->height() - 30));
        QCOMPARE(canvas_->geometryOfView().offset(), after);
    }
    void theWholeMapIsSavedWhateverIsInSight() {
        for (int i = 0; i < 8; ++i)
            canvas_->zoomIn();
        const QImage image = canvas_->toImage(1);
        QVERIFY(image.width() > 1'000);
        QTemporaryDir directory;
        const QString path = directory.filePath("map.svg");
        QVERIFY(canvas_->saveSvg(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray svg = file.readAll();
        QVERIFY(svg.contains("payment") && svg.contains("</svg>"));
        QVERIFY(!canvas_->saveSvg(directory.filePath("nowhere/map.svg")));
        canvas_->setScene({});
        QVERIFY(canvas_->toImage().isNull());
    }
    void aDoubleClickOnAPinFreesTheCard() {
        drag(canvas_->nodeRect("cart").center().toPoint(), {40, 60});
        const QRectF box = canvas_->nodeRect("cart");
        const double zoom = canvas_->geometryOfView().zoom();
        QTest::mouseDClick(canvas_.get(), Qt::LeftButton, {},
                           QPointF(box.left() + 12 * zoom, box.top() + 2).toPoint());
        QVERIFY(canvas_->pins().isEmpty());
    }
    void aLargeSceneIsShownWhenItsLayoutIsThere() {
        const QSignalSpy shown(canvas_.get(), &TopologyCanvas::sceneShown);
        canvas_->setScene(gallery::largeFleet(200));
        QVERIFY(canvas_->isLayingOut());
        QVERIFY(canvas_->nodeRect("service-7").isNull());
        QVERIFY(!canvas_->nodeRect("payment").isNull());  // the old picture stands meanwhile
        QTRY_COMPARE(shown.count(), 1);
        QVERIFY(!canvas_->isLayingOut());
        QVERIFY(!canvas_->nodeRect("service-7").isNull());
        QVERIFY(canvas_->nodeRect("payment").isNull());
    }
    void whatComesWhileALayoutIsMadeIsShownNext() {
        canvas_->setScene(gallery::largeFleet(200));
        canvas_->setScene(gallery::largeFleet(150));
        canvas_->setScene(gallery::largeFleet(120));
        QTRY_COMPARE(canvas_->scene().cards.size(), std::size_t{120});
        QTRY_VERIFY(!canvas_->isLayingOut());
        QCOMPARE(canvas_->scene().cards.size(), std::size_t{120});
    }
    void newNumbersReachThePictureWhileALayoutIsMade() {
        canvas_->setScene(gallery::largeFleet(200));
        QTRY_VERIFY(!canvas_->isLayingOut());
        GraphScene next = gallery::largeFleet(201);
        for (CardData& card : next.cards)
            card.rate = "1/s";
        canvas_->setScene(next);
        QVERIFY(canvas_->isLayingOut());
        QCOMPARE(canvas_->scene().cards.size(), std::size_t{200});
        QCOMPARE(canvas_->scene().cards[7].rate, QString("1/s"));
    }
    void aCanvasMayGoWhileItsLayoutIsMade() {
        canvas_->setScene(gallery::largeFleet(300));
        canvas_.reset();
        QCoreApplication::processEvents();
    }
    void fiveHundredCardsTimes() {
        QElapsedTimer timer;
        timer.start();
        canvas_->setScene(gallery::largeFleet(500));
        QTRY_VERIFY(!canvas_->isLayingOut());
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
