// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/advice_model.h"

#include <QStringList>
#include <bit>

#include "dashboard/model/cell_values.h"

namespace levee {
namespace {

bool isSameNumber(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

AdviceModel::AdviceModel(const TopologyStore& store, QObject* parent)
    : KeyedTableModel(parent), store_(store) {
    setRows(store.fleet().advice);
    connect(&store, &TopologyStore::changed, this, [this] {
        if (!store_.hasOnlyTimePassed())
            onNews();
    });
}

void AdviceModel::reload() {
    setRows(store_.fleet().advice);
}

QVariant AdviceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isText = section <= Missing || section >= Load;
        return static_cast<int>((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("Service"), tr("Advice"),     tr("Now"),
                               tr("Needed"),  tr("Demand"),     tr("Capacity"),
                               tr("Used"),    tr("Confidence"), tr("Why")};
    return names.at(section);
}

bool AdviceModel::isBefore(const Advice& a, const Advice& b) const {
    return a.service < b.service;
}

bool AdviceModel::isUnchanged(const Advice& a, const Advice& b) const {
    return a.current == b.current && a.recommended == b.recommended &&
           isSameNumber(a.demand, b.demand) && isSameNumber(a.capacity, b.capacity) &&
           a.confidence == b.confidence && a.reason == b.reason;
}

QVariant AdviceModel::cell(const Advice& row, int column, int role) const {
    if (role == SubjectRole)
        return toText(row.service);
    if (role == DetailRole)
        return toText(row.reason);
    switch (column) {
        case Service:
            return cellOf(toText(row.service), ValueKind::Text, role);
        case Missing:
            return row.current > 0 ? cellOf(row.recommended - row.current, ValueKind::Missing, role)
                                   : cellOf(QString(), ValueKind::Text, role);
        case Now:
            return cellOf(row.current > 0 ? double(row.current) : kUnknown, ValueKind::Count, role);
        case Recommended:
            return cellOf(row.recommended, ValueKind::Integer, role);
        case Demand:
            return cellOf(row.demand, ValueKind::Rate, role);
        case Capacity:
            return cellOf(row.capacity, ValueKind::Rate, role);
        case Load:
            return cellOf(row.capacity > 0 ? row.demand / row.capacity : kUnknown, ValueKind::Load,
                          role);
        case Trust:
            return cellOf(static_cast<int>(row.confidence), ValueKind::Confidence, role);
        default:
            return cellOf(toText(row.reason), ValueKind::Text, role);
    }
}

}  // namespace levee
