// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/canvas_accessible.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>
#include <algorithm>

#include "dashboard/widgets/canvas/topology_canvas.h"

namespace levee {
namespace {

/// One card. Valid as long as it stands on the map.
class CardAccessible final : public QAccessibleInterface {
public:
    CardAccessible(TopologyCanvas& canvas, QString id) : canvas_(canvas), id_(std::move(id)) {}

    bool isValid() const override { return !canvas_.nodeRect(id_).isNull(); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* parent() const override {
        return QAccessible::queryAccessibleInterface(&canvas_);
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QString text(QAccessible::Text text) const override {
        return text == QAccessible::Name ? canvas_.describeNode(id_) : QString();
    }
    void setText(QAccessible::Text, const QString&) override {}
    QRect rect() const override {
        const QRect box = canvas_.nodeRect(id_).toAlignedRect();
        return {canvas_.mapToGlobal(box.topLeft()), box.size()};
    }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override {
        QAccessible::State state;
        state.selectable = state.focusable = true;
        state.selected = canvas_.selectedNode() == id_;
        state.focused = state.selected && canvas_.hasFocus();
        state.offscreen = !canvas_.nodeRect(id_).intersects(canvas_.rect());
        return state;
    }
    const QString& id() const { return id_; }

private:
    TopologyCanvas& canvas_;
    QString id_;
};

class CanvasAccessible final : public QAccessibleWidget {
public:
    explicit CanvasAccessible(TopologyCanvas& canvas)
        : QAccessibleWidget(&canvas, QAccessible::List), canvas_(canvas) {}
    ~CanvasAccessible() override {
        for (const QAccessible::Id card : std::as_const(cards_))
            QAccessible::deleteAccessibleInterface(card);
    }

    int childCount() const override { return static_cast<int>(canvas_.scene().cards.size()); }
    QAccessibleInterface* child(int index) const override {
        if (index < 0 || index >= childCount())
            return nullptr;
        const QString& id = canvas_.scene().cards[static_cast<std::size_t>(index)].id;
        forgetTheGone();
        auto known = cards_.constFind(id);
        if (known == cards_.constEnd())
            known = cards_.insert(
                id, QAccessible::registerAccessibleInterface(new CardAccessible(canvas_, id)));
        return QAccessible::accessibleInterface(*known);
    }
    QAccessibleInterface* childAt(int x, int y) const override {
        const QString id = canvas_.nodeAt(canvas_.mapFromGlobal(QPoint(x, y)));
        const auto& cards = canvas_.scene().cards;
        const auto found = std::ranges::find(cards, id, &CardData::id);
        return found == cards.end() ? nullptr : child(static_cast<int>(found - cards.begin()));
    }
    int indexOfChild(const QAccessibleInterface* child) const override {
        const auto* card = dynamic_cast<const CardAccessible*>(child);
        if (!card)
            return -1;
        const auto& cards = canvas_.scene().cards;
        const auto found = std::ranges::find(cards, card->id(), &CardData::id);
        return found == cards.end() ? -1 : static_cast<int>(found - cards.begin());
    }

private:
    /// Cards come and go for as long as the program runs.
    void forgetTheGone() const {
        if (cards_.size() <= 2 * std::max(64, childCount()))
            return;
        for (auto it = cards_.begin(); it != cards_.end();) {
            if (!canvas_.nodeRect(it.key()).isNull()) {
                ++it;
                continue;
            }
            QAccessible::deleteAccessibleInterface(*it);
            it = cards_.erase(it);
        }
    }

    TopologyCanvas& canvas_;
    mutable QHash<QString, QAccessible::Id> cards_;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object) {
    auto* canvas = qobject_cast<TopologyCanvas*>(object);
    return canvas ? new CanvasAccessible(*canvas) : nullptr;
}

}  // namespace

void installCanvasAccessibility() {
    static const bool kIsInstalled = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(kIsInstalled);
}

}  // namespace levee
