// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/model/keyed_table_model.h"
#include "dashboard/model/topology_store.h"

namespace levee {

/// How many instances each service needs, by service. GUI thread only.
class AdviceModel final : public KeyedTableModel<Advice> {
    Q_OBJECT
public:
    enum Column {
        Service,
        Missing,
        Now,
        Recommended,
        Demand,
        Capacity,
        Load,
        Trust,
        Reason,
        ColumnCount
    };

    /// REQUIRES: `store` outlives the model.
    explicit AdviceModel(const TopologyStore& store, QObject* parent = nullptr);

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    void reload() override;
    bool isBefore(const Advice& a, const Advice& b) const override;
    bool isUnchanged(const Advice& a, const Advice& b) const override;
    QVariant cell(const Advice& row, int column, int role) const override;

private:
    const TopologyStore& store_;
};

}  // namespace levee
