// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/model/keyed_table_model.h"
#include "shared/model/snapshot.h"

namespace levee {

/// The rule sets that were put in force, newest first. GUI thread only.
class RevisionModel final : public KeyedTableModel<RuleRevision> {
    Q_OBJECT
public:
    enum Column { Revision, When, Author, Reason, ColumnCount };
    using KeyedTableModel::KeyedTableModel;

    /// In any order.
    void setRevisions(std::vector<RuleRevision> revisions);

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    bool isBefore(const RuleRevision& a, const RuleRevision& b) const override;
    bool isUnchanged(const RuleRevision& a, const RuleRevision& b) const override;
    QVariant cell(const RuleRevision& row, int column, int role) const override;
};

}  // namespace levee
