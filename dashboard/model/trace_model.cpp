// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/trace_model.h"

#include <QStringList>
#include <algorithm>
#include <tuple>

#include "dashboard/model/cell_values.h"

namespace levee {

void TraceModel::setTraces(std::vector<TraceRow> traces) {
    std::ranges::sort(traces, [](const TraceRow& a, const TraceRow& b) {
        return std::make_tuple(a.summary.id, -a.summary.spans) <
               std::make_tuple(b.summary.id, -b.summary.spans);
    });
    const auto twice =
        std::ranges::unique(traces, {}, [](const TraceRow& row) { return row.summary.id; });
    traces.erase(twice.begin(), twice.end());
    std::ranges::sort(traces, [this](const auto& a, const auto& b) { return isBefore(a, b); });
    setRows(std::move(traces));
}

bool TraceModel::isBefore(const TraceRow& a, const TraceRow& b) const {
    return std::tie(b.summary.seconds, a.summary.id) < std::tie(a.summary.seconds, b.summary.id);
}

bool TraceModel::isUnchanged(const TraceRow& a, const TraceRow& b) const {
    return a.agent == b.agent && a.summary.spans == b.summary.spans &&
           a.summary.failed == b.summary.failed;
}

QVariant TraceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = section == Duration || section == Spans;
        return static_cast<int>((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    return QStringList{tr("Outcome"), tr("Duration"), tr("Begins at"),
                       tr("Request"), tr("Spans"),    tr("Time")}
        .at(section);
}

QVariant TraceModel::cell(const TraceRow& row, int column, int role) const {
    const TraceSummary& trace = row.summary;
    switch (role) {
        case KeyRole:
            return toText(trace.id);
        case HealthRole:
            return static_cast<int>(trace.failed ? Health::Failing : Health::Ok);
        default:
            break;
    }
    switch (column) {
        case State:
            return cellOf(static_cast<int>(trace.failed ? Health::Failing : Health::Ok),
                          ValueKind::Health, role);
        case Duration:
            return cellOf(trace.seconds, ValueKind::Seconds, role);
        case Service:
            return cellOf(toText(trace.service), ValueKind::Text, role);
        case Name:
            return cellOf(toText(trace.name), ValueKind::Text, role);
        case Spans:
            return cellOf(trace.spans + trace.spansLeftOut, ValueKind::Integer, role);
        default:
            return cellOf(static_cast<qlonglong>(trace.startMillis), ValueKind::Clock, role);
    }
}

}  // namespace levee
