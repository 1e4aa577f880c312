// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QSortFilterProxyModel>
#include <QString>
#include <optional>

#include "dashboard/model/service_model.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/view_context.h"

namespace levee {

/// The map as a table, with the same selection: everything that a card says, for the keyboard and
/// for screen readers. GUI thread only.
class MapTable final : public QWidget {
    Q_OBJECT
public:
    explicit MapTable(const ViewContext& context, QWidget* parent = nullptr);

    /// Only these services; nothing: all.
    void setShown(std::optional<QSet<QString>> subjects);
    DataTable& table() { return *table_; }

private:
    class Filter;

    ServiceModel model_;
    Filter* filter_;
    DataTable* table_;
};

}  // namespace levee
