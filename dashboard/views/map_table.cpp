// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/map_table.h"
#include "dashboard/views/when_seen.h"

#include <QVBoxLayout>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/roles.h"
#include "dashboard/model/selection_state.h"

namespace levee {

/// Rows by subject.
class MapTable::Filter final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setShown(std::optional<QSet<QString>> subjects) {
        if (subjects == shown_)
            return;
        shown_ = std::move(subjects);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        return !shown_ ||
               shown_->contains(sourceModel()->index(row, 0, parent).data(SubjectRole).toString());
    }

private:
    std::optional<QSet<QString>> shown_;
};

MapTable::MapTable(const ViewContext& context, QWidget* parent)
    : QWidget(parent), model_(context.store) {
    filter_ = new Filter(this);
    filter_->setSourceModel(&model_);
    table_ = new DataTable(context.themes, *filter_,
                           {{ServiceModel::State, 110},
                            {ServiceModel::Name, -1},
                            {ServiceModel::Rate, 90},
                            {ServiceModel::Errors, 80},
                            {ServiceModel::Shed, 80},
                            {ServiceModel::P50, 84},
                            {ServiceModel::P95, 84},
                            {ServiceModel::P99, 84},
                            {ServiceModel::InFlight, 84},
                            {ServiceModel::Instances, 84}});
    table_->setEmptyText(tr("No service is to be shown."));
    table_->setAccessibleName(tr("Services of the map"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(table_);
    setFocusProxy(table_);
    followWhileSeen(model_, *this);
    connect(table_, &DataTable::subjectChosen, this, [context](const QString& subject) {
        context.selection.select(Selection::ofNode(subject.toStdString()));
    });
    connect(table_, &DataTable::subjectActivated, this, [context](const QString& subject) {
        context.selection.select(Selection::ofNode(subject.toStdString()));
        context.views.showPage(Page::Service);
    });
    connect(&context.selection, &SelectionState::changed, table_,
            [this](const Selection& selection) {
                table_->showSubject(QString::fromStdString(selection.node));
            });
    table_->showSubject(QString::fromStdString(context.selection.current().node));
}

void MapTable::setShown(std::optional<QSet<QString>> subjects) {
    filter_->setShown(std::move(subjects));
}

}  // namespace levee
