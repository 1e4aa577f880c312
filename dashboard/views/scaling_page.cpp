// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/scaling_page.h"
#include "dashboard/views/connection_words.h"

#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/advice_model.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/when_seen.h"

namespace levee {
namespace {
constexpr int kGap = 12;
constexpr int kRowHeight = 62;  // three lines of reason

QString describeNeeds(int more, int fewer) {
    QStringList parts;
    if (more > 0)
        parts << ScalingPage::tr("%n service(s) need more", nullptr, more);
    if (fewer > 0)
        parts << ScalingPage::tr("%n could do with fewer", nullptr, fewer);
    return parts.join(QStringLiteral(" · "));
}

}  // namespace

ScalingPage::ScalingPage(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context), model_(new AdviceModel(context.store, this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kGap + 4, kGap, kGap + 4, kGap);
    layout->setSpacing(kGap);
    auto* head = new QHBoxLayout;
    head->setSpacing(kGap);
    head->addWidget(new ThemedLabel(context.themes, TextTone::Title, tr("Scaling")));
    subtitle_ = new ThemedLabel(context.themes, TextTone::Dim);
    head->addWidget(subtitle_, 1);
    layout->addLayout(head);
    auto* panel =
        new Section(context.themes, tr("Instances needed: advice only, nothing is changed"));
    panel->setFlush();
    table_ = new DataTable(context.themes, *model_,
                           {{AdviceModel::Service, 160},
                            {AdviceModel::Missing, 120},
                            {AdviceModel::Now, 80},
                            {AdviceModel::Recommended, 90},
                            {AdviceModel::Demand, 110},
                            {AdviceModel::Capacity, 110},
                            {AdviceModel::Load, 150},
                            {AdviceModel::Trust, 110},
                            {AdviceModel::Reason, -1}});
    table_->setWordWrap(true);
    table_->setAccessibleName(tr("Scaling"));
    table_->setRowHeight(kRowHeight);
    keepEmptyWords(
        context.connection, *this,
        tr("No advice yet: the limiter must learn a limit first, which takes about a minute of "
           "traffic through the gateway."),
        [this](const QString& words) { table_->setEmptyText(words); });
    setFocusProxy(table_);
    panel->body().addWidget(table_);
    layout->addWidget(panel, 1);
    connect(table_, &DataTable::subjectChosen, this, [this](const QString& subject) {
        context_.selection.select(Selection::ofSubject(subject.toStdString()));
    });
    connect(table_, &DataTable::subjectActivated, this,
            [this] { context_.views.showPage(Page::Service); });
    connect(&context.selection, &SelectionState::changed, this, [this](const Selection& selection) {
        table_->showSubject(QString::fromStdString(selection.subject()));
    });
    auto* whenSeen = new WhenSeen(*this, [this] { refresh(); });
    connect(&context.store, &TopologyStore::changed, whenSeen, &WhenSeen::request);
    connect(&context.connection, &ConnectionState::ticked, whenSeen, &WhenSeen::request);
    refresh();
}

void ScalingPage::refresh() {
    const auto& advice = context_.store.fleet().advice;
    const auto more = std::ranges::count_if(
        advice, [](const Advice& a) { return a.current > 0 && a.recommended > a.current; });
    const auto fewer =
        std::ranges::count_if(advice, [](const Advice& a) { return a.recommended < a.current; });
    QStringList words;
    if (!advice.empty() && more == 0 && fewer == 0)
        words << tr("Every service has the instances that it needs.");
    else if (!advice.empty())
        words << describeNeeds(static_cast<int>(more), static_cast<int>(fewer));
    const CanvasMessage old = canvasMessage(context_.connection.summary(), true);
    if (!advice.empty() && old.state == CanvasState::Stale)
        words << old.title;
    subtitle_->setText(words.join(QStringLiteral(" · ")));
}

}  // namespace levee
