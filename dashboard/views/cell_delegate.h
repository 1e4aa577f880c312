// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace levee {

class ThemeController;

/// Turns a model's raw values into words, units, glyphs and colours by their ValueKind. Old rows
/// are dimmed. Text is plain. GUI thread only.
class CellDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit CellDelegate(ThemeController& themes, QObject* parent = nullptr);

    /// What a cell says, as drawn; also for tests and screen readers.
    static QString textOf(const QModelIndex& index);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

private:
    ThemeController& themes_;
};

}  // namespace levee
