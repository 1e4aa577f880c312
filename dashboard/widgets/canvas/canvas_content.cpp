// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/canvas_content.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/card_painter.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

LayoutOptions optionsFor(double aspect) {
    LayoutOptions options;
    options.columnGap = 76;
    options.rowGap = 40;
    options.laneGap = 26;
    options.aspect = aspect;
    return options;
}

/// Share of nodes or edges that may be new before the picture is laid out anew.
constexpr double kNewShare = 0.25;
/// The same for one step, while a person works with the picture.
constexpr double kNewAtOnce = 0.5;

}  // namespace

bool CanvasContent::isSameShape(const GraphScene& scene) const {
    const auto sameCard = [](const CardData& a, const CardData& b) { return a.id == b.id; };
    const auto sameEdge = [](const EdgeData& a, const EdgeData& b) {
        return a.from == b.from && a.to == b.to;
    };
    return std::equal(scene.cards.begin(), scene.cards.end(), scene_.cards.begin(),
                      scene_.cards.end(), sameCard) &&
           std::equal(scene.edges.begin(), scene.edges.end(), scene_.edges.begin(),
                      scene_.edges.end(), sameEdge);
}

std::optional<SceneOrder> CanvasContent::orderFor(const GraphScene& scene, double aspect,
                                                  bool settled) const {
    if (isSameShape(scene))
        return std::nullopt;
    SceneOrder order{scene, {inputOf(scene), {}, optionsFor(aspect)}};
    if (!isMostlyNew(scene, settled))
        order.layout.previous = layout_;
    return order;
}

SceneOrder CanvasContent::orderAnew(double aspect) const {
    return {scene_, {input_, {}, optionsFor(aspect)}};
}

void CanvasContent::take(SceneOrder order, GraphLayout layout) {
    scene_ = std::move(order.scene);
    input_ = std::move(order.layout.input);
    layout_ = std::move(layout);
    fresh_ = !order.layout.previous;
    index();
    if (!fresh_) {
        forgetGone();
        return;
    }
    laidNodes_.clear();
    laidEdges_.clear();
    for (const CardData& card : scene_.cards)
        laidNodes_.insert(card.id, true);
    for (const EdgeData& edge : scene_.edges)
        laidEdges_.insert({edge.from, edge.to}, true);
}

void CanvasContent::setNumbers(GraphScene scene) {
    if (isSameShape(scene)) {
        scene_ = std::move(scene);
        return;
    }
    for (CardData& card : scene.cards) {
        const int at = cards_.value(card.id, -1);
        if (at >= 0)
            scene_.cards[at] = std::move(card);
    }
    for (EdgeData& edge : scene.edges) {
        const int at = edges_.value({edge.from, edge.to}, -1);
        if (at >= 0)
            scene_.edges[at] = std::move(edge);
    }
}

bool CanvasContent::setScene(GraphScene scene, double aspect) {
    auto order = orderFor(scene, aspect, false);
    if (!order) {
        setNumbers(std::move(scene));
        return false;
    }
    GraphLayout layout = order->layout.run();
    take(std::move(*order), std::move(layout));
    return true;
}

void CanvasContent::relayout(double aspect) {
    SceneOrder order = orderAnew(aspect);
    GraphLayout layout = order.layout.run();
    take(std::move(order), std::move(layout));
}

LayoutInput CanvasContent::inputOf(const GraphScene& scene) const {
    LayoutInput input;
    for (const CardData& card : scene.cards) {
        LayoutNode node{card.id, kCardSize, {}};
        const auto pin = pins_.constFind(card.id);
        if (pin != pins_.constEnd())
            node.pin = *pin;
        input.nodes.push_back(std::move(node));
    }
    for (const EdgeData& edge : scene.edges)
        input.edges.push_back({edge.from, edge.to});
    return input;
}

void CanvasContent::index() {
    cards_.clear();
    edges_.clear();
    for (int i = 0; i < int(scene_.cards.size()); ++i)
        cards_.insert(scene_.cards[i].id, i);
    for (int i = 0; i < int(scene_.edges.size()); ++i)
        edges_.insert({scene_.edges[i].from, scene_.edges[i].to}, i);
}

bool CanvasContent::isMostlyNew(const GraphScene& scene, bool settled) const {
    if (settled) {
        const auto isNew = [&](const CardData& card) { return !cards_.contains(card.id); };
        const auto added = std::count_if(scene.cards.begin(), scene.cards.end(), isNew);
        return double(added) > kNewAtOnce * double(scene.cards.size());
    }
    const auto isNewNode = [&](const CardData& card) { return !laidNodes_.contains(card.id); };
    const auto isNewEdge = [&](const EdgeData& edge) {
        return !laidEdges_.contains({edge.from, edge.to});
    };
    const auto nodes = std::count_if(scene.cards.begin(), scene.cards.end(), isNewNode);
    const auto edges = std::count_if(scene.edges.begin(), scene.edges.end(), isNewEdge);
    return double(nodes) > kNewShare * double(laidNodes_.size()) ||
           double(edges) > kNewShare * double(laidEdges_.size());
}

