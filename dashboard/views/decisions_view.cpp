// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/decisions_view.h"
#include "dashboard/views/connection_words.h"

#include <QVBoxLayout>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/decision_model.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/section.h"

namespace levee {
namespace {
constexpr int kRowHeight = 25;
}

DecisionsView::DecisionsView(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* panel = new Section(context.themes, tr("Decisions and changes"), Section::Frame::Plain);
    panel->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    panel->setFlush();
    table_ = new DataTable(context.themes, context.decisions,
                           {{DecisionModel::When, 84},
                            {DecisionModel::Severity, 104},
                            {DecisionModel::Subject, 220},
                            {DecisionModel::Text, -1},
                            {DecisionModel::Rule, 150}},
                           DataTable::Sorting::AsModel);
    table_->setRowHeight(kRowHeight);
    table_->setAccessibleName(tr("Decisions and changes"));
    keepEmptyWords(context.connection, *this,
                   tr("Nothing was decided yet. What guards do and why stands here."),
                   [this](const QString& words) { table_->setEmptyText(words); });
    setFocusProxy(table_);
    panel->body().addWidget(table_);
    layout->addWidget(panel, 1);
    connect(table_, &DataTable::subjectChosen, this, [this](const QString& subject) {
        context_.selection.select(Selection::ofSubject(subject.toStdString()));
    });
    connect(table_, &DataTable::subjectActivated, this,
            [this] { context_.views.showPage(Page::Service); });
    connect(&context.store, &TopologyStore::changed, this, &DecisionsView::hideWhatCameLater);
}

/// In time travel the list ends where the picture does.
void DecisionsView::hideWhatCameLater() {
    const std::optional<std::int64_t> end =
        context_.store.isTravelling() ? std::optional(context_.store.fleet().millis) : std::nullopt;
    if (end == end_)
        return;
    end_ = end;
    table_->setRowFilter(
        [this](int row) { return !end_ || context_.decisions.row(row).event.millis <= *end_; });
}

}  // namespace levee
