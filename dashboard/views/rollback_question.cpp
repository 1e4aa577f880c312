// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/rollback_question.h"

#include <QPushButton>
#include <algorithm>

#include "dashboard/views/value_words.h"

namespace levee {

QString describeRevision(const RuleDocument& document, std::int64_t revision) {
    const auto& known = document.revisions();
    const auto found = std::ranges::find(known, revision, &RuleRevision::revision);
    if (found == known.end())
        return RollbackQuestion::tr("revision %1").arg(revision);
    return RollbackQuestion::tr("revision %1 by %2 (%3)")
        .arg(QString::number(revision), plainText(found->author, 60),
             plainText(found->reason, 120));
}

RollbackQuestion::RollbackQuestion(RuleDocument& document, std::int64_t toRevision,
                                   const QString& reason, QWidget* parent)
    : QMessageBox(QMessageBox::Warning, tr("Roll back the rules"), {}, QMessageBox::Cancel,
                  parent) {
    const std::int64_t undone = document.activeRevision();
    setAttribute(Qt::WA_DeleteOnClose);
    // Names and reasons were written by others.
    setTextFormat(Qt::PlainText);
    setText(tr("Undo %1?").arg(describeRevision(document, undone)));
    const QString comes =
        toRevision == 0 ? tr("The rules before it come")
                        : tr("The rules of %1 come").arg(describeRevision(document, toRevision));
    setInformativeText(
        tr("%1 back into force at once, as a new revision, for all traffic of this agent.")
            .arg(comes));
    QPushButton* yes = addButton(tr("Roll back"), QMessageBox::AcceptRole);
    setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this, &document, undone, toRevision, reason] {
        if (document.activeRevision() == undone)
            document.rollback(toRevision, reason);
        else
            emit tooLate();
    });
}

}  // namespace levee
