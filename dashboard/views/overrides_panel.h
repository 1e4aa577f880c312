// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

class QPushButton;

namespace levee {

class DataTable;
class HoldButton;
class OverrideModel;
class Section;
class ThemedLabel;
struct HeldOverride;

/// What is held by hand over the rules, how long still, by whom and why; and what can be done with
/// it: more time, end it now, make a rule of it, or nothing, and the agent ends it. GUI thread
/// only.
class OverridesPanel final : public QWidget {
    Q_OBJECT
public:
    explicit OverridesPanel(const ViewContext& context, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    const HeldOverride* chosen() const;
    void refresh();

    ViewContext context_;
    OverrideModel* model_;
    Section* section_ = nullptr;
    DataTable* table_ = nullptr;
    ThemedLabel* note_ = nullptr;
    QPushButton* set_ = nullptr;
    QPushButton* extend_ = nullptr;
    QPushButton* promote_ = nullptr;
    HoldButton* clear_ = nullptr;
};

}  // namespace levee
