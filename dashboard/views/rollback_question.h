// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMessageBox>
#include <functional>

#include "dashboard/model/rule_document.h"

namespace levee {

/// "revision 17 by ana (ledger slow)".
QString describeRevision(const RuleDocument& document, std::int64_t revision);

/// Asks whether to undo the revision in force, naming what goes and what comes, `toRevision` 0: the
/// one before. What is undone is what was named: `tooLate` is called when another revision came
/// into force meanwhile. Deletes itself. GUI thread only.
class RollbackQuestion final : public QMessageBox {
    Q_OBJECT
public:
    /// REQUIRES: `document` outlives this.
    RollbackQuestion(RuleDocument& document, std::int64_t toRevision, const QString& reason,
                     QWidget* parent);

signals:
    void tooLate();
};

}  // namespace levee
