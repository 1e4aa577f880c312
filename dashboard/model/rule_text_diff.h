// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

namespace levee {

/// A line of the difference between two rule texts.
struct RuleDiffLine {
    enum class Kind {
        Place,    ///< no line of either: `number` says where the next ones stand
        Same,     ///< context
        Removed,  ///< only in the old text; `number` counts in it
        Added,    ///< only in the new one; `number` counts there
    };
    Kind kind = Kind::Same;
    int number = 0;  ///< from 1; of Same and Place: in the new text
    QString text;

    bool operator==(const RuleDiffLine&) const = default;
};

/// Line by line with three lines of context, as `diff -u`; empty when the texts are the same. Pure.
std::vector<RuleDiffLine> ruleTextDiff(const QString& before, const QString& after);

}  // namespace levee
