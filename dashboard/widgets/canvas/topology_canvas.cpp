// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/topology_canvas.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>

#include "dashboard/widgets/canvas/canvas_private.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr double kZoomStep = 1.2;
constexpr double kEdgeReach = 7;      ///< pixels around an edge that count as on it
constexpr double kRevealMargin = 48;  ///< pixels

}  // namespace

bool CardData::operator==(const CardData& other) const {
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    return id == other.id && title == other.title && kind == other.kind && health == other.health &&
           stale == other.stale && rate == other.rate && errors == other.errors &&
           p99 == other.p99 && badges == other.badges && same(okShare, other.okShare) &&
           same(errorShare, other.errorShare) && same(shedShare, other.shedShare) &&
           instances == other.instances && ageText == other.ageText &&
           std::equal(spark.begin(), spark.end(), other.spark.begin(), other.spark.end(), same);
}

TopologyCanvas::TopologyCanvas(ThemeController& themes, QWidget* parent)
    : QWidget(parent), d_(std::make_unique<Private>(*this, themes)) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Topology"));
    connect(&themes, &ThemeController::changed, this, [this] {
        d_->dropCache();
        update();
    });
}

TopologyCanvas::~TopologyCanvas() = default;

void TopologyCanvas::setScene(GraphScene scene) {
    const GraphLayout before = d_->shown;
    d_->hoveredEdge = -1;
    if (d_->content.setScene(std::move(scene), d_->aspect()))
        d_->takeLayout(before);
    if (!d_->content.card(d_->selectedNode))
        d_->selectedNode.clear();
    if (d_->content.edgeIndex(d_->selectedEdge.first, d_->selectedEdge.second) < 0)
        d_->selectedEdge = {};
    if (!d_->content.card(d_->hoveredNode))
        d_->hoveredNode.clear();
    d_->dropCache();
    update();
}

const GraphScene& TopologyCanvas::scene() const {
    return d_->content.scene();
}

void TopologyCanvas::setState(CanvasState state, const QString& text, const QString& hint) {
    d_->state = state;
    d_->title = text;
    d_->hint = hint;
    setAccessibleDescription(text);
    update();
}

CanvasState TopologyCanvas::state() const {
    return d_->state;
}

void TopologyCanvas::selectNode(const QString& id) {
    d_->select(d_->content.card(id) ? id : QString(), -1, false);
}

void TopologyCanvas::selectEdge(const QString& from, const QString& to) {
    d_->select({}, d_->content.edgeIndex(from, to), false);
}

QString TopologyCanvas::selectedNode() const {
    return d_->selectedNode;
}

std::pair<QString, QString> TopologyCanvas::selectedEdge() const {
    return d_->selectedEdge;
}

void TopologyCanvas::revealNode(const QString& id) {
    if (!d_->content.card(id))
        return;
    d_->geometry.reveal(d_->content.layout().boxes.value(id), kRevealMargin);
    d_->afterViewChange();
}

void TopologyCanvas::setHighlight(const QStringList& ids, bool active) {
    d_->highlight = QSet<QString>(ids.begin(), ids.end());
    d_->highlighting = active;
    d_->dropCache();
    update();
}

QMap<QString, QPointF> TopologyCanvas::pins() const {
    return d_->content.pins();
}

void TopologyCanvas::setPins(const QMap<QString, QPointF>& pins) {
    const GraphLayout before = d_->shown;
    d_->content.setPins(pins);
    d_->takeLayout(before);
}

const CanvasGeometry& TopologyCanvas::geometryOfView() const {
    return d_->geometry;
}

QRectF TopologyCanvas::nodeRect(const QString& id) const {
    return d_->content.card(id) ? d_->geometry.toView(d_->shown.boxes.value(id)) : QRectF();
}

QPointF TopologyCanvas::edgePoint(const QString& from, const QString& to) const {
    const int edge = d_->content.edgeIndex(from, to);
    if (edge < 0 || d_->shown.routes[edge].empty())
        return {};
    return d_->geometry.toView(middleOf(d_->shown.routes[edge]).point);
}

QString TopologyCanvas::nodeAt(const QPoint& position) const {
    return d_->content.nodeAt(d_->geometry.toScene(QPointF(position)));
}

QString TopologyCanvas::describeNode(const QString& id) const {
    return d_->content.describe(id);
}

bool TopologyCanvas::isAnimated() const {
    return d_->animated;
}

void TopologyCanvas::setAnimated(bool animated) {
    d_->animated = animated;
    if (!animated && d_->animation.state() == QAbstractAnimation::Running) {
        d_->animation.stop();
        d_->showProgress(1);
    }
}

void TopologyCanvas::fit() {
    d_->touched = false;
    d_->fitView();
}

void TopologyCanvas::zoomIn() {
    d_->touched = true;
    d_->geometry.zoomAt(QRectF(rect()).center(), kZoomStep);
    d_->afterViewChange();
}

void TopologyCanvas::zoomOut() {
    d_->touched = true;
    d_->geometry.zoomAt(QRectF(rect()).center(), 1 / kZoomStep);
    d_->afterViewChange();
}

void TopologyCanvas::relayout() {
    const GraphLayout before = d_->shown;
    d_->content.relayout(d_->aspect());
    d_->touched = false;
    d_->takeLayout(before);
}

