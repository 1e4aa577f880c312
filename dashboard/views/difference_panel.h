// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "dashboard/model/latency_compare.h"
#include "dashboard/views/view_context.h"

class QPushButton;

namespace levee {

class DataTable;
class LatencyDifferenceModel;
class ThemedLabel;

/// What differs between the box on the heatmap and the rest. GUI thread only.
class DifferencePanel final : public QWidget {
    Q_OBJECT
public:
    explicit DifferencePanel(const ViewContext& context, QWidget* parent = nullptr);

    /// Nothing: no box is chosen, and how to choose one is said.
    void show(const std::optional<LatencyBox>& box, const LatencyComparison& comparison);

signals:
    void letGoAsked();

private:
    const ViewContext context_;
    LatencyDifferenceModel* model_;
    ThemedLabel* summary_;
    ThemedLabel* same_;
    DataTable* table_;
    QPushButton* letGo_;
};

}  // namespace levee
