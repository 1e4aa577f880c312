// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/graph_layout.h"

#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

std::size_t below(Random& random, std::size_t count) {
    return std::size_t(random.next() % count);
}

LayoutInput graphOf(const QStringList& edges, const QStringList& alone = {}) {
    LayoutInput input;
    QStringList names = alone;
    for (const QString& edge : edges) {
        const QStringList ends = edge.split(QLatin1Char('>'));
        input.edges.push_back({ends[0], ends[1]});
        names << ends;
    }
    names.removeDuplicates();
    for (const QString& name : names)
        input.nodes.push_back({name, {208, 112}, {}});
    return input;
}

LayoutInput randomGraph(int nodes, int edges, std::uint64_t seed) {
    Random random(seed);
    LayoutInput input;
    for (int i = 0; i < nodes; ++i)
        input.nodes.push_back({QStringLiteral("n%1").arg(i), {208, 112}, {}});
    for (int i = 0; i < edges; ++i) {
        const std::size_t a = below(random, std::size_t(nodes));
        const std::size_t b = below(random, std::size_t(nodes));
        input.edges.push_back({input.nodes[a].id, input.nodes[b].id});
    }
    return input;
}

QString overlapIn(const GraphLayout& layout) {
    for (auto a = layout.boxes.cbegin(); a != layout.boxes.cend(); ++a) {
        for (auto b = std::next(a); b != layout.boxes.cend(); ++b) {
            if (a->intersects(*b))
                return a.key() + QStringLiteral(" covers ") + b.key();
        }
    }
    return {};
}

/// Whether a route passes through the inside of a card that is not one of its ends.
QString cardUnderRoute(const LayoutInput& input, const GraphLayout& layout) {
    for (std::size_t e = 0; e < input.edges.size(); ++e) {
        const auto& route = layout.routes[e];
        for (std::size_t i = 3; i + 3 < route.size(); i += 3) {
            for (auto box = layout.boxes.cbegin(); box != layout.boxes.cend(); ++box) {
                if (box->adjusted(1, 1, -1, -1).contains(route[i]))
                    return input.edges[e].from + '>' + input.edges[e].to + " under " + box.key();
            }
        }
    }
    return {};
}

const QStringList kShop{"user>gateway",       "gateway>frontend",  "frontend>catalog",
                        "frontend>cart",      "frontend>checkout", "checkout>payment",
                        "checkout>inventory", "cart>redis",        "catalog>db",
                        "inventory>db",       "payment>bank"};

}  // namespace

