// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "dashboard/model/keyed_table_model.h"
#include "shared/model/trace.h"

namespace levee {

/// A trace in a list, and the agent that keeps it.
struct TraceRow {
    std::size_t agent = 0;  ///< place in the session pool
    TraceSummary summary;
};

/// Examples of slow and failed requests, slowest first. GUI thread only.
class TraceModel final : public KeyedTableModel<TraceRow> {
    Q_OBJECT
public:
    enum Column { State, Duration, Service, Name, Spans, When, ColumnCount };
    using KeyedTableModel::KeyedTableModel;

    /// In any order; of one trace on several agents, the one with the most spans stays.
    void setTraces(std::vector<TraceRow> traces);

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    bool isBefore(const TraceRow& a, const TraceRow& b) const override;
    bool isUnchanged(const TraceRow& a, const TraceRow& b) const override;
    QVariant cell(const TraceRow& row, int column, int role) const override;
};

}  // namespace levee
