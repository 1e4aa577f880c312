// SPDX-License-Identifier: GPL-3.0-or-later
// Routes between boxes: out at the right border, through the columns between at heights where no
// card stands, in at the left border. Works from boxes alone, so that it serves a fresh layout, one
// that kept its places, and a card under the pointer.
#include <QHash>
#include <QMap>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/canvas/layout_stages.h"

namespace levee {
namespace {

constexpr double kLaneMargin = 12;  ///< kept between a passing edge and a card
constexpr double kPortGap = 18;     ///< between the ends of edges on one side of a card
constexpr double kPortShare = 0.6;  ///< of the card's height that ends may take
constexpr double kLoopReach = 56;   ///< how far an edge within a column swings out

struct Column {
    double left = 0;
    double right = 0;
    std::vector<QRectF> boxes;
};

enum class Side { Left, Right };

struct Port {
    int edge = 0;
    bool atStart = false;
    double otherY = 0;  ///< where the edge goes next, which orders the ports
};

class Router {
public:
    Router(const LayoutInput& input, GraphLayout& layout) : input_(input), layout_(layout) {
        QMap<int, Column> columns;
        QHash<QString, bool> pinned;
        for (const LayoutNode& node : input.nodes)
            pinned.insert(node.id, node.pin.has_value());
        for (auto it = layout.boxes.cbegin(); it != layout.boxes.cend(); ++it) {
            const int rank = layout.ranks.value(it.key(), kAlone);
            if (rank == kAlone || pinned.value(it.key()))
                continue;
            const bool fresh = !columns.contains(rank);
            Column& column = columns[rank];
            column.left = fresh ? it->left() : std::min(column.left, it->left());
            column.right = fresh ? it->right() : std::max(column.right, it->right());
        }
        for (Column& column : columns) {
            for (const QRectF& box : layout.boxes) {
                if (box.left() < column.right && box.right() > column.left)
                    column.boxes.push_back(box);
            }
            columns_.push_back(column);
        }
    }

    void routeAll() {
        layout_.routes.assign(input_.edges.size(), {});
        waypoints_.resize(input_.edges.size());
        for (std::size_t e = 0; e < input_.edges.size(); ++e)
            layWaypoints(e);
        spreadPorts();
        for (std::size_t e = 0; e < input_.edges.size(); ++e) {
            if (waypoints_[e].size() >= 2)
                layout_.routes[e] = curve(e);
        }
    }

private:
    static bool isLoop(const QRectF& from, const QRectF& to) {
        return from.left() < to.right() && to.left() < from.right();
    }

    /// The ends, and between them two points for each column that the edge passes.
    void layWaypoints(std::size_t e) {
        const LayoutEdge& edge = input_.edges[e];
        const auto from = layout_.boxes.constFind(edge.from);
        const auto to = layout_.boxes.constFind(edge.to);
        if (edge.from == edge.to || from == layout_.boxes.constEnd() ||
            to == layout_.boxes.constEnd() || !firstOfItsKind(e))
            return;
        const bool forward = from->center().x() <= to->center().x();
        const bool loop = isLoop(*from, *to);
        const Side outSide = forward || loop ? Side::Right : Side::Left;
        const Side inSide = forward && !loop ? Side::Left : Side::Right;
        auto& points = waypoints_[e];
        points.emplace_back(outSide == Side::Right ? from->right() : from->left(),
                            from->center().y());
        if (!loop)
            addLanes(e, *from, *to, forward);
        points.emplace_back(inSide == Side::Right ? to->right() : to->left(), to->center().y());
        ports_[{edge.from, outSide}].push_back({int(e), true, points[1].y()});
        ports_[{edge.to, inSide}].push_back({int(e), false, points[points.size() - 2].y()});
    }

    bool firstOfItsKind(std::size_t e) {
        const std::pair<QString, QString> key{input_.edges[e].from, input_.edges[e].to};
        if (seen_.contains(key))
            return false;
        seen_.insert(key, true);
        return true;
    }

