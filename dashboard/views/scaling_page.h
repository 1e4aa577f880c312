// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

namespace levee {

class AdviceModel;
class DataTable;
class Section;
class ThemedLabel;

/// How many instances each service needs, and why. GUI thread only.
class ScalingPage final : public QWidget {
    Q_OBJECT
public:
    explicit ScalingPage(const ViewContext& context, QWidget* parent = nullptr);

private:
    void refresh();

    ViewContext context_;
    AdviceModel* model_;
    ThemedLabel* subtitle_;
    DataTable* table_;
};

}  // namespace levee
