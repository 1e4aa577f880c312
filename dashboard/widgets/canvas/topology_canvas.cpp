// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/topology_canvas.h"

#include <QAccessible>
#include <QApplication>
#include <QContextMenuEvent>
#include <QFile>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineF>
#include <QMouseEvent>
#include <QPainter>
#include <QSvgGenerator>
#include <QTimerEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "dashboard/widgets/canvas/canvas_accessible.h"
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
           instances == other.instances && ageText == other.ageText && members == other.members &&
           note == other.note &&
           std::equal(spark.begin(), spark.end(), other.spark.begin(), other.spark.end(), same);
}

TopologyCanvas::TopologyCanvas(ThemeController& themes, QWidget* parent)
    : QWidget(parent), d_(std::make_unique<Private>(*this, themes)) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Topology"));
    installCanvasAccessibility();
    connect(&themes, &ThemeController::changed, this, [this] {
        d_->dropCache();
        update();
    });
}

TopologyCanvas::~TopologyCanvas() = default;

void TopologyCanvas::setScene(GraphScene scene) {
    ++d_->revision;
    d_->bring(std::move(scene));
    d_->dropCache();
    update();
}

bool TopologyCanvas::isLayingOut() const {
    return d_->pending.has_value();
}

bool TopologyCanvas::isPainting() const {
    return d_->layers.isRunning() || d_->layerTimer.isActive();
}

quint64 TopologyCanvas::framesPainted() const {
    return d_->framesPainted;
}

quint64 TopologyCanvas::sceneRevision() const {
    return d_->revision;
}

quint64 TopologyCanvas::shownRevision() const {
    return d_->layer.revision;
}

const GraphScene& TopologyCanvas::scene() const {
    return d_->content.scene();
}

void TopologyCanvas::setState(CanvasState state, const QString& text, const QString& hint) {
    if (d_->state == state && d_->title == text && d_->hint == hint)
        return;
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
    const SceneFilter wanted{active, QSet<QString>(ids.begin(), ids.end())};
    if (wanted.isActive == d_->filter.isActive && wanted.found == d_->filter.found)
        return;
    d_->filter = wanted;
    d_->dropCache();
    update();
}

void TopologyCanvas::setEdgeFacts(
    std::function<EdgeFacts(const QString& from, const QString& to)> facts) {
    d_->facts = std::move(facts);
}

void TopologyCanvas::setMinimapShown(bool shown) {
    d_->minimap.setShown(shown);
    update();
}

bool TopologyCanvas::isMinimapShown() const {
    return d_->minimap.isShown();
}

void TopologyCanvas::setParticles(ParticleMode mode) {
    d_->particles = mode;
    d_->runParticles();
    update();
}

ParticleMode TopologyCanvas::particles() const {
    return d_->particles;
}

QImage TopologyCanvas::toImage(double scale) const {
    constexpr double kMostPixels = 16'384;
    if (d_->content.scene().cards.empty())
        return {};
    const QSizeF size = wholeSize(d_->content.layout());
    scale = std::min(scale, kMostPixels / std::max(size.width(), size.height()));
    QImage image((size * scale).toSize(), QImage::Format_RGB32);
    QPainter painter(&image);
    painter.scale(scale, scale);
    paintWhole(painter, d_->layerInput());
    return image;
}

bool TopologyCanvas::saveSvg(const QString& path) const {
    QFile file(path);
    if (d_->content.scene().cards.empty() || !file.open(QIODevice::WriteOnly))
        return false;
    const QSizeF size = wholeSize(d_->content.layout());
    QSvgGenerator svg;
    svg.setOutputDevice(&file);
    svg.setSize(size.toSize());
    svg.setViewBox(QRectF({0, 0}, size));
    svg.setTitle(tr("Topology"));
    {
        QPainter painter(&svg);
        paintWhole(painter, d_->layerInput());
    }
    file.close();
    return file.error() == QFileDevice::NoError;
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
    d_->touched = false;
    SceneOrder order = d_->content.orderAnew(d_->aspect());
    if (d_->pending) {
        order.scene = d_->pending->scene;
        order.layout.input = d_->pending->layout.input;
    }
    d_->layOut(std::move(order));
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
    d_->animation.stop();
    d_->showProgress(1);
    if (d_->content.isFresh())
        relayout();
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
    if (d_->minimap.frame(d_->content.layout(), d_->geometry).contains(event->position())) {
        d_->drag = Drag::Minimap;
        return d_->lookAt(event->position());
    }
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
    if (d_->drag == Drag::Minimap)
        return d_->lookAt(event->position());
    if (d_->drag == Drag::Pan) {
        d_->geometry.panBy(event->pos() - d_->draggedTo);
        d_->afterViewChange();
    } else if (d_->drag == Drag::Node) {
        d_->animation.stop();
        if (d_->pending) {
            d_->layouts.drop();
            d_->waiting = std::move(d_->pending->scene);
            d_->pending.reset();
        }
        d_->content.moveNode(d_->draggedNode, d_->geometry.toScene(event->position()) + d_->grip);
        d_->showProgress(1);
    }
    d_->draggedTo = event->pos();
}

