// SPDX-License-Identifier: GPL-3.0-or-later
// What may stand where in a rule text, out of the rule language's own table. Pure functions; they
// read indentation and not YAML, since a text under edit seldom is YAML.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

namespace levee {

struct RuleWord {
    QString word;  ///< "failureShare: ", "enforce"
    QString doc;   ///< what it means, and its range; "" for a name out of the fleet

    bool operator==(const RuleWord&) const = default;
};

/// What may be typed at this place, by the table's order, that begins with what stands in front of
/// the cursor; `services`: names for match. Lines and columns (in characters) count from 1.
std::vector<RuleWord> completeRule(const QString& text, int line, int column,
                                   const QStringList& services);
/// What the key on this line means, or "".
QString explainRule(const QString& text, int line);

}  // namespace levee
