// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/model/keyed_table_model.h"
#include "dashboard/model/topology_store.h"

namespace levee {

/// The map as a table: one row a node, by name. GUI thread only.
class ServiceModel final : public KeyedTableModel<FleetNode> {
    Q_OBJECT
public:
    enum Column {
        State,
        Name,
        Rate,
        Errors,
        Shed,
        P50,
        P95,
        P99,
        InFlight,
        Instances,
        ColumnCount
    };

    /// REQUIRES: `store` outlives the model.
    explicit ServiceModel(const TopologyStore& store, QObject* parent = nullptr);

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    void reload() override;
    bool isBefore(const FleetNode& a, const FleetNode& b) const override;
    bool isUnchanged(const FleetNode& a, const FleetNode& b) const override;
    QVariant cell(const FleetNode& row, int column, int role) const override;

private:
    const TopologyStore& store_;
};

}  // namespace levee
