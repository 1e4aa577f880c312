// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "dashboard/model/keyed_table_model.h"

namespace levee {

/// A line of what differs, in words already.
struct DifferenceRow {
    int rank = 0;      ///< its place, from 0
    QString what;      ///< "instance"
    QString value;     ///< "10.0.0.7:80"
    QString selected;  ///< "91 % of 37"
    QString rest;
    QString verdict;  ///< "clear", "may be chance"
    QString subject;  ///< of the map, where it is about one

    bool operator==(const DifferenceRow&) const = default;
};

/// What differs between a part of a heatmap and the rest, most first. GUI thread only.
class LatencyDifferenceModel final : public KeyedTableModel<DifferenceRow> {
    Q_OBJECT
public:
    enum Column { What, Value, Selected, Rest, Verdict, ColumnCount };
    using KeyedTableModel::KeyedTableModel;

    /// By rank.
    void setDifferences(std::vector<DifferenceRow> rows) { setRows(std::move(rows)); }

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    bool isBefore(const DifferenceRow& a, const DifferenceRow& b) const override;
    bool isUnchanged(const DifferenceRow& a, const DifferenceRow& b) const override;
    QVariant cell(const DifferenceRow& row, int column, int role) const override;
};

}  // namespace levee
