// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/override_model.h"

#include <QStringList>
#include <algorithm>
#include <tuple>

#include "dashboard/model/cell_values.h"

namespace levee {

OverrideModel::OverrideModel(const OverrideDesk& desk, QObject* parent)
    : KeyedTableModel(parent), desk_(desk) {
    reload();
    connect(&desk, &OverrideDesk::changed, this, [this] { onNews(); });
}

void OverrideModel::reload() {
    std::vector<HeldOverride> rows = desk_.held();
    std::ranges::sort(rows, [this](const auto& a, const auto& b) { return isBefore(a, b); });
    setRows(std::move(rows));
}

QVariant OverrideModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Left ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return QStringList{tr("Guard"), tr("Held"), tr("Left"), tr("Over rule"),
                       tr("Who"),   tr("Why"),  tr("Host")}
        .at(section);
}

bool OverrideModel::isBefore(const HeldOverride& a, const HeldOverride& b) const {
    return std::tie(a.value.subject, a.host) < std::tie(b.value.subject, b.host);
}

bool OverrideModel::isUnchanged(const HeldOverride& a, const HeldOverride& b) const {
    return a.heardAt == b.heardAt && isSame(a.value, b.value);
}

QVariant OverrideModel::cell(const HeldOverride& row, int column, int role) const {
    const Override& value = row.value;
    const QString over = value.ruleFile.empty()
                             ? toText(value.rule)
                             //: a rule and the file that it stands in
                             : tr("%1 in %2").arg(toText(value.rule), toText(value.ruleFile));
    switch (role) {
        case SubjectRole:
            return toText(value.subject);
        case KeyRole:
            return toText(row.key());
        case DetailRole:
            return tr("%1, over the rule %2; by %3: %4")
                .arg(holdText(value), over, toText(value.author), toText(value.reason));
        default:
            break;
    }
    switch (column) {
        case Guard:
            return cellOf(toText(value.subject), ValueKind::Subject, role);
        case Held:
            return cellOf(holdText(value), ValueKind::Text, role);
        case Left:
            return cellOf(desk_.secondsLeft(row), ValueKind::Age, role);
        case Over:
            return cellOf(over, ValueKind::Text, role);
        case Author:
            return cellOf(toText(value.author), ValueKind::Text, role);
        case Reason:
            return cellOf(toText(value.reason), ValueKind::Text, role);
        default:
            return cellOf(toText(row.host), ValueKind::Text, role);
    }
}

}  // namespace levee