class GraphLayoutTest : public QObject {
    Q_OBJECT
private slots:
    void everyEdgeOfAnAcyclicGraphPointsRight() {
        const LayoutInput input = graphOf(kShop);
        const GraphLayout layout = layoutGraph(input);
        for (const LayoutEdge& edge : input.edges) {
            QVERIFY2(layout.ranks.value(edge.from) < layout.ranks.value(edge.to),
                     qPrintable(edge.from));
            QVERIFY(layout.boxes.value(edge.from).right() < layout.boxes.value(edge.to).left());
        }
    }
    void aCycleTurnsOneEdgeAroundAndNoMore() {
        const LayoutInput input = graphOf({"a>b", "b>c", "c>a"});
        const GraphLayout layout = layoutGraph(input);
        int backwards = 0;
        for (const LayoutEdge& edge : input.edges)
            backwards += layout.ranks.value(edge.from) > layout.ranks.value(edge.to);
        QCOMPARE(backwards, 1);
        QCOMPARE(layout.routes[2].empty(), false);
    }
    void treesAndLaddersHaveNoCrossings() {
        QCOMPARE(
            layoutGraph(graphOf({"r>a", "r>b", "r>c", "a>a1", "a>a2", "b>b1", "c>c1"})).crossings,
            0);
        QCOMPARE(layoutGraph(graphOf({"a>x", "b>y", "c>z", "a>y", "b>z"})).crossings, 0);
        QCOMPARE(layoutGraph(graphOf(kShop)).crossings, 0);
    }
    void theCompleteBipartiteGraphKeepsItsOneCrossing() {
        QCOMPARE(layoutGraph(graphOf({"a>x", "a>y", "b>x", "b>y"})).crossings, 1);
    }
    void cardsNeverOverlap() {
        for (std::uint64_t seed = 1; seed <= 12; ++seed) {
            const LayoutInput input = randomGraph(60, 90, seed);
            const GraphLayout layout = layoutGraph(input);
            QCOMPARE(overlapIn(layout), QString());
            QCOMPARE(int(layout.boxes.size()), 60);
        }
    }
    void edgesPassBetweenCardsAndNotUnderThem() {
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            const LayoutInput input = randomGraph(40, 70, seed);
            QCOMPARE(cardUnderRoute(input, layoutGraph(input)), QString());
        }
    }
    void theSameGraphInAnyOrderGivesTheSamePicture() {
        LayoutInput input = randomGraph(50, 80, 7);
        const GraphLayout first = layoutGraph(input);
        std::reverse(input.nodes.begin(), input.nodes.end());
        std::reverse(input.edges.begin(), input.edges.end());
        const GraphLayout second = layoutGraph(input);
        QCOMPARE(second.boxes, first.boxes);
    }
    void aChainIsAStraightLine() {
        const GraphLayout layout = layoutGraph(graphOf({"a>b", "b>c", "c>d"}));
        for (const QString id : {"b", "c", "d"})
            QCOMPARE(layout.center(id).y(), layout.center("a").y());
    }
    void nonsenseIsIgnored() {
        LayoutInput input = graphOf({"a>b", "a>a", "a>b"});
        input.edges.push_back({"a", "nowhere"});
        input.nodes.push_back(input.nodes.front());
        const GraphLayout layout = layoutGraph(input);
        QCOMPARE(int(layout.boxes.size()), 2);
        QCOMPARE(int(layout.routes.size()), 4);
        QVERIFY(!layout.routes[0].empty());
        QVERIFY(layout.routes[1].empty() && layout.routes[2].empty() && layout.routes[3].empty());
        QVERIFY(layoutGraph({}).boxes.isEmpty());
    }
    void nodesWithoutEdgesStandBelowInRows() {
        QStringList alone;
        for (int i = 0; i < 30; ++i)
            alone << QStringLiteral("x%1").arg(i);
        const GraphLayout layout = layoutGraph(graphOf({"a>b", "b>c"}, alone));
        QCOMPARE(overlapIn(layout), QString());
        QVERIFY(layout.boxes.value("x0").top() > layout.boxes.value("a").bottom());
        QVERIFY(layout.bounds.width() > layout.bounds.height() * 0.8);
    }
    void aPinnedNodeStandsWhereThePersonPutIt() {
        LayoutInput input = graphOf(kShop);
        const QPointF place = layoutGraph(input).center("payment");
        for (LayoutNode& node : input.nodes) {
            if (node.id == "cart")
                node.pin = place;
        }
        const GraphLayout layout = layoutGraph(input);
        QCOMPARE(layout.center("cart"), place);
        QCOMPARE(overlapIn(layout), QString());
    }
    void aNewNodeTakesAFreePlaceAndMovesNobody() {
        LayoutInput input = graphOf(kShop);
        const GraphLayout before = layoutGraph(input);
        input.nodes.push_back({"fraud", {208, 112}, {}});
        input.edges.push_back({"payment", "fraud"});
        const GraphLayout after = layoutGraph(input, before);
        for (auto it = before.boxes.cbegin(); it != before.boxes.cend(); ++it)
            QCOMPARE(after.boxes.value(it.key()), it.value());
        QCOMPARE(after.ranks.value("fraud"), after.ranks.value("payment") + 1);
        QCOMPARE(overlapIn(after), QString());
    }
    void aNodeThatComesBackTakesItsPlaceAgainWhileItIsFree() {
        const LayoutInput input = graphOf(kShop);
        const GraphLayout before = layoutGraph(input);
        LayoutInput without = input;
        std::erase_if(without.nodes, [](const LayoutNode& n) { return n.id == "cart"; });
        GraphLayout layout = layoutGraph(without, before);
        QVERIFY(!layout.boxes.contains("cart"));
        QCOMPARE(layoutGraph(input, layout).boxes, before.boxes);
        // Somebody else stands there now.
        without.nodes.push_back({"thief", {208, 112}, before.center("cart")});
        layout = layoutGraph(without, layout);
        LayoutInput both = input;
        both.nodes.push_back(without.nodes.back());
        layout = layoutGraph(both, layout);
        QVERIFY(layout.center("cart") != before.center("cart"));
        QCOMPARE(overlapIn(layout), QString());
    }
    /// The documented bound is 0.
    void unchangedNodesDoNotMoveOverAThousandChanges() {
        Random random(42);
        LayoutInput input = randomGraph(80, 120, 3);
        GraphLayout layout = layoutGraph(input);
        int made = 0;
        for (int step = 0; step < 1'000; ++step) {
            const GraphLayout before = layout;
            const std::size_t what = below(random, 4);
            const auto any = [&] { return below(random, input.nodes.size()); };
            if (what == 0) {
                input.nodes.push_back({QStringLiteral("new%1").arg(made++), {208, 112}, {}});
                input.edges.push_back({input.nodes[any()].id, input.nodes.back().id});
            } else if (what == 1 && input.nodes.size() > 40) {
                input.nodes.erase(input.nodes.begin() + std::ptrdiff_t(any()));
            } else if (what == 2) {
                input.edges.push_back({input.nodes[any()].id, input.nodes[any()].id});
            } else if (!input.edges.empty()) {
                input.edges.erase(input.edges.begin() +
                                  std::ptrdiff_t(below(random, input.edges.size())));
            }
            layout = layoutGraph(input, before);
            for (const LayoutNode& node : input.nodes) {
                if (before.boxes.contains(node.id))
                    QCOMPARE(layout.boxes.value(node.id), before.boxes.value(node.id));
            }
            QCOMPARE(overlapIn(layout), QString());
        }
    }
    void aWideViewIsFilledByWiderGaps() {
        const LayoutInput input = graphOf(kShop);
        LayoutOptions options;
        const GraphLayout tight = layoutGraph(input, options);
        options.aspect = 1.6;
        const GraphLayout spread = layoutGraph(input, options);
        const auto aspect = [](const GraphLayout& l) {
            return l.bounds.width() / l.bounds.height();
        };
        QVERIFY(std::abs(aspect(spread) - 1.6) <= std::abs(aspect(tight) - 1.6));
        QCOMPARE(overlapIn(spread), QString());
    }
    void fiveHundredNodesAndAThousandEdges() {
        const LayoutInput input = randomGraph(500, 1000, 11);
        QElapsedTimer timer;
        timer.start();
        const GraphLayout layout = layoutGraph(input);
        const auto fresh = timer.restart();
        const GraphLayout again = layoutGraph(input, layout);
        qInfo("500 nodes, 1000 edges: fresh %lld ms, kept %lld ms, %d crossings", fresh,
              timer.elapsed(), layout.crossings);
        QCOMPARE(overlapIn(layout), QString());
        QCOMPARE(again.boxes, layout.boxes);
    }
};

LEVEE_TEST(GraphLayoutTest)
#include "graph_layout_test.moc"
