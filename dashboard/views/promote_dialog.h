// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "dashboard/model/override_desk.h"
#include "dashboard/views/view_context.h"

class QPlainTextEdit;
class QPushButton;

namespace levee {

class ThemedLabel;

/// The rule that would say for good what is held by hand: shown as a difference to the rules in
/// force, to be taken into the editor or copied. Changes nothing by itself. GUI thread only.
class PromoteDialog final : public QDialog {
    Q_OBJECT
public:
    PromoteDialog(const ViewContext& context, HeldOverride held, QWidget* parent = nullptr);

    const QString& patch() const { return patch_; }

private:
    void build();
    void ask();
    void show(const std::string& inForce);
    void openAsEdit();
    void refuse(const QString& why);

    ViewContext context_;
    const HeldOverride held_;
    QString patch_;
    ThemedLabel* state_;
    QPlainTextEdit* text_;
    QPushButton* edit_;
    QPushButton* copy_;
};

}  // namespace levee
