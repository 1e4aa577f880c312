// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/rule_diff_view.h"

#include <QCoreApplication>
#include <QTextBlock>
#include <algorithm>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

/// Gives the free functions below a context for translators.
struct DiffText {
    Q_DECLARE_TR_FUNCTIONS(DiffText)
};

constexpr std::size_t kMostLines = 2'000;
constexpr int kLongestLine = 500;

using Kind = RuleDiffLine::Kind;

QString textOf(const RuleDiffLine& line) {
    const QString text = plainLine(line.text, kLongestLine);
    //: a line that is only in the rules in force, before its text
    const QString gone = DiffText::tr("gone");
    //: a line that is only in the edit, before its text
    const QString fresh = DiffText::tr("new");
    const qsizetype width = std::max(gone.size(), fresh.size());
    switch (line.kind) {
        case Kind::Place:
            return DiffText::tr("line %1").arg(line.number);
        case Kind::Removed:
            return QStringLiteral("- %1  %2").arg(gone.leftJustified(width), text);
        case Kind::Added:
            return QStringLiteral("+ %1  %2").arg(fresh.leftJustified(width), text);
        case Kind::Same:
            break;
    }
    return QString(width + 4, QLatin1Char(' ')) + text;
}

QColor colorOf(Kind kind, const Theme& theme) {
    switch (kind) {
        case Kind::Place:
            return theme.textDim;
        case Kind::Removed:
            return theme.codeNumber;
        case Kind::Added:
            return theme.codeString;
        case Kind::Same:
            break;
    }
    return theme.text;
}

}  // namespace

RuleDiffView::RuleDiffView(ThemeController& themes, QWidget* parent)
    : QPlainTextEdit(parent), themes_(themes) {
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setUndoRedoEnabled(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setAccessibleName(tr("Difference of the texts"));
    connect(&themes, &ThemeController::changed, this, &RuleDiffView::show);
    show();
}

void RuleDiffView::setDiff(std::vector<RuleDiffLine> lines) {
    if (lines == lines_)
        return;
    lines_ = std::move(lines);
    show();
}

void RuleDiffView::show() {
    const Theme& theme = themes_.theme();
    setFont(theme.monoFont(9));
    clear();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    const std::size_t shown = std::min(lines_.size(), kMostLines);
    for (std::size_t i = 0; i < shown; ++i) {
        QTextCharFormat format;
        format.setForeground(colorOf(lines_[i].kind, theme));
        if (i > 0)
            cursor.insertBlock();
        cursor.insertText(textOf(lines_[i]), format);
    }
    if (shown < lines_.size()) {
        cursor.insertBlock();
        cursor.insertText(tr("and %n more line(s)", nullptr, int(lines_.size() - shown)));
    }
    cursor.endEditBlock();
    moveCursor(QTextCursor::Start);
}

QString diffSummary(const std::vector<RuleDiffLine>& lines) {
    const auto count = [&](Kind kind) {
        return int(std::ranges::count(lines, kind, &RuleDiffLine::kind));
    };
    if (lines.empty())
        return {};
    //: both with their own plural: "2 lines new", "1 line gone"
    return DiffText::tr("%1, %2").arg(
        DiffText::tr("%n line(s) new", nullptr, count(Kind::Added)),
        DiffText::tr("%n line(s) gone", nullptr, count(Kind::Removed)));
}

}  // namespace levee
