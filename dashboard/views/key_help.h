// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <utility>
#include <vector>

#include "dashboard/views/view_context.h"

namespace levee {

class Verbs;

/// Every key, by what it is for, every verb, and where one's own keys are written. GUI thread only.
class KeyHelp final : public QDialog {
    Q_OBJECT
public:
    /// `keysFile`: where keys.yaml is looked for; `problems`: what was wrong with it, or "".
    KeyHelp(const ViewContext& context, const Verbs& verbs, const QString& keysFile,
            const QString& problems, QWidget* parent = nullptr);

private:
    QWidget* columnOf(const std::vector<std::pair<QString, QString>>& rows, const QString& caption);

    ViewContext context_;
};

}  // namespace levee
