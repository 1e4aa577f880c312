// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/agent_model.h"

#include <QStringList>
#include <algorithm>

#include "dashboard/model/cell_values.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/decision_model.h"

namespace levee {
namespace {

bool isAboutTheAgent(const Event& event) {
    const bool isOfIt = event.kind == EventKind::Agent || event.kind == EventKind::Gateway ||
                        event.kind == EventKind::Target;
    return isOfIt && event.severity >= EventSeverity::Warning;
}

}  // namespace

AgentModel::AgentModel(const ConnectionState& connection, const TopologyStore& store,
                       const DecisionModel& decisions, QObject* parent)
    : KeyedTableModel(parent), connection_(connection), store_(store), decisions_(decisions) {
    connect(&connection, &ConnectionState::ticked, this, [this] { onNews(); });
    reload();
}

void AgentModel::reload() {
    std::vector<AgentRow> rows;
    std::int64_t newest = 0;
    for (const FleetAgent& agent : connection_.agents())
        newest = std::max(newest, agent.info.rulesRevision);
    for (const FleetAgent& agent : connection_.agents()) {
        AgentRow row;
        row.agent = agent;
        row.reach = connection_.reachOf(agent);
        row.ageSeconds = connection_.ageSeconds(agent);
        row.behind = agent.hasSnapshot ? newest - agent.info.rulesRevision : 0;
        const TargetState* down = nullptr;
        for (const FleetTarget& target : store_.fleet().targets) {
            if (!agent.hasSnapshot || target.host != agent.info.host)
                continue;
            ++row.targets;
            row.targetsUp += target.target.up;
            if (!target.target.up && target.target.scrapedMillis > 0)
                down = &target.target;
        }
        row.problem = problemOf(agent, down);
        rows.push_back(std::move(row));
    }
    std::ranges::sort(rows, [this](const auto& a, const auto& b) { return isBefore(a, b); });
    const auto twice =
        std::ranges::unique(rows, {}, [](const AgentRow& r) { return r.agent.address; });
    rows.erase(twice.begin(), twice.end());
    setRows(std::move(rows));
}

std::string AgentModel::problemOf(const FleetAgent& agent, const TargetState* down) const {
    if (!agent.state.reason.empty())
        return agent.state.reason;
    if (!agent.hasSnapshot)
        return {};
    if (!agent.info.gatewayUp && !agent.info.gatewayDetail.empty())
        return tr("gateway: %1").arg(toText(agent.info.gatewayDetail)).toStdString();
    if (down)
        return tr("target %1: %2").arg(toText(down->job), toText(down->error)).toStdString();
    for (int i = 0; i < decisions_.rowCount(); ++i)  // newest first
        if (const auto& row = decisions_.row(i);
            row.host == agent.info.host && isAboutTheAgent(row.event))
            return row.event.text;
    return {};
}

QVariant AgentModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isText =
            section <= Address || section == Version || section == Drift || section == Problem;
        return static_cast<int>((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    return QStringList{tr("State"),   tr("Host"),  tr("Address"), tr("Heard"),       tr("Version"),
                       tr("Rules"),   tr("Drift"), tr("CPU"),     tr("Memory"),      tr("Series"),
                       tr("Targets"), tr("Lost"),  tr("Clock"),   tr("Last problem")}
        .at(section);
}

QVariant AgentModel::cell(const AgentRow& row, int column, int role) const {
    const AgentInfo& info = row.agent.info;
    const bool isKnown = row.agent.hasSnapshot;
    const auto number = [&](double value) { return isKnown ? value : kUnknown; };
    switch (role) {
        case AgeRole:
            return row.reach == DataAge::Live ? 0.0 : row.ageSeconds;
        case KeyRole:
            return toText(row.agent.address);
        case DetailRole:
            return column == Problem ? toText(row.problem) : QString();
        default:
            break;
    }
    switch (column) {
        case Reach:
            return cellOf(static_cast<int>(row.reach), ValueKind::Reach, role);
        case Host:
            return cellOf(isKnown ? toText(info.host) : QStringLiteral("-"), ValueKind::Text, role);
        case Address:
            return cellOf(toText(row.agent.address), ValueKind::Text, role);
        case Age:
            return cellOf(row.ageSeconds, ValueKind::Age, role);
        case Version:
            return cellOf(isKnown ? toText(info.version) : QStringLiteral("-"), ValueKind::Text,
                          role);
        case Rules:
            return cellOf(number(static_cast<double>(info.rulesRevision)), ValueKind::Count, role);
        case Drift:
            return cellOf(isKnown ? static_cast<double>(row.behind) : kUnknown, ValueKind::Behind,
                          role);
        case Cpu:
            return cellOf(number(info.cpuShare), ValueKind::Share, role);
        case Memory:
            return cellOf(number(info.rssBytes), ValueKind::Bytes, role);
        case Series:
            return cellOf(number(info.series), ValueKind::Count, role);
        case Targets: {
            if (role == SortRole)
                return row.targets - row.targetsUp;
            if (role == Qt::TextAlignmentRole)
                return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
            //: scrape targets: so many of so many are up
            return cellOf(row.targets > 0 ? tr("%1 of %2").arg(row.targetsUp).arg(row.targets)
                                          : QStringLiteral("-"),
                          ValueKind::Text, role);
        }
        case Lost:
            return cellOf(number(info.lost), ValueKind::Count, role);
        case Clock:
            return cellOf(number(row.agent.clockOffset), ValueKind::Offset, role);
        default:
            return cellOf(row.problem.empty() ? QStringLiteral("-") : toText(row.problem),
                          ValueKind::Text, role);
    }
}

}  // namespace levee
