// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/fleet_page.h"

#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/agent_model.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/views/connection_words.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/meter.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr int kGap = 12;

QString detailOf(const AgentRow& row) {
    const AgentInfo& info = row.agent.info;
    QStringList lines;
    if (row.agent.hasSnapshot) {
        lines << FleetPage::tr("%1 · agent %2 · %3")
                     .arg(plainText(info.host), plainText(info.version),
                          plainText(row.agent.address));
        lines << (info.gatewayUp ? FleetPage::tr("gateway up: %1")
                                 : FleetPage::tr("gateway DOWN: %1"))
                     .arg(plainText(info.gatewayDetail));
        const auto upMillis = row.agent.snapshotMillis - info.startedMillis;
        lines << FleetPage::tr("running for %1 · rules revision %2")
                     .arg(formatAge(static_cast<double>(upMillis) / 1e3))
                     .arg(info.rulesRevision);
    } else {
        lines << plainText(row.agent.address);
    }
    if (!row.problem.empty())
        lines << plainText(row.problem, 500);
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

FleetPage::FleetPage(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      context_(context),
      model_(new AgentModel(context.connection, context.store, context.decisions, this)),
      subtitle_(new ThemedLabel(context.themes, TextTone::Dim)),
      onlyLate_(new QToolButton),
      filter_(new QLineEdit),
      live_(new Meter(context.themes, tr("Live"))),
      enforcing_(new Meter(context.themes, tr("On the newest rules"))),
      detail_(new ThemedLabel(context.themes, TextTone::Mono, {}, ThemedLabel::Overflow::Wrap)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kGap + 4, kGap, kGap + 4, kGap);
    layout->setSpacing(kGap);
    auto* head = new QHBoxLayout;
    head->setSpacing(kGap);
    head->addWidget(new ThemedLabel(context.themes, TextTone::Title, tr("Fleet")));
    head->addWidget(subtitle_, 1);
    onlyLate_->setText(tr("Late or lost only"));
    onlyLate_->setCheckable(true);
    onlyLate_->setMinimumHeight(28);
    filter_->setPlaceholderText(tr("Filter: host, address or problem"));
    filter_->setAccessibleName(tr("Filter of the agents"));
    filter_->setClearButtonEnabled(true);
    filter_->setMinimumSize(240, 28);
    head->addWidget(onlyLate_);
    head->addWidget(filter_);
    layout->addLayout(head);
    auto* meters = new Section(context.themes, tr("All agents"));
    auto* bars = new QHBoxLayout;
    bars->setSpacing(2 * kGap);
    bars->addWidget(live_);
    bars->addWidget(enforcing_);
    meters->body().addLayout(bars);
    meters->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    layout->addWidget(meters);
    auto* panel = new Section(context.themes, tr("Agents"));
    panel->setFlush();
    table_ = new DataTable(context.themes, *model_,
                           {{AgentModel::Reach, 100},
                            {AgentModel::Host, 112},
                            {AgentModel::Address, 156},
                            {AgentModel::Age, 60},
                            {AgentModel::Version, 76},
                            {AgentModel::Rules, 76},
                            {AgentModel::Drift, 72},
                            {AgentModel::Cpu, 64},
                            {AgentModel::Memory, 80},
                            {AgentModel::Series, 64},
                            {AgentModel::Targets, 72},
                            {AgentModel::Lost, 56},
                            {AgentModel::Clock, 108},
                            {AgentModel::Problem, -1}});
    table_->setAccessibleName(tr("Agents"));
    table_->setEmptyText(tr("No agent is like that. Clear the filter to see all."));
    panel->body().addWidget(table_);
    layout->addWidget(panel, 1);
    auto* detail = new Section(context.themes, tr("Agent"));
    detail->body().addWidget(detail_);
    detail->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    layout->addWidget(detail);
    setFocusProxy(table_);
    bind();
    refresh();
}

void FleetPage::bind() {
    const auto filterAgain = [this] {
        table_->setRowFilter([this](int row) { return accepts(row); });
    };
    connect(onlyLate_, &QToolButton::toggled, this, filterAgain);
    connect(filter_, &QLineEdit::textChanged, this, filterAgain);
    connect(&context_.connection, &ConnectionState::modeChanged, this, filterAgain);
    auto* whenSeen = new WhenSeen(*this, [this] { refresh(); });
    connect(&context_.connection, &ConnectionState::ticked, whenSeen, &WhenSeen::request);
    connect(&context_.views, &ViewActions::pageChanged, this, &FleetPage::refresh);
    connect(&context_.views, &ViewActions::lateAgentsAsked, this, [this] {
        filter_->clear();
        onlyLate_->setChecked(true);
    });
    connect(table_, &DataTable::rowChosen, this, &FleetPage::refresh);
}

bool FleetPage::accepts(int index) const {
    const AgentRow& row = model_->row(index);
    if (onlyLate_->isChecked() && row.reach == DataAge::Live)
        return false;
    const QString wanted = filter_->text().trimmed();
    if (wanted.isEmpty())
        return true;
    const auto holds = [&](const std::string& text) {
        return plainText(text).contains(wanted, Qt::CaseInsensitive);
    };
    return holds(row.agent.info.host) || holds(row.agent.address) || holds(row.problem);
}

void FleetPage::refresh() {
    if (context_.views.page() != Page::Fleet)
        return;
    const LinkSummary& summary = context_.connection.summary();
    subtitle_->setText(connectionText(summary, context_.connection.agents()));
    const auto share = [&](int count) {
        return summary.total > 0 ? static_cast<double>(count) / summary.total : kUnknown;
    };
    const auto current = static_cast<int>(std::ranges::count_if(
        model_->rows(), [](const auto& row) { return row.agent.hasSnapshot && row.behind == 0; }));
    const auto words = [&](int count) { return tr("%1 of %2").arg(count).arg(summary.total); };
    const auto state = [&](int count) {
        return count == summary.total ? VisualState::Ok : VisualState::Degraded;
    };
    live_->setValue(share(summary.live), words(summary.live), state(summary.live));
    enforcing_->setValue(share(current), words(current), state(current));
    const QModelIndex chosen = table_->sourceIndex();
    if (chosen.isValid())
        detail_->setText(detailOf(model_->row(chosen.row())));
    else if (model_->rowCount() == 1)
        detail_->setText(detailOf(model_->row(0)));
    else
        detail_->setText(tr("Choose an agent to see more of it."));
}

}  // namespace levee
