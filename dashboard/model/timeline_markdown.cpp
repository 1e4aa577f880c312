// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/timeline_markdown.h"

#include <QCoreApplication>
#include <QDateTime>

#include "dashboard/model/cell_values.h"

namespace levee {
namespace {

QString clockOf(std::int64_t millis) {
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(millis);
    return at.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) +
           at.toString(QStringLiteral(" (HH:mm:ss t)"));
}

QString word(const char* text) {
    return QCoreApplication::translate("levee::TimelineMarkdown", text);
}

}  // namespace

QString markdownEscaped(const std::string& text) {
    QString escaped;
    for (const QChar c : toText(text)) {
        if (c == QLatin1Char('\n') || c == QLatin1Char('\r') || c == QLatin1Char('\t')) {
            escaped += QLatin1Char(' ');
            continue;
        }
        if (QStringLiteral("\\`*_{}[]<>|#").contains(c))
            escaped += QLatin1Char('\\');
        escaped += c;
    }
    return escaped;
}

QString timelineMarkdown(const std::vector<TimelineEntry>& entries) {
    const QString names = QStringLiteral("| %1 | %2 | %3 | %4 |\n| --- | --- | --- | --- |\n");
    QString text = names.arg(word(QT_TRANSLATE_NOOP("levee::TimelineMarkdown", "Time (UTC)")),
                             word(QT_TRANSLATE_NOOP("levee::TimelineMarkdown", "Subject")),
                             word(QT_TRANSLATE_NOOP("levee::TimelineMarkdown", "What happened")),
                             word(QT_TRANSLATE_NOOP("levee::TimelineMarkdown", "From")));
    for (const TimelineEntry& entry : entries) {
        QString what = markdownEscaped(entry.text);
        if (!entry.rule.empty())
            what += QStringLiteral(" (%1)").arg(markdownEscaped(entry.rule));
        const QStringList cells{clockOf(entry.millis), markdownEscaped(entry.subject), what,
                                markdownEscaped(entry.who)};
        text += QStringLiteral("| ") + cells.join(QStringLiteral(" | ")) + QStringLiteral(" |\n");
    }
    return text;
}

}  // namespace levee
