// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/difference_panel.h"

#include <QPushButton>
#include <QVBoxLayout>

#include "dashboard/model/selection_state.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/latency_words.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"

namespace levee {

DifferencePanel::DifferencePanel(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      context_(context),
      model_(new LatencyDifferenceModel(this)),
      summary_(new ThemedLabel(context.themes, TextTone::Normal, {}, ThemedLabel::Overflow::Wrap)),
      same_(new ThemedLabel(context.themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap)),
      letGo_(new QPushButton(tr("Let go of the box"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* panel = new Section(context.themes, tr("What differs in the box"));
    panel->setFlush();
    panel->addTrailing(letGo_);
    auto* words = new QVBoxLayout;
    words->setContentsMargins(12, 0, 12, 4);
    words->addWidget(summary_);
    panel->body().addLayout(words);
    table_ = new DataTable(context.themes, *model_,
                           {{LatencyDifferenceModel::What, 170},
                            {LatencyDifferenceModel::Value, -1},
                            {LatencyDifferenceModel::Selected, 150},
                            {LatencyDifferenceModel::Rest, 150},
                            {LatencyDifferenceModel::Verdict, 130}},
                           DataTable::Sorting::AsModel);
    table_->setAccessibleName(tr("What differs in the box"));
    table_->setMinimumHeight(120);
    panel->body().addWidget(table_, 1);
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(12, 0, 12, 2);
    foot->addWidget(same_);
    panel->body().addLayout(foot);
    layout->addWidget(panel);
    connect(letGo_, &QPushButton::clicked, this, &DifferencePanel::letGoAsked);
    connect(table_, &DataTable::subjectActivated, this, [this](const QString& subject) {
        if (!subject.isEmpty())
            context_.selection.select(Selection::ofSubject(subject.toStdString()));
    });
    show(std::nullopt, {});
}

void DifferencePanel::show(const std::optional<LatencyBox>& box,
                           const LatencyComparison& comparison) {
    letGo_->setVisible(box.has_value());
    summary_->setVisible(box.has_value());
    same_->setVisible(box.has_value() && !sameText(comparison).isEmpty());
    if (!box) {
        model_->setDifferences({});
        table_->setEmptyText(
            tr("Draw a box on the heatmap (H, then Shift and the arrows): what is "
               "more frequent in it than else is told here."));
        return;
    }
    summary_->setText(comparisonSummary(comparison, *box));
    same_->setText(sameText(comparison));
    std::vector<DifferenceRow> rows = differenceRows(comparison, *box);
    table_->setEmptyText(comparison.selected == 0 ? tr("No request is in the box.")
                                                  : tr("Nothing that is known differs."));
    model_->setDifferences(std::move(rows));
}

}  // namespace levee
