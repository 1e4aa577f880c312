// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "dashboard/model/keyed_table_model.h"
#include "dashboard/model/topology_store.h"

namespace levee {

class ConnectionState;
class DecisionModel;

/// One agent, and how it fares.
struct AgentRow {
    FleetAgent agent;
    DataAge reach = DataAge::Lost;
    double ageSeconds = kUnknown;
    int targets = 0;
    int targetsUp = 0;
    std::int64_t behind = 0;  ///< revisions behind the newest that any agent enforces
    std::string problem;      ///< the last thing that went wrong, or ""
};

/// The agents, by address. GUI thread only.
class AgentModel final : public KeyedTableModel<AgentRow> {
    Q_OBJECT
public:
    enum Column {
        Reach,
        Host,
        Address,
        Age,
        Version,
        Rules,
        Drift,
        Cpu,
        Memory,
        Series,
        Targets,
        Lost,
        Clock,
        Problem,
        ColumnCount
    };

    /// REQUIRES: all three outlive the model.
    AgentModel(const ConnectionState& connection, const TopologyStore& store,
               const DecisionModel& decisions, QObject* parent = nullptr);

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    void reload() override;
    bool isBefore(const AgentRow& a, const AgentRow& b) const override {
        return a.agent.address < b.agent.address;
    }
    /// Ages move on with every tick.
    bool isUnchanged(const AgentRow&, const AgentRow&) const override { return false; }
    QVariant cell(const AgentRow& row, int column, int role) const override;

private:
    std::string problemOf(const FleetAgent& agent, const TargetState* down) const;

    const ConnectionState& connection_;
    const TopologyStore& store_;
    const DecisionModel& decisions_;
};

}  // namespace levee
