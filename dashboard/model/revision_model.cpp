// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/revision_model.h"

#include <QStringList>
#include <algorithm>

#include "dashboard/model/cell_values.h"

namespace levee {

void RevisionModel::setRevisions(std::vector<RuleRevision> revisions) {
    const auto newestFirst = [](const RuleRevision& a, const RuleRevision& b) {
        return a.revision > b.revision;
    };
    std::ranges::sort(revisions, newestFirst);
    const auto twice = std::ranges::unique(revisions, {}, &RuleRevision::revision);
    revisions.erase(twice.begin(), twice.end());
    setRows(std::move(revisions));
}

QVariant RevisionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return QStringList{tr("Revision"), tr("Time"), tr("Who"), tr("Why")}.at(section);
}

bool RevisionModel::isBefore(const RuleRevision& a, const RuleRevision& b) const {
    return a.revision > b.revision;
}

bool RevisionModel::isUnchanged(const RuleRevision& a, const RuleRevision& b) const {
    return a.active == b.active && a.reason == b.reason && a.author == b.author &&
           a.millis == b.millis && a.text == b.text;
}

QVariant RevisionModel::cell(const RuleRevision& row, int column, int role) const {
    if (role == DetailRole)
        return toText(row.reason);
    switch (column) {
        case Revision: {
            if (role == Qt::TextAlignmentRole)
                return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
            if (role == SortRole)
                return static_cast<qlonglong>(row.revision);
            //: a revision number that is in force now
            return cellOf(
                row.active ? tr("%1 in force").arg(row.revision) : QString::number(row.revision),
                ValueKind::Text, role);
        }
        case When:
            return cellOf(static_cast<qlonglong>(row.millis), ValueKind::Clock, role);
        case Author:
            return cellOf(toText(row.author), ValueKind::Text, role);
        default:
            return cellOf(toText(row.reason), ValueKind::Text, role);
    }
}

}  // namespace levee
