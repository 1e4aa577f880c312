// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/inspector_panel.h"
#include "dashboard/views/connection_words.h"

#include <QGridLayout>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/attention_list.h"
#include "dashboard/views/guard_stack.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/sparkline.h"

namespace levee {
namespace {

constexpr unsigned kSparkSeconds = 120;

QString describeAgent(const FleetAgent& agent, double age) {
    if (!agent.hasSnapshot) {
        const QString reason = plainText(agent.state.reason);
        return InspectorPanel::tr("%1\n%2").arg(
            plainText(agent.address),
            reason.isEmpty() ? InspectorPanel::tr("connecting…") : reason);
    }
    const AgentInfo& info = agent.info;
    QStringList lines;
    lines << InspectorPanel::tr("%1 · agent %2").arg(plainText(info.host), plainText(info.version));
    lines << InspectorPanel::tr("heard %1 ago · rules revision %2")
                 .arg(formatAge(age))
                 .arg(info.rulesRevision);
    lines << InspectorPanel::tr("CPU %1 · memory %2")
                 .arg(formatShare(info.cpuShare), formatBytes(info.rssBytes));
    lines << (info.gatewayUp ? InspectorPanel::tr("gateway up: %1")
                             : InspectorPanel::tr("gateway DOWN: %1"))
                 .arg(plainText(info.gatewayDetail));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

InspectorPanel::InspectorPanel(const ViewContext& context, QWidget* parent)
    : QScrollArea(parent), context_(context) {
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setAccessibleName(tr("Inspector"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    build();
    auto* whenSeen = new WhenSeen(*this, [this] { refresh(); });
    connect(&context.store, &TopologyStore::changed, whenSeen, &WhenSeen::request);
    connect(&context.selection, &SelectionState::changed, whenSeen, &WhenSeen::request);
    connect(&context.connection, &ConnectionState::ticked, whenSeen, &WhenSeen::request);
    connect(open_, &QPushButton::clicked, this, [this] { context_.views.showPage(Page::Service); });
    connect(neighbours_, &AttentionList::subjectChosen, this, [this](const QString& subject) {
        context_.selection.select(Selection::ofSubject(subject.toStdString()));
    });
    connect(&context.document, &RuleDocument::changed, this, &InspectorPanel::showLock);
    showLock();
    refresh();
}

void InspectorPanel::build() {
    ThemeController& themes = context_.themes;
    auto* content = new QWidget;
    content->setBackgroundRole(QPalette::Base);
    content->setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);

    head_ = new Section(themes, tr("Inspector"), Section::Frame::Plain);
    title_ = new ThemedLabel(themes, TextTone::Title);
    subtitle_ = new ThemedLabel(themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap);
    head_->body().setSpacing(4);
    head_->body().addWidget(title_);
    head_->body().addWidget(subtitle_);
    numbers_ = new QWidget;
    auto* grid = new QGridLayout(numbers_);
    grid->setContentsMargins(0, 8, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(5);
    spark_ = new Sparkline(themes);
    spark_->setFixedHeight(34);
    grid->addWidget(spark_, 0, 0, 1, 4);
    const QStringList names = {tr("Requests"), tr("Errors"), tr("Shed"),      tr("p50"),
                               tr("p95"),      tr("p99"),    tr("In flight"), tr("Instances")};
    for (int i = 0; i < FactCount; ++i) {
        const int half = (FactCount + 1) / 2;
        names_[i] = new ThemedLabel(themes, TextTone::Dim, names.at(i));
        values_[i] = new ThemedLabel(themes, TextTone::Strong);
        values_[i]->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        grid->addWidget(names_[i], 1 + i % half, i < half ? 0 : 2);
        grid->addWidget(values_[i], 1 + i % half, i < half ? 1 : 3);
    }
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    head_->body().addWidget(numbers_);
    open_ = new QPushButton(tr("Open service page"));
    open_->setToolTip(tr("Enter on the map, or F2"));
    head_->body().addWidget(open_);
    layout->addWidget(head_);

    buildToDo(*layout);
    guardsPanel_ = new Section(themes, tr("Guards"), Section::Frame::Plain);
    guards_ = new GuardStack(themes, context_.document);
    guardsPanel_->body().addWidget(guards_);
    QAction& hold = context_.actions[ActionId::HoldGuard];
    auto* byHand = new QPushButton(tr("Hold…"));
    byHand->setAccessibleName(hold.text());
    lockedButtons_.push_back(byHand);
    guardsPanel_->addTrailing(byHand);
    connect(byHand, &QPushButton::clicked, &hold, &QAction::trigger);
    layout->addWidget(guardsPanel_);

    neighboursPanel_ = new Section(themes, tr("Callers and dependencies"), Section::Frame::Plain);
    neighboursPanel_->setFlush();
    neighbours_ = new AttentionList(themes);
    neighbours_->setAccessibleName(tr("Callers and dependencies"));
    neighboursPanel_->body().addWidget(neighbours_);
    layout->addWidget(neighboursPanel_);

    advice_ = new ThemedLabel(themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap);
    advicePanel_ = new Section(themes, tr("Scaling advice"), Section::Frame::Plain);
    advicePanel_->body().addWidget(advice_);
    layout->addWidget(advicePanel_);

    agentsPanel_ = new Section(themes, tr("Agents"), Section::Frame::Plain);
    agents_ = new ThemedLabel(themes, TextTone::Normal, {}, ThemedLabel::Overflow::Wrap);
    agentsPanel_->body().addWidget(agents_);
    layout->addWidget(agentsPanel_);
    layout->addStretch(1);
    setWidget(content);
}

void InspectorPanel::buildToDo(QVBoxLayout& layout) {
    toDo_ = new Section(context_.themes, tr("What to do"), Section::Frame::Plain);
    const std::pair<ActionId, QString> choices[] = {
        {ActionId::DraftRule, tr("Draft a rule for it")},
        {ActionId::HoldGuard, tr("Hold its guard by hand")},
        {ActionId::TakeCommand, tr("Take command of the incident")}};
    for (const auto& [id, text] : choices) {
        QAction& action = context_.actions[id];
        const auto keys = action.shortcuts();
        const QString key =
            keys.isEmpty() ? QString() : keys.front().toString(QKeySequence::NativeText);
        auto* button = new QPushButton(key + QStringLiteral("   ") + text);
        button->setStyleSheet(QStringLiteral("text-align: left;"));
        button->setAccessibleName(action.text());
        button->setToolTip(action.toolTip());
        if (id == ActionId::HoldGuard)
            lockedButtons_.push_back(button);
        connect(button, &QPushButton::clicked, &action, &QAction::trigger);
        toDo_->body().addWidget(button);
    }
    layout.addWidget(toDo_);
}

void InspectorPanel::showLock() {
    const QString& reason = context_.document.readOnlyReason();
    for (QPushButton* button : lockedButtons_) {
        button->setEnabled(reason.isEmpty());
        button->setToolTip(reason.isEmpty() ? context_.actions[ActionId::HoldGuard].toolTip()
                                            : reason);
    }
}

void InspectorPanel::refresh() {
    const Selection& selection = context_.selection.current();
    if (selection.kind == Selection::Kind::Node) {
        if (const FleetNode* node = context_.store.node(selection.node))
            return showNode(*node);
    } else if (selection.kind == Selection::Kind::Edge) {
        if (const FleetEdge* edge = context_.store.edge(selection.client, selection.server))
            return showEdge(*edge);
    }
    showNothing();
}

void InspectorPanel::setSelected(bool hasSelection) {
    for (QWidget* widget :
         std::initializer_list<QWidget*>{numbers_, open_, guardsPanel_, neighboursPanel_})
        widget->setVisible(hasSelection);
    toDo_->setVisible(hasSelection && isUnwell_);
    agentsPanel_->setVisible(!hasSelection);
    if (!hasSelection)
        advicePanel_->hide();
}

void InspectorPanel::showNothing() {
    setSelected(false);
    const std::size_t count = context_.store.fleet().nodes.size();
    title_->setText(count == 0 ? tr("Nothing to show yet")
                               : tr("%n service(s)", nullptr, static_cast<int>(count)));
    const QString health = healthLine_.text(context_.store);
    subtitle_->setText(count == 0 ? emptyWords(context_.connection.summary(),
                                               tr("Services appear with their first request."))
                                  : tr("%1\n\nSelect a service or an edge to see it here; Tab "
                                       "walks through what is not well.")
                                        .arg(health));
    QStringList lines;
    for (const FleetAgent& agent : context_.connection.agents())
        lines << describeAgent(agent, context_.connection.ageSeconds(agent));
    agents_->setText(lines.join(QStringLiteral("\n\n")));
}

void InspectorPanel::setFact(Fact fact, const QString& value) {
    values_[fact]->setText(value);
    const bool isShown = !value.isEmpty();
    names_[fact]->setVisible(isShown);
    values_[fact]->setVisible(isShown);
}

void InspectorPanel::showTraffic(const Traffic& traffic, const std::string& subject) {
    setFact(Requests, formatRate(traffic.requestRate));
    setFact(Errors, formatShare(traffic.errorShare()));
    setFact(Shed, formatShare(traffic.shedShare()));
    setFact(P50, formatLatency(traffic.p50));
    setFact(P95, formatLatency(traffic.p95));
    setFact(P99, formatLatency(traffic.p99));
    spark_->setValues(
        context_.store.series().recentRates(subject, kSparkSeconds, context_.store.fleet().millis));
}

void InspectorPanel::showNode(const FleetNode& entry) {
    const Node& node = entry.node;
    const VisualState state = stateOf(context_.store, entry);
    isUnwell_ = severityRank(state) <= severityRank(VisualState::Throttled);
    setSelected(true);
    title_->setText(plainText(node.name));
    QStringList hosts;
    for (const std::string& host : node.hosts)
        hosts << plainText(host);
    QStringList facts{glyphOf(state) + QLatin1Char(' ') + wordOf(state), wordOf(node.kind)};
    if (!hosts.isEmpty())
        facts << tr("on %1").arg(hosts.join(QStringLiteral(", ")));
    if (context_.store.ageOf(entry.heardAt) != DataAge::Live)
        facts << tr("%1 old").arg(formatAge(context_.store.ageSeconds(entry.heardAt)));
    subtitle_->setText(facts.join(QStringLiteral(" · ")));
    showTraffic(node.traffic, node.name);
    setFact(InFlight, formatCount(node.inFlight));
    setFact(Instances, node.instances > 0 ? formatCount(node.instances) : QStringLiteral("-"));

    auto guards = context_.store.guardsOf(node.name);
    std::vector<AttentionItem> neighbours;
    for (const FleetEdge* edge : context_.store.callersOf(node.name)) {
        const auto ofEdge = context_.store.guardsOf(edge->edge.id());
        guards.insert(guards.end(), ofEdge.begin(), ofEdge.end());
        neighbours.push_back(
            {plainText(edge->edge.client), QStringLiteral("← ") + plainText(edge->edge.client),
             formatRate(edge->edge.traffic.requestRate), stateOf(context_.store, *edge)});
    }
    for (const FleetEdge* edge : context_.store.dependenciesOf(node.name))
        neighbours.push_back(
            {plainText(edge->edge.server), QStringLiteral("→ ") + plainText(edge->edge.server),
             formatRate(edge->edge.traffic.requestRate), stateOf(context_.store, *edge)});
    guards_->setGuards(context_.store, guards, true);
    neighboursPanel_->setVisible(!neighbours.empty());
    neighbours_->setItems(std::move(neighbours));
    const Advice* advice = context_.store.adviceFor(node.name);
    advicePanel_->setVisible(advice);
    if (advice)
        advice_->setText(plainText(advice->reason, 500));
}

void InspectorPanel::showEdge(const FleetEdge& entry) {
    const Edge& edge = entry.edge;
    const VisualState state = stateOf(context_.store, entry);
    const auto guards = context_.store.guardsOf(edge.id());
    isUnwell_ = severityRank(state) <= severityRank(VisualState::Throttled) ||
                std::ranges::any_of(guards, [](const FleetGuard* each) {
                    return each->guard.hasBreaker && each->guard.breaker == BreakerState::Open;
                });
    setSelected(true);
    title_->setText(readableSubject(edge.id()));
    QStringList seen;
    if (edge.evidence & kFromTraces)
        seen << tr("traces");
    if (edge.evidence & kFromGateway)
        seen << tr("gateway");
    if (edge.evidence & kFromSockets)
        seen << tr("sockets");
    subtitle_->setText(tr("%1 %2 · known from %3")
                           .arg(glyphOf(state), wordOf(state), seen.join(QStringLiteral(", "))));
    showTraffic(edge.traffic, edge.id());
    setFact(InFlight, {});
    setFact(Instances, {});
    guards_->setGuards(context_.store, guards, true);
    neighboursPanel_->hide();
    advicePanel_->hide();
}

}  // namespace levee
