// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/decisions_view.h"

#include <QVBoxLayout>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/decision_model.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"

namespace levee {
namespace {
constexpr int kGap = 12;

std::vector<TableColumn> columnsFor(DecisionsView::Form form) {
    std::vector<TableColumn> columns = {{DecisionModel::When, 84},
                                        {DecisionModel::Severity, 104},
                                        {DecisionModel::Subject, 220},
                                        {DecisionModel::Text, -1},
                                        {DecisionModel::Rule, 150}};
    if (form == DecisionsView::Form::Page)
        columns.push_back({DecisionModel::Host, 130});
    return columns;
}

}  // namespace

DecisionsView::DecisionsView(const ViewContext& context, Form form, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* layout = new QVBoxLayout(this);
    const bool isPage = form == Form::Page;
    const int gap = isPage ? kGap + 4 : 0;
    layout->setContentsMargins(gap, isPage ? kGap : 0, gap, isPage ? kGap : 0);
    layout->setSpacing(kGap);
    if (isPage)
        layout->addWidget(new ThemedLabel(context.themes, TextTone::Title, tr("Decisions")));
    auto* panel = new Section(context.themes, tr("Decisions and changes"),
                              isPage ? Section::Frame::Card : Section::Frame::Plain);
    panel->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    panel->setFlush();
    table_ = new DataTable(context.themes, context.decisions, columnsFor(form),
                           DataTable::Sorting::AsModel);
    table_->setRowHeight(isPage ? 28 : 25);
    table_->setEmptyText(tr("Nothing was decided yet. What guards do and why stands here."));
    setFocusProxy(table_);
    panel->body().addWidget(table_);
    layout->addWidget(panel, 1);
    if (isPage) {
        auto* detail = new Section(context.themes, tr("Inputs"));
        auto* text = new ThemedLabel(context.themes, TextTone::Mono,
                                     tr("Choose a decision to see what it was based on."),
                                     ThemedLabel::Overflow::Wrap);
        detail->body().addWidget(text);
        layout->addWidget(detail);
        connect(table_, &DataTable::rowChosen, this, [this, text](int row) {
            const Event& event = context_.decisions.row(row).event;
            const QString inputs = plainText(event.detail, 1'000);
            QString shown = tr("%1\n%2").arg(plainText(event.text, 500),
                                             inputs.isEmpty() ? tr("no inputs recorded") : inputs);
            if (!event.counterfactual.empty())
                shown += '\n' + plainText(event.counterfactual, 500);
            text->setText(shown);
        });
    }
    connect(table_, &DataTable::subjectChosen, this, [this](const QString& subject) {
        context_.selection.select(Selection::ofSubject(subject.toStdString()));
    });
    connect(table_, &DataTable::subjectActivated, this,
            [this] { context_.views.showPage(Page::Service); });
}

}  // namespace levee
