// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <string>

#include "dashboard/model/override_desk.h"
#include "dashboard/views/view_context.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QRadioButton;
class QSpinBox;
class QGridLayout;

namespace levee {

class DurationPicker;
class HoldButton;
class ThemedLabel;

/// The guard that a person means by what is selected: the edge's own, the service's own, else that
/// of its busiest guarded caller; "" where no guard is near.
std::string guardInSight(const ViewContext& context);

/// Takes one guard into the hand for a while: what, how long, why; done when the button was held.
/// Stays open until the agents have agreed. GUI thread only.
class OverrideDialog final : public QDialog {
    Q_OBJECT
public:
    /// `subject`: the guard that is chosen first, or "".
    OverrideDialog(const ViewContext& context, const std::string& subject,
                   QWidget* parent = nullptr);

private:
    void build();
    void addKinds(QGridLayout& grid, int row);
    void fillGuards(const std::string& subject);
    void showGuard();
    void refresh();
    OverrideDraft draft() const;
    std::string subject() const;

    ViewContext context_;
    QComboBox* guards_;
    QComboBox* hosts_;
    ThemedLabel* hostsName_;
    QRadioButton* open_;
    QRadioButton* closed_;
    QRadioButton* limit_;
    QRadioButton* factor_;
    QSpinBox* limitValue_;
    QDoubleSpinBox* factorValue_;
    ThemedLabel* now_;
    DurationPicker* duration_;
    QLineEdit* reason_;
    QCheckBox* isMeant_;
    ThemedLabel* state_;
    HoldButton* hold_;
    QString answer_;  ///< of the agents, to the last try
};

/// Gives one that is held more time. GUI thread only.
class ExtendDialog final : public QDialog {
    Q_OBJECT
public:
    ExtendDialog(const ViewContext& context, HeldOverride held, QWidget* parent = nullptr);
};

}  // namespace levee