bool TopologyCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString id = nodeAt(help->pos());
        const QString text =
            d_->geometry.detail() == DetailLevel::Cards ? QString() : describeNode(id);
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text.toHtmlEscaped(), this);
        return true;
    }
    return QWidget::event(event);
}

void TopologyCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    d_->paint(painter);
}

void TopologyCanvas::resizeEvent(QResizeEvent*) {
    d_->geometry.setViewSize(size());
    d_->dropCache();
    if (d_->touched || d_->content.scene().cards.empty())
        return;
    if (d_->content.isFresh())
        d_->content.relayout(d_->aspect());
    d_->animation.stop();
    d_->showProgress(1);
}

void TopologyCanvas::wheelEvent(QWheelEvent* event) {
    const double steps = event->angleDelta().y() / 120.0;
    if (steps == 0)
        return;
    d_->touched = true;
    d_->geometry.zoomAt(event->position(), std::pow(kZoomStep, steps));
    d_->afterViewChange();
    event->accept();
}

void TopologyCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return;
    d_->pressedAt = d_->draggedTo = event->pos();
    d_->drag = Drag::Undecided;
    d_->draggedNode = event->button() == Qt::LeftButton ? nodeAt(event->pos()) : QString();
    d_->grip =
        d_->content.layout().center(d_->draggedNode) - d_->geometry.toScene(event->position());
}

void TopologyCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (d_->drag == Drag::None) {
        d_->hover(event->pos());
        return;
    }
    const bool far =
        (event->pos() - d_->pressedAt).manhattanLength() >= QApplication::startDragDistance();
    if (d_->drag == Drag::Undecided && far) {
        d_->drag = d_->draggedNode.isEmpty() ? Drag::Pan : Drag::Node;
        d_->touched = true;
        setCursor(Qt::ClosedHandCursor);
    }
    if (d_->drag == Drag::Pan) {
        d_->geometry.panBy(event->pos() - d_->draggedTo);
        d_->afterViewChange();
    } else if (d_->drag == Drag::Node) {
        d_->animation.stop();
        d_->content.moveNode(d_->draggedNode, d_->geometry.toScene(event->position()) + d_->grip);
        d_->showProgress(1);
    }
    d_->draggedTo = event->pos();
}

void TopologyCanvas::mouseReleaseEvent(QMouseEvent* event) {
    const Drag was = std::exchange(d_->drag, Drag::None);
    if (was == Drag::Node)
        emit pinsChanged();
    if (was == Drag::Undecided && event->button() == Qt::LeftButton) {
        const QPointF point = d_->geometry.toScene(event->position());
        const QString node = d_->content.nodeAt(point);
        const int edge =
            node.isEmpty() ? d_->content.edgeAt(point, kEdgeReach / d_->geometry.zoom()) : -1;
        d_->select(node, edge, true);
    }
    unsetCursor();
    d_->hover(event->pos());
}

void TopologyCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        d_->activate();
}

void TopologyCanvas::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            return d_->walk(WalkStep::Left);
        case Qt::Key_Right:
            return d_->walk(WalkStep::Right);
        case Qt::Key_Up:
            return d_->walk(WalkStep::Up);
        case Qt::Key_Down:
            return d_->walk(WalkStep::Down);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            return d_->activate();
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoomIn();
        case Qt::Key_Minus:
            return zoomOut();
        case Qt::Key_0:
            return fit();
        case Qt::Key_Escape:
            if (!d_->selectedNode.isEmpty() || !d_->selectedEdge.first.isEmpty())
                return d_->select({}, -1, true);
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void TopologyCanvas::leaveEvent(QEvent*) {
    d_->hoveredNode.clear();
    d_->hoveredEdge = -1;
    update();
}

void TopologyCanvas::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QString id = byKey ? d_->selectedNode : nodeAt(event->pos());
    const QPoint place = byKey ? mapToGlobal(nodeRect(id).center().toPoint()) : event->globalPos();
    emit contextRequested(id, place);
}

void TopologyCanvas::Private::hover(const QPoint& position) {
    const QPointF point = geometry.toScene(QPointF(position));
    const QString node = content.nodeAt(point);
    const int edge = node.isEmpty() ? content.edgeAt(point, kEdgeReach / geometry.zoom()) : -1;
    if (node == hoveredNode && edge == hoveredEdge)
        return;
    hoveredNode = node;
    hoveredEdge = edge;
    q.setCursor(node.isEmpty() && edge < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
    q.update();
}

void TopologyCanvas::Private::select(const QString& node, int edge, bool tell) {
    std::pair<QString, QString> ends;
    if (edge >= 0)
        ends = {content.scene().edges[edge].from, content.scene().edges[edge].to};
    if (node == selectedNode && ends == selectedEdge)
        return;
    selectedNode = node;
    selectedEdge = ends;
    q.update();
    if (!tell)
        return;
    if (edge >= 0)
        emit q.edgeSelected(ends.first, ends.second);
    else
        emit q.nodeSelected(node);
}

void TopologyCanvas::Private::walk(WalkStep step) {
    const QString next = content.walk(selectedNode, step);
    if (next.isEmpty())
        return;
    select(next, -1, true);
    q.revealNode(next);
}

void TopologyCanvas::Private::activate() {
    if (!selectedNode.isEmpty())
        emit q.nodeActivated(selectedNode);
    else if (!selectedEdge.first.isEmpty())
        emit q.edgeActivated(selectedEdge.first, selectedEdge.second);
}

}  // namespace levee
