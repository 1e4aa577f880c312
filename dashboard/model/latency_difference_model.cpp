// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/latency_difference_model.h"

#include <QStringList>

#include "dashboard/model/cell_values.h"

namespace levee {

bool LatencyDifferenceModel::isBefore(const DifferenceRow& a, const DifferenceRow& b) const {
    return a.rank < b.rank;
}

bool LatencyDifferenceModel::isUnchanged(const DifferenceRow& a, const DifferenceRow& b) const {
    return a == b;
}

QVariant LatencyDifferenceModel::headerData(int section, Qt::Orientation orientation,
                                            int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return QStringList{tr("What"), tr("Value"), tr("In the box"), tr("Else"), tr("Verdict")}.at(
        section);
}

QVariant LatencyDifferenceModel::cell(const DifferenceRow& row, int column, int role) const {
    if (role == KeyRole)
        return QString::number(row.rank);
    if (role == SubjectRole)
        return row.subject;
    const QString texts[] = {row.what, row.value, row.selected, row.rest, row.verdict};
    return cellOf(texts[column], ValueKind::Text, role);
}

}  // namespace levee