    void addLanes(std::size_t e, const QRectF& from, const QRectF& to, bool forward) {
        const QRectF& left = forward ? from : to;
        const QRectF& right = forward ? to : from;
        const auto hints = layout_.lanes.value({input_.edges[e].from, input_.edges[e].to});
        std::vector<QPointF> passed;
        for (const Column& column : columns_) {
            if (column.left < left.right() || column.right > right.left())
                continue;
            const double middle = (column.left + column.right) / 2;
            const double part = (middle - left.right()) / (right.left() - left.right());
            double wanted = left.center().y() + part * (right.center().y() - left.center().y());
            for (const QPointF& hint : hints) {
                if (hint.x() > column.left && hint.x() < column.right)
                    wanted = hint.y();
            }
            const QRectF line(column.left, wanted, column.right - column.left, 0.01);
            const double y = layout::nearestFreeTop(line, wanted, column.boxes, kLaneMargin);
            passed.emplace_back(column.left, y);
            passed.emplace_back(column.right, y);
        }
        if (!forward)
            std::reverse(passed.begin(), passed.end());
        waypoints_[e].insert(waypoints_[e].end(), passed.begin(), passed.end());
    }

    /// Edges that share a side of a card end at different heights, in the order of where they go.
    void spreadPorts() {
        for (auto it = ports_.begin(); it != ports_.end(); ++it) {
            std::vector<Port>& ports = *it;
            if (ports.size() < 2)
                continue;
            std::stable_sort(ports.begin(), ports.end(), [](const Port& a, const Port& b) {
                return a.otherY != b.otherY ? a.otherY < b.otherY : a.edge < b.edge;
            });
            const double room = layout_.boxes.value(it.key().first).height() * kPortShare;
            const double gap = std::min(kPortGap, room / double(ports.size() - 1));
            double shift = -gap * double(ports.size() - 1) / 2;
            for (const Port& port : ports) {
                auto& points = waypoints_[port.edge];
                (port.atStart ? points.front() : points.back()).ry() += shift;
                shift += gap;
            }
        }
    }

    std::vector<QPointF> curve(std::size_t e) const {
        const auto& points = waypoints_[e];
        std::vector<QPointF> route{points.front()};
        const auto from = layout_.boxes.value(input_.edges[e].from);
        const auto to = layout_.boxes.value(input_.edges[e].to);
        if (isLoop(from, to)) {
            const double reach = std::max(points.front().x(), points.back().x()) + kLoopReach;
            route.emplace_back(reach, points.front().y());
            route.emplace_back(reach, points.back().y());
            route.push_back(points.back());
            return route;
        }
        for (std::size_t i = 1; i < points.size(); ++i) {
            const QPointF& a = points[i - 1];
            const QPointF& b = points[i];
            const double half = (b.x() - a.x()) / 2;
            route.emplace_back(a.x() + half, a.y());
            route.emplace_back(b.x() - half, b.y());
            route.push_back(b);
        }
        return route;
    }

    const LayoutInput& input_;
    GraphLayout& layout_;
    std::vector<Column> columns_;
    std::vector<std::vector<QPointF>> waypoints_;
    QMap<std::pair<QString, Side>, std::vector<Port>> ports_;
    QHash<std::pair<QString, QString>, bool> seen_;
};

}  // namespace

void routeEdges(const LayoutInput& input, GraphLayout& layout) {
    Router(input, layout).routeAll();
    QRectF bounds;
    for (const QRectF& box : layout.boxes)
        bounds = bounds.isNull() ? box : bounds.united(box);
    for (const auto& route : layout.routes) {
        for (const QPointF& point : route)
            bounds = bounds.united(QRectF(point, QSizeF(0.1, 0.1)));
    }
    layout.bounds = bounds;
}

}  // namespace levee
