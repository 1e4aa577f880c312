// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/model/keyed_table_model.h"
#include "dashboard/model/topology_store.h"

namespace levee {

/// What the guards do right now, one row a guard and host, by subject. GUI thread only.
class GuardModel final : public KeyedTableModel<FleetGuard> {
    Q_OBJECT
public:
    enum Column { Subject, Breaker, ToTrip, Limit, InFlight, Shed, Proof, Host, ColumnCount };

    /// REQUIRES: `store` outlives the model.
    explicit GuardModel(const TopologyStore& store, QObject* parent = nullptr);

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    void reload() override;
    bool isBefore(const FleetGuard& a, const FleetGuard& b) const override;
    bool isUnchanged(const FleetGuard& a, const FleetGuard& b) const override;
    QVariant cell(const FleetGuard& row, int column, int role) const override;

private:
    const TopologyStore& store_;
};

}  // namespace levee
