// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/edge_model.h"

#include <QStringList>
#include <tuple>

#include "dashboard/model/cell_values.h"
#include "shared/model/snapshot_delta.h"

namespace levee {

EdgeModel::EdgeModel(const TopologyStore& store, Scope scope, QObject* parent)
    : KeyedTableModel(parent), store_(store), scope_(scope) {
    reload();
    connect(&store, &TopologyStore::changed, this, [this] {
        if (!store_.hasOnlyTimePassed())
            onNews();
    });
}

void EdgeModel::setNode(const std::string& name) {
    name_ = name;
    reload();
}

void EdgeModel::reload() {
    if (scope_ == Scope::All) {
        setRows(store_.fleet().edges);
        return;
    }
    std::vector<FleetEdge> rows;
    for (const FleetEdge* edge :
         scope_ == Scope::Callers ? store_.callersOf(name_) : store_.dependenciesOf(name_))
        rows.push_back(*edge);
    setRows(std::move(rows));
}

QVariant EdgeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section <= Server ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("State"),  tr("Caller"), tr("Service"), tr("Requests"),
                               tr("Errors"), tr("Shed"),   tr("p50"),     tr("p99")};
    return names.at(section);
}

bool EdgeModel::isBefore(const FleetEdge& a, const FleetEdge& b) const {
    return std::tie(a.edge.client, a.edge.server) < std::tie(b.edge.client, b.edge.server);
}

bool EdgeModel::isUnchanged(const FleetEdge& a, const FleetEdge& b) const {
    return a.heardAt == b.heardAt && isSame(a.edge, b.edge);
}

QVariant EdgeModel::cell(const FleetEdge& row, int column, int role) const {
    const Edge& edge = row.edge;
    switch (role) {
        case SubjectRole:
            return toText(edge.id());
        case HealthRole:
            return static_cast<int>(edge.health);
        case AgeRole:
            return store_.ageSeconds(row.heardAt);
        case ShedShareRole:
            return edge.traffic.shedShare();
        default:
            break;
    }
    switch (column) {
        case State:
            return cellOf(static_cast<int>(edge.health), ValueKind::Health, role);
        case Client:
            return cellOf(toText(edge.client), ValueKind::Text, role);
        case Server:
            return cellOf(toText(edge.server), ValueKind::Text, role);
        case Rate:
            return cellOf(edge.traffic.requestRate, ValueKind::Rate, role);
        case Errors:
            return cellOf(edge.traffic.errorShare(), ValueKind::Share, role);
        case Shed:
            return cellOf(edge.traffic.shedShare(), ValueKind::Share, role);
        case P50:
            return cellOf(edge.traffic.p50, ValueKind::Seconds, role);
        default:
            return cellOf(edge.traffic.p99, ValueKind::Seconds, role);
    }
}

}  // namespace levee
