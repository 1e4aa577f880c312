// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <vector>

#include "dashboard/model/rule_text_diff.h"

namespace levee {

class ThemeController;

/// The difference between two rule texts, to be read: each line with a sign, a word and its number,
/// the colour last. Read-only, plain text, copied with the signs. GUI thread only.
class RuleDiffView final : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit RuleDiffView(ThemeController& themes, QWidget* parent = nullptr);

    void setDiff(std::vector<RuleDiffLine> lines);

private:
    void show();

    ThemeController& themes_;
    std::vector<RuleDiffLine> lines_;
};

/// "2 lines added, 1 removed", or "".
QString diffSummary(const std::vector<RuleDiffLine>& lines);

}  // namespace levee
