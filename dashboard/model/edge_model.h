// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "dashboard/model/keyed_table_model.h"
#include "dashboard/model/topology_store.h"

namespace levee {

/// Edges as a table: all, or the callers or the dependencies of one node, by the other end's name.
/// GUI thread only.
class EdgeModel final : public KeyedTableModel<FleetEdge> {
    Q_OBJECT
public:
    enum class Scope { All, Callers, Dependencies };
    enum Column { State, Client, Server, Rate, Errors, Shed, P50, P99, ColumnCount };

    /// REQUIRES: `store` outlives the model.
    EdgeModel(const TopologyStore& store, Scope scope, QObject* parent = nullptr);

    /// Whose callers or dependencies; without effect on All.
    void setNode(const std::string& name);

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    void reload() override;
    bool isBefore(const FleetEdge& a, const FleetEdge& b) const override;
    bool isUnchanged(const FleetEdge& a, const FleetEdge& b) const override;
    QVariant cell(const FleetEdge& row, int column, int role) const override;

private:
    const TopologyStore& store_;
    const Scope scope_;
    std::string name_;
};

}  // namespace levee
