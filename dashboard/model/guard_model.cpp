// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/guard_model.h"

#include <QStringList>
#include <tuple>

#include "dashboard/model/cell_values.h"
#include "shared/model/snapshot_delta.h"

namespace levee {

GuardModel::GuardModel(const TopologyStore& store, QObject* parent)
    : KeyedTableModel(parent), store_(store) {
    setRows(store.fleet().guards);
    connect(&store, &TopologyStore::changed, this, [this] {
        if (!store_.hasOnlyTimePassed())
            onNews();
    });
}

void GuardModel::reload() {
    setRows(store_.fleet().guards);
}

QVariant GuardModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isText = section <= Breaker || section == Proof || section == Host;
        return static_cast<int>((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("Guard"),     tr("Breaker"), tr("To trip"), tr("Limit"),
                               tr("In flight"), tr("Shed"),    tr("Proof"),   tr("Host")};
    return names.at(section);
}

bool GuardModel::isBefore(const FleetGuard& a, const FleetGuard& b) const {
    return std::tie(a.guard.subject, a.host) < std::tie(b.guard.subject, b.host);
}

bool GuardModel::isUnchanged(const FleetGuard& a, const FleetGuard& b) const {
    return a.heardAt == b.heardAt && isSame(a.guard, b.guard);
}

QVariant GuardModel::cell(const FleetGuard& row, int column, int role) const {
    const GuardState& guard = row.guard;
    switch (role) {
        case SubjectRole:
            return toText(guard.subject);
        case AgeRole:
            return store_.ageSeconds(row.heardAt);
        case DetailRole:
            return toText(guard.enforcementDetail);
        default:
            break;
    }
    switch (column) {
        case Subject:
            return cellOf(toText(guard.subject), ValueKind::Subject, role);
        case Breaker:
            return guard.hasBreaker
                       ? cellOf(static_cast<int>(guard.breaker), ValueKind::Breaker, role)
                       : cellOf(QString(), ValueKind::Text, role);
        case ToTrip:
            return cellOf(guard.hasBreaker ? guard.distanceToTrip : kUnknown, ValueKind::Share,
                          role);
        case Limit:
            return cellOf(guard.hasLimit ? guard.limit : kUnknown, ValueKind::Count, role);
        case InFlight:
            return cellOf(guard.hasLimit ? guard.inFlight : kUnknown, ValueKind::Count, role);
        case Shed:
            return cellOf(guard.shedRate, ValueKind::Rate, role);
        case Proof:
            return cellOf(static_cast<int>(guard.enforcement), ValueKind::Enforcement, role);
        default:
            return cellOf(toText(row.host), ValueKind::Text, role);
    }
}

}  // namespace levee