void TopologyCanvas::mouseReleaseEvent(QMouseEvent* event) {
    const Drag was = std::exchange(d_->drag, Drag::None);
    if (was == Drag::Node) {
        emit pinsChanged();
        if (d_->waiting)
            setScene(*std::exchange(d_->waiting, std::nullopt));
    }
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
    if (event->button() != Qt::LeftButton)
        return;
    const QString id = nodeAt(event->pos());
    if (d_->content.pins().contains(id) && d_->isOnPin(id, event->position()))
        return d_->unpin(id);
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

void TopologyCanvas::timerEvent(QTimerEvent* event) {
    if (event->timerId() != d_->particleTimer.timerId())
        return QWidget::timerEvent(event);
    d_->runParticles();
    update();
}

void TopologyCanvas::hideEvent(QHideEvent*) {
    d_->particleTimer.stop();
}

void TopologyCanvas::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QString id = byKey ? d_->selectedNode : nodeAt(event->pos());
    const QPoint place = byKey ? mapToGlobal(nodeRect(id).center().toPoint()) : event->globalPos();
    const int edge = id.isEmpty() && !byKey
                         ? d_->content.edgeAt(d_->geometry.toScene(QPointF(event->pos())),
                                              kEdgeReach / d_->geometry.zoom())
                         : -1;
    if (edge >= 0) {
        const EdgeData& found = d_->content.scene().edges[static_cast<std::size_t>(edge)];
        emit edgeContextRequested(found.from, found.to, place);
        return;
    }
    if (byKey && !d_->selectedEdge.first.isEmpty()) {
        emit edgeContextRequested(d_->selectedEdge.first, d_->selectedEdge.second,
                                  mapToGlobal(rect().center()));
        return;
    }
    emit contextRequested(id, place);
}

void TopologyCanvas::Private::hover(const QPoint& position) {
    const QPointF point = geometry.toScene(QPointF(position));
    const QString node = content.nodeAt(point);
    const int edge = node.isEmpty() ? content.edgeAt(point, kEdgeReach / geometry.zoom()) : -1;
    if (node == hoveredNode && edge == hoveredEdge)
        return;
    if (edge != hoveredEdge)
        pointerAt = position;
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
    sayWhatIsSelected();
    if (!tell)
        return;
    if (edge >= 0)
        emit q.edgeSelected(ends.first, ends.second);
    else
        emit q.nodeSelected(node);
}

void TopologyCanvas::Private::sayWhatIsSelected() const {
    if (!QAccessible::isActive() || selectedNode.isEmpty())
        return;
    const auto& cards = content.scene().cards;
    const auto found = std::ranges::find(cards, selectedNode, &CardData::id);
    QAccessibleEvent event(&q, QAccessible::Focus);
    event.setChild(static_cast<int>(found - cards.begin()));
    QAccessible::updateAccessibility(&event);
}

void TopologyCanvas::Private::lookAt(const QPointF& minimapPoint) {
    touched = true;
    const QPointF wanted = minimap.scenePoint(minimapPoint, content.layout(), geometry);
    geometry.panBy(QRectF(q.rect()).center() - geometry.toView(wanted));
    afterViewChange();
}

bool TopologyCanvas::Private::isOnPin(const QString& id, const QPointF& position) const {
    constexpr double kReach = 14;  // pixels
    const QRectF box = geometry.toView(shown.boxes.value(id));
    const QPointF head(box.left() + 12 * geometry.zoom(), box.top());
    return QLineF(head, position).length() <= kReach;
}

void TopologyCanvas::Private::unpin(const QString& id) {
    auto pins = content.pins();
    pins.remove(id);
    q.setPins(pins);
    emit q.pinsChanged();
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
