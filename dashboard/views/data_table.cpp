// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/data_table.h"

#include <QHeaderView>
#include <QPainter>
#include <QScopedValueRollback>

#include "dashboard/model/roles.h"
#include "dashboard/views/cell_delegate.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kRowHeight = 28;
}

DataTable::DataTable(ThemeController& themes, QAbstractItemModel& model,
                     const std::vector<TableColumn>& columns, Sorting sorting, QWidget* parent)
    : QTableView(parent), themes_(themes) {
    if (sorting == Sorting::ByHeader) {
        proxy_ = new QSortFilterProxyModel(this);
        proxy_->setSortRole(SortRole);
        proxy_->setSortLocaleAware(true);
        proxy_->setSourceModel(&model);
        setModel(proxy_);
        setSortingEnabled(true);
        proxy_->sort(-1);
    } else {
        setModel(&model);
    }
    setItemDelegate(new CellDelegate(themes, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setFrameShape(NoFrame);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(20);
    setRowHeight(kRowHeight);
    QHeaderView* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(24);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    header->setSortIndicatorClearable(true);
    for (int i = 0; i < model.columnCount(); ++i)
        setColumnHidden(i, true);
    for (const TableColumn& column : columns) {
        setColumnHidden(column.column, false);
        if (column.width < 0)
            header->setSectionResizeMode(column.column, QHeaderView::Stretch);
        else
            header->resizeSection(column.column, column.width);
    }
    connect(this, &QTableView::activated, this, [this](const QModelIndex& index) {
        emit subjectActivated(index.data(SubjectRole).toString());
    });
}

void DataTable::setEmptyText(const QString& text) {
    emptyText_ = text;
    viewport()->update();
}

void DataTable::setRowHeight(int pixels) {
    verticalHeader()->setDefaultSectionSize(pixels);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
}

void DataTable::showSubject(const QString& subject) {
    const QScopedValueRollback silent(isSilent_, true);
    if (currentIndex().isValid() && currentIndex().data(SubjectRole).toString() == subject)
        return;
    const QModelIndexList found =
        subject.isEmpty() || !model()->rowCount()
            ? QModelIndexList{}
            : model()->match(model()->index(0, 0), SubjectRole, subject, 1, Qt::MatchExactly);
    if (found.isEmpty()) {
        clearSelection();
        setCurrentIndex({});
    } else {
        selectRow(found.front().row());
    }
}

QModelIndex DataTable::sourceIndex() const {
    return proxy_ ? proxy_->mapToSource(currentIndex()) : currentIndex();
}

void DataTable::focusInEvent(QFocusEvent* event) {
    // The base class makes the first row current; that is not the person's choice.
    const QScopedValueRollback silent(isSilent_, true);
    QTableView::focusInEvent(event);
}

void DataTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    if (isSilent_ || !current.isValid() || current.row() == previous.row())
        return;
    emit subjectChosen(current.data(SubjectRole).toString());
    emit rowChosen(proxy_ ? proxy_->mapToSource(current).row() : current.row());
}

void DataTable::paintEvent(QPaintEvent* event) {
    QTableView::paintEvent(event);
    if (model()->rowCount() > 0 || emptyText_.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setPen(themes_.theme().textDim);
    painter.drawText(viewport()->rect().adjusted(16, 12, -16, -12),
                     static_cast<int>(Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap),
                     emptyText_);
}

}  // namespace levee
