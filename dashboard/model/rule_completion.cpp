// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/rule_completion.h"

#include <algorithm>

#include "rules/lang/schema.h"

namespace levee {
namespace {

QString toQ(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

qsizetype indentOf(const QString& line) {
    qsizetype spaces = 0;
    while (spaces < line.size() && line[spaces] == QLatin1Char(' '))
        ++spaces;
    return spaces;
}

QString keyOf(const QString& line) {
    const qsizetype colon = line.indexOf(QLatin1Char(':'));
    return colon < 0 ? QString() : line.left(colon).trimmed();
}

bool isEmptyLine(const QString& line) {
    const QString text = line.trimmed();
    return text.isEmpty() || text.startsWith(QLatin1Char('#'));
}

/// The keys above `row` that this indentation stands in: "spec.breaker"; "" at the top.
QString parentPath(const QStringList& lines, int row, qsizetype indent) {
    QStringList path;
    for (int i = row - 1; i >= 0 && indent > 0; --i) {
        if (lines[i].startsWith(QLatin1String("---")))
            break;
        if (isEmptyLine(lines[i]) || indentOf(lines[i]) >= indent)
            continue;
        indent = indentOf(lines[i]);
        path.prepend(keyOf(lines[i]));
    }
    return path.join(QLatin1Char('.'));
}

QString docOf(const Field& field) {
    const std::string value = formatValue(field, field.get(GuardSettings{}));
    return QStringLiteral("%1\n%2; default %3")
        .arg(toQ(field.doc), QString::fromStdString(formatRange(field)),
             QString::fromStdString(value.empty() ? "\"\"" : value));
}

/// The keys that may stand right below `parent`.
std::vector<RuleWord> keysBelow(const QString& parent) {
    std::vector<RuleWord> words;
    const auto add = [&](const QString& key, bool isSection, const QString& doc) {
        const QString word = key + (isSection ? QStringLiteral(":") : QStringLiteral(": "));
        if (std::ranges::find(words, word, &RuleWord::word) == words.end())
            words.push_back({word, doc});
    };
    const QString prefix = parent.isEmpty() ? QString() : parent + QLatin1Char('.');
    for (const DocumentField& field : documentFields()) {
        const QString path = toQ(field.path);
        if (!path.startsWith(prefix))
            continue;
        const QString rest = path.mid(prefix.size());
        const bool isSection = rest.contains(QLatin1Char('.'));
        add(rest.section(QLatin1Char('.'), 0, 0), isSection,
            isSection ? QString() : QStringLiteral("%1\n%2").arg(toQ(field.doc), toQ(field.form)));
    }
    if (parent == QLatin1String("spec"))
        for (const std::string_view section : guardSections())
            if (!section.empty())
                add(toQ(section), true, toQ(sectionDoc(section)));
    for (const Field& field : guardFields()) {
        const QString section = field.section.empty()
                                    ? QStringLiteral("spec")
                                    : QStringLiteral("spec.") + toQ(field.section);
        if (section == parent)
            add(toQ(field.name), false, docOf(field));
    }
    return words;
}

std::vector<RuleWord> valuesOf(const QString& path, const QStringList& services) {
    std::vector<RuleWord> words;
    if (path == QLatin1String("apiVersion"))
        return {{toQ(kApiVersion), {}}};
    if (path == QLatin1String("kind"))
        return {{toQ(kGuardKind), {}}};
    if (path == QLatin1String("spec.match.service") || path == QLatin1String("spec.match.client")) {
        for (const QString& service : services)
            words.push_back({service, {}});
        return words;
    }
    for (const Field& field : guardFields()) {
        if (QString::fromStdString(field.path()) != path)
            continue;
        for (const std::string_view word : field.words)
            words.push_back({toQ(word), {}});
        if (field.type == FieldType::Boolean)
            words.insert(words.end(),
                         {{QStringLiteral("true"), {}}, {QStringLiteral("false"), {}}});
        if (!field.negative.empty())
            words.push_back({toQ(field.negative), {}});
    }
    return words;
}

}  // namespace

std::vector<RuleWord> completeRule(const QString& text, int line, int column,
                                   const QStringList& services) {
    const QStringList lines = text.split(QLatin1Char('\n'));
    const int row = std::clamp(line - 1, 0, static_cast<int>(lines.size()) - 1);
    const QString before = lines[row].left(std::max(0, column - 1));
    if (before.trimmed().startsWith(QLatin1Char('#')))
        return {};
    const QString parent = parentPath(lines, row, indentOf(before));
    const qsizetype colon = before.indexOf(QLatin1Char(':'));
    std::vector<RuleWord> words;
    QString typed;
    if (colon >= 0) {
        const QString key = keyOf(before);
        words = valuesOf(parent.isEmpty() ? key : parent + QLatin1Char('.') + key, services);
        typed = before.mid(colon + 1).trimmed();
    } else {
        words = keysBelow(parent);
        typed = before.trimmed();
    }
    std::erase_if(words, [&](const RuleWord& each) {
        return !each.word.startsWith(typed, Qt::CaseInsensitive) || each.word.trimmed() == typed;
    });
    return words;
}

QString explainRule(const QString& text, int line) {
    const QStringList lines = text.split(QLatin1Char('\n'));
    if (line < 1 || line > lines.size() || isEmptyLine(lines[line - 1]))
        return {};
    const QString key = keyOf(lines[line - 1]);
    if (key.isEmpty())
        return {};
    const QString parent = parentPath(lines, line - 1, indentOf(lines[line - 1]));
    for (const RuleWord& each : keysBelow(parent))
        if (each.word.trimmed().chopped(1) == key)
            return each.doc;
    return {};
}

}  // namespace levee
