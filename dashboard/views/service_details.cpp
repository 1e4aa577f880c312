// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/service_details.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include "dashboard/model/edge_model.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/difference_panel.h"
#include "dashboard/views/section.h"
#include "dashboard/views/suspects_panel.h"
#include "dashboard/views/traces_panel.h"

namespace levee {
namespace {

constexpr int kGap = 12;

std::vector<TableColumn> edgeColumns(EdgeModel::Column name) {
    return {{EdgeModel::State, 104}, {name, -1},
            {EdgeModel::Rate, 76},   {EdgeModel::Errors, 66},
            {EdgeModel::Shed, 70},   {EdgeModel::P99, 72}};
}

}  // namespace

ServiceDetails::ServiceDetails(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      context_(context),
      callers_(new EdgeModel(context.store, EdgeModel::Scope::Callers, this)),
      dependencies_(new EdgeModel(context.store, EdgeModel::Scope::Dependencies, this)),
      views_(new QButtonGroup(this)),
      stack_(new QStackedWidget),
      suspects_(new SuspectsPanel(context)),
      differences_(new DifferencePanel(context)),
      traces_(new TracesPanel(context)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    auto* head = new QHBoxLayout;
    head->setSpacing(4);
    const std::pair<View, QString> names[] = {{View::Neighbours, tr("Callers and dependencies")},
                                              {View::Suspects, tr("Why")},
                                              {View::Differences, tr("What differs")},
                                              {View::Traces, tr("Slow requests")}};
    for (const auto& [view, name] : names) {
        auto* button = new QToolButton;
        button->setText(name);
        button->setCheckable(true);
        button->setMinimumHeight(26);
        views_->addButton(button, static_cast<int>(view));
        head->addWidget(button);
    }
    head->addStretch(1);
    layout->addLayout(head);
    stack_->addWidget(buildNeighbours());
    stack_->addWidget(suspects_);
    stack_->addWidget(differences_);
    stack_->addWidget(traces_);
    layout->addWidget(stack_, 1);
    connect(views_, &QButtonGroup::idClicked, this,
            [this](int view) { show(static_cast<View>(view)); });
    show(View::Neighbours);
}

QWidget* ServiceDetails::buildNeighbours() {
    auto* tables = new QWidget;
    auto* layout = new QHBoxLayout(tables);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    const auto add = [&](const QString& caption, EdgeModel* model, EdgeModel::Column name,
                         const QString& empty) {
        auto* table = new DataTable(context_.themes, *model, edgeColumns(name));
        table->setEmptyText(empty);
        table->setAccessibleName(caption);
        table->setMinimumHeight(84);
        auto* panel = new Section(context_.themes, caption);
        panel->setFlush();
        panel->body().addWidget(table);
        layout->addWidget(panel);
        connect(table, &DataTable::subjectActivated, this, [this](const QString& subject) {
            context_.selection.select(Selection::ofSubject(subject.toStdString()));
        });
    };
    add(tr("Callers"), callers_, EdgeModel::Client, tr("Nobody is seen calling it."));
    add(tr("Dependencies"), dependencies_, EdgeModel::Server, tr("It calls nobody."));
    return tables;
}

void ServiceDetails::setSelection(const Selection& selection) {
    // Of an edge, the callee's neighbours.
    const bool isEdge = selection.kind == Selection::Kind::Edge;
    const std::string& service = isEdge ? selection.server : selection.node;
    callers_->setNode(service);
    dependencies_->setNode(service);
    suspects_->setSubject(selection.subject());
    traces_->setSubject(selection.subject());
}

void ServiceDetails::show(View view) {
    stack_->setCurrentIndex(static_cast<int>(view));
    views_->button(static_cast<int>(view))->setChecked(true);
    refresh();
}

void ServiceDetails::refresh() {
    if (stack_->currentWidget() == suspects_)
        suspects_->refresh();
}

}  // namespace levee
