// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/data_table.h"

#include <QHeaderView>
#include <QPainter>
#include <QScopedValueRollback>
#include <QSortFilterProxyModel>

#include "dashboard/model/roles.h"
#include "dashboard/model/seen_rows.h"
#include "dashboard/views/cell_delegate.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kRowHeight = 28;
}

class DataTable::Rows final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setAccepts(std::function<bool(int)> accepts) {
        accepts_ = std::move(accepts);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex&) const override {
        return !accepts_ || accepts_(row);
    }

private:
    std::function<bool(int)> accepts_;
};

DataTable::DataTable(ThemeController& themes, QAbstractItemModel& model,
                     const std::vector<TableColumn>& columns, Sorting sorting, QWidget* parent)
    : QTableView(parent), themes_(themes), rows_(new Rows(this)) {
    rows_->setSortRole(SortRole);
    rows_->setSortLocaleAware(true);
    rows_->setSourceModel(&model);
    setModel(rows_);
    if (sorting == Sorting::ByHeader) {
        setSortingEnabled(true);
        rows_->sort(-1);
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
    if (auto* rows = dynamic_cast<SeenRows*>(&model))
        followWhileSeen(*rows, *this, [this] {
            // What was to be shown may have come only now.
            if (!shown_.isEmpty() && !currentIndex().isValid())
                select(shownRole_, shown_);
        });
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

void DataTable::setRowFilter(std::function<bool(int)> accepts) {
    // A row that is filtered away while it is current is not a choice of another one.
    const QScopedValueRollback silent(isSilent_, true);
    rows_->setAccepts(std::move(accepts));
    viewport()->update();
}

void DataTable::showSubject(const QString& subject) {
    select(SubjectRole, subject);
}

void DataTable::showKey(const QString& key) {
    select(KeyRole, key);
    if (currentIndex().isValid())
        scrollTo(currentIndex());
}

void DataTable::select(int role, const QString& value) {
    const QScopedValueRollback silent(isSilent_, true);
    shownRole_ = role;
    shown_ = value;
    if (currentIndex().isValid() && currentIndex().data(role).toString() == value)
        return;
    const QModelIndexList found =
        value.isEmpty() || !model()->rowCount()
            ? QModelIndexList{}
            : model()->match(model()->index(0, 0), role, value, 1, Qt::MatchExactly);
    if (found.isEmpty()) {
        clearSelection();
        setCurrentIndex({});
    } else {
        selectRow(found.front().row());
    }
}

QModelIndex DataTable::sourceIndex() const {
    return rows_->mapToSource(currentIndex());
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
    emit rowChosen(rows_->mapToSource(current).row());
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
