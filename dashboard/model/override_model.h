// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/model/keyed_table_model.h"
#include "dashboard/model/override_desk.h"

namespace levee {

/// What is held by hand, by the guard's name. GUI thread only.
class OverrideModel final : public KeyedTableModel<HeldOverride> {
    Q_OBJECT
public:
    enum Column { Guard, Held, Left, Over, Author, Reason, Host, ColumnCount };
    /// REQUIRES: `desk` outlives the model.
    explicit OverrideModel(const OverrideDesk& desk, QObject* parent = nullptr);

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    void reload() override;
    bool isBefore(const HeldOverride& a, const HeldOverride& b) const override;
    bool isUnchanged(const HeldOverride& a, const HeldOverride& b) const override;
    QVariant cell(const HeldOverride& row, int column, int role) const override;

private:
    const OverrideDesk& desk_;
};

}  // namespace levee