void CanvasContent::forgetGone() {
    for (auto it = laidNodes_.begin(); it != laidNodes_.end();)
        it = cards_.contains(it.key()) ? std::next(it) : laidNodes_.erase(it);
    for (auto it = laidEdges_.begin(); it != laidEdges_.end();)
        it = edges_.contains(it.key()) ? std::next(it) : laidEdges_.erase(it);
}

const CardData* CanvasContent::card(const QString& id) const {
    const int index = cards_.value(id, -1);
    return index < 0 ? nullptr : &scene_.cards[index];
}

int CanvasContent::edgeIndex(const QString& from, const QString& to) const {
    return edges_.value({from, to}, -1);
}

void CanvasContent::setPins(const QMap<QString, QPointF>& pins) {
    pins_ = pins;
    input_ = inputOf(scene_);
    if (!scene_.cards.empty())
        layout_ = layoutGraph(input_, layout_, optionsFor(0));
}

void CanvasContent::moveNode(const QString& id, const QPointF& center) {
    const int index = cards_.value(id, -1);
    if (index < 0)
        return;
    pins_.insert(id, center);
    input_.nodes[index].pin = center;
    layout_.boxes[id].moveCenter(center);
    routeEdges(input_, layout_);
}

QString CanvasContent::nodeAt(const QPointF& point) const {
    for (auto it = scene_.cards.rbegin(); it != scene_.cards.rend(); ++it) {
        if (layout_.boxes.value(it->id).contains(point))
            return it->id;
    }
    return {};
}

int CanvasContent::edgeAt(const QPointF& point, double reach) const {
    int best = -1;
    double bestDistance = reach;
    for (int i = 0; i < int(layout_.routes.size()); ++i) {
        const double distance = distanceToRoute(layout_.routes[i], point);
        if (distance <= bestDistance) {
            best = i;
            bestDistance = distance;
        }
    }
    return best;
}

QString CanvasContent::walk(const QString& from, WalkStep step) const {
    if (!cards_.contains(from))
        return firstNode();
    if (step == WalkStep::Left || step == WalkStep::Right)
        return walkAlongEdge(from, step == WalkStep::Right);
    return walkInColumn(from, step == WalkStep::Down);
}

QString CanvasContent::firstNode() const {
    QString best;
    for (const CardData& card : scene_.cards) {
        const QRectF box = layout_.boxes.value(card.id);
        const QRectF first = layout_.boxes.value(best);
        if (best.isEmpty() || box.left() < first.left() ||
            (box.left() == first.left() && box.top() < first.top()))
            best = card.id;
    }
    return best;
}

QString CanvasContent::walkAlongEdge(const QString& from, bool toCalled) const {
    const double y = layout_.center(from).y();
    QString best;
    for (const EdgeData& edge : scene_.edges) {
        const QString& here = toCalled ? edge.from : edge.to;
        const QString& there = toCalled ? edge.to : edge.from;
        if (here != from || there == from || !cards_.contains(there))
            continue;
        if (best.isEmpty() ||
            std::abs(layout_.center(there).y() - y) < std::abs(layout_.center(best).y() - y))
            best = there;
    }
    return best;
}

QString CanvasContent::walkInColumn(const QString& from, bool down) const {
    const QRectF start = layout_.boxes.value(from);
    QString best;
    double bestDistance = std::numeric_limits<double>::infinity();
    for (const CardData& card : scene_.cards) {
        const QRectF box = layout_.boxes.value(card.id);
        const double ahead = (box.center().y() - start.center().y()) * (down ? 1 : -1);
        const bool sameColumn = box.left() < start.right() && start.left() < box.right();
        if (card.id != from && sameColumn && ahead > 0 && ahead < bestDistance) {
            best = card.id;
            bestDistance = ahead;
        }
    }
    return best;
}

QString CanvasContent::describe(const QString& id) const {
    const CardData* data = card(id);
    if (!data)
        return {};
    const auto say = [](const char* text) { return QCoreApplication::translate("Card", text); };
    QStringList parts{plainLine(data->title.isEmpty() ? data->id : data->title), wordOf(data->kind),
                      wordOf(visualState(data->health, data->stale, data->shedShare))};
    if (data->members > 0)
        parts << QCoreApplication::translate("Card", "%n service(s)", nullptr, data->members)
              << plainLine(data->note);
    if (!data->rate.isEmpty())
        parts << say("%1 requests").arg(data->rate);
    if (!data->errors.isEmpty())
        parts << say("%1 errors").arg(data->errors);
    if (!data->p99.isEmpty())
        parts << say("p99 %1").arg(data->p99);
    if (data->instances > 1)
        parts << QCoreApplication::translate("Card", "%n instances", nullptr, data->instances);
    for (const GuardBadge& badge : data->badges)
        parts << plainLine(textOf(badge));
    if (data->stale && !data->ageText.isEmpty())
        parts << say("last seen %1 ago").arg(data->ageText);
    return parts.join(QStringLiteral(", "));
}

}  // namespace levee
