// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/rule_text_diff.h"

#include <QRegularExpression>
#include <QStringList>

#include "rules/lang/text_diff.h"

namespace levee {

std::vector<RuleDiffLine> ruleTextDiff(const QString& before, const QString& after) {
    using Kind = RuleDiffLine::Kind;
    static const QRegularExpression kPlace(
        QStringLiteral("^@@ -(\\d+)(?:,\\d+)? \\+(\\d+)(?:,\\d+)? @@"));
    const QStringList lines =
        QString::fromStdString(
            unifiedDiff(before.toStdString(), after.toStdString(), "before", "after"))
            .split(QLatin1Char('\n'));
    std::vector<RuleDiffLine> diff;
    int oldNumber = 0;
    int newNumber = 0;
    // The first two name the texts.
    for (qsizetype i = 2; i < lines.size(); ++i) {
        const QString& line = lines[i];
        if (const auto place = kPlace.match(line); place.hasMatch()) {
            oldNumber = place.captured(1).toInt();
            newNumber = place.captured(2).toInt();
            diff.push_back({Kind::Place, newNumber, {}});
        } else if (line.startsWith(QLatin1Char('-'))) {
            diff.push_back({Kind::Removed, oldNumber++, line.mid(1)});
        } else if (line.startsWith(QLatin1Char('+'))) {
            diff.push_back({Kind::Added, newNumber++, line.mid(1)});
        } else if (line.startsWith(QLatin1Char(' '))) {
            ++oldNumber;
            diff.push_back({Kind::Same, newNumber++, line.mid(1)});
        }  // else "\ No newline at end of file", or the end
    }
    return diff;
}

}  // namespace levee
