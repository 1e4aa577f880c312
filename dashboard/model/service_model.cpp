// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/service_model.h"

#include <QStringList>

#include "dashboard/model/cell_values.h"
#include "shared/model/snapshot_delta.h"

namespace levee {

ServiceModel::ServiceModel(const TopologyStore& store, QObject* parent)
    : KeyedTableModel(parent), store_(store) {
    setRows(store.fleet().nodes);
    connect(&store, &TopologyStore::changed, this, [this] {
        if (!store_.hasOnlyTimePassed())
            onNews();
    });
}

void ServiceModel::reload() {
    setRows(store_.fleet().nodes);
}

QVariant ServiceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section <= Name ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("State"),     tr("Service"),  tr("Requests"), tr("Errors"),
                               tr("Shed"),      tr("p50"),      tr("p95"),      tr("p99"),
                               tr("In flight"), tr("Instances")};
    return names.at(section);
}

bool ServiceModel::isBefore(const FleetNode& a, const FleetNode& b) const {
    return a.node.name < b.node.name;
}

bool ServiceModel::isUnchanged(const FleetNode& a, const FleetNode& b) const {
    return a.heardAt == b.heardAt && isSame(a.node, b.node);
}

QVariant ServiceModel::cell(const FleetNode& row, int column, int role) const {
    const Node& node = row.node;
    switch (role) {
        case SubjectRole:
            return toText(node.name);
        case HealthRole:
            return static_cast<int>(node.health);
        case AgeRole:
            return store_.ageSeconds(row.heardAt);
        case ShedShareRole:
            return node.traffic.shedShare();
        default:
            break;
    }
    switch (column) {
        case State:
            return cellOf(static_cast<int>(node.health), ValueKind::Health, role);
        case Name:
            return cellOf(toText(node.name), ValueKind::Text, role);
        case Rate:
            return cellOf(node.traffic.requestRate, ValueKind::Rate, role);
        case Errors:
            return cellOf(node.traffic.errorShare(), ValueKind::Share, role);
        case Shed:
            return cellOf(node.traffic.shedShare(), ValueKind::Share, role);
        case P50:
            return cellOf(node.traffic.p50, ValueKind::Seconds, role);
        case P95:
            return cellOf(node.traffic.p95, ValueKind::Seconds, role);
        case P99:
            return cellOf(node.traffic.p99, ValueKind::Seconds, role);
        case InFlight:
            return cellOf(node.inFlight, ValueKind::Count, role);
        default:
            return cellOf(node.instances > 0 ? double(node.instances) : kUnknown, ValueKind::Count,
                          role);
    }
}

}  // namespace levee
