// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

class QLineEdit;
class QToolButton;

namespace levee {

class AgentModel;
class DataTable;
class Meter;
class ThemedLabel;

/// The agents: how old their word is, what they run and enforce, and what ails them. GUI thread
/// only.
class FleetPage final : public QWidget {
    Q_OBJECT
public:
    explicit FleetPage(const ViewContext& context, QWidget* parent = nullptr);

private:
    void bind();
    void refresh();
    bool accepts(int row) const;

    ViewContext context_;
    AgentModel* model_;
    ThemedLabel* subtitle_;
    QToolButton* onlyLate_;
    QLineEdit* filter_;
    Meter* live_;
    Meter* enforcing_;
    DataTable* table_;
    ThemedLabel* detail_;
};

}  // namespace levee
