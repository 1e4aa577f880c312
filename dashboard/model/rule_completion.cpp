// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/rule_completion.h"

#include <algorithm>
#include <utility>

#include "dashboard/model/rule_forms.h"
#include "rules/lang/automation_fields.h"
#include "rules/lang/pack.h"
#include "rules/lang/schema.h"

namespace levee {
namespace {

QString toQ(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Where the line's key begins: behind its spaces and the dashes of lists.
qsizetype indentOf(const QString& line) {
    qsizetype at = 0;
    while (at < line.size() &&
           (line[at] == QLatin1Char(' ') || (line[at] == QLatin1Char('-') && at + 1 < line.size() &&
                                             line[at + 1] == QLatin1Char(' '))))
        ++at;
    return at;
}

QString keyOf(const QString& line) {
    const qsizetype colon = line.indexOf(QLatin1Char(':'));
    const qsizetype begin = indentOf(line);
    return colon < begin ? QString() : line.mid(begin, colon - begin).trimmed();
}

bool isEmptyLine(const QString& line) {
    const QString text = line.trimmed();
    return text.isEmpty() || text.startsWith(QLatin1Char('#'));
}

/// The keys above `row` that this indentation stands in: "spec.breaker"; "" at the top. Entries of
/// lists have no key of their own.
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

QString under(const QString& parent, const QString& key) {
    return parent.isEmpty() ? key : parent + QLatin1Char('.') + key;
}

/// Of the document around `row`; "Guard" where it does not say.
QString kindAt(const QStringList& lines, int row) {
    static const QLatin1String kKind("kind:");
    const auto isBorder = [&](int i) { return lines[i].startsWith(QLatin1String("---")); };
    int first = row;
    while (first > 0 && !isBorder(first))
        --first;
    for (int i = first; i < lines.size() && (i <= first || !isBorder(i)); ++i)
        if (lines[i].startsWith(kKind))
            if (const QString kind = lines[i].mid(kKind.size()).trimmed(); !kind.isEmpty())
                return kind;
    return toQ(kGuardKind);
}

QString docOf(const Field& shape, const FieldValue& byDefault, bool isRequired) {
    const QString doc =
        QStringLiteral("%1\n%2").arg(toQ(shape.doc), QString::fromStdString(formatRange(shape)));
    if (isRequired)
        return doc;
    const std::string value = formatValue(shape, byDefault);
    return QStringLiteral("%1; default %2")
        .arg(doc, QString::fromStdString(value.empty() ? "\"\"" : value));
}

/// Keys in the order in which they come, each once.
class Keys {
public:
    void add(const QString& key, bool isSection, const QString& doc) {
        const QString word = key + (isSection ? QStringLiteral(":") : QStringLiteral(": "));
        if (std::ranges::find(words_, word, &RuleWord::word) == words_.end())
            words_.push_back({word, doc});
    }
    std::vector<RuleWord> take() { return std::move(words_); }

private:
    std::vector<RuleWord> words_;
};

void addGuardKeys(const QString& parent, Keys& keys) {
    if (parent == QLatin1String("spec"))
        for (const std::string_view section : guardSections())
            if (!section.empty())
                keys.add(toQ(section), true, toQ(sectionDoc(section)));
    for (const Field& field : guardFields()) {
        const QString section = field.section.empty()
                                    ? QStringLiteral("spec")
                                    : QStringLiteral("spec.") + toQ(field.section);
        if (section == parent)
            keys.add(toQ(field.name), false, docOf(field, field.get(GuardSettings{}), false));
    }
}

void addAutomationKeys(const QString& parent, Keys& keys) {
    if (parent == QLatin1String("spec")) {
        for (const FieldOf<Automation>& field : automationFields())
            keys.add(toQ(field.shape.name), false,
                     docOf(field.shape, field.get(Automation{}), !field.required.empty()));
        keys.add(QStringLiteral("do"), true, {});
    }
    for (const ActionForm& form : actionForms()) {
        if (parent == QLatin1String("spec.do"))
            keys.add(toQ(form.word), false, toQ(form.doc) + QLatin1Char('\n') + toQ(form.example));
        if (parent != QStringLiteral("spec.do.") + toQ(form.word))
            continue;
        for (const FieldOf<AutomationAction>& field : form.fields)
            keys.add(toQ(field.shape.name), false,
                     docOf(field.shape, field.get(AutomationAction{}), !field.required.empty()));
    }
}

/// The keys that may stand right below `parent` in a document of this kind.
std::vector<RuleWord> keysBelow(const QString& parent, const QString& kind) {
    Keys keys;
    const QString prefix = parent.isEmpty() ? QString() : parent + QLatin1Char('.');
    const bool isRule = kind == toQ(kGuardKind) || kind == toQ(kAutomationKind);
    for (const DocumentField& field : documentFields()) {
        const QString path = toQ(field.path);
        // What is matched is the guards', and what tests and packs say of themselves is below.
        if (!path.startsWith(prefix) ||
            (path.startsWith(QLatin1String("spec.")) && kind != toQ(kGuardKind) &&
             parent.startsWith(QLatin1String("spec"))) ||
            (parent == QLatin1String("metadata") && !isRule))
            continue;
        const QString rest = path.mid(prefix.size());
        const bool isSection = rest.contains(QLatin1Char('.'));
        keys.add(
            rest.section(QLatin1Char('.'), 0, 0), isSection,
            isSection ? QString() : QStringLiteral("%1\n%2").arg(toQ(field.doc), toQ(field.form)));
    }
    if (kind == toQ(kAutomationKind))
        addAutomationKeys(parent, keys);
    else if (isRule)
        addGuardKeys(parent, keys);
    for (const OtherField& field : otherFields())
        if (kind == toQ(field.kind) && parent == toQ(field.parent))
            keys.add(toQ(field.name), field.isSection, toQ(field.doc));
    return keys.take();
}

std::vector<RuleWord> wordsOf(const Field& shape) {
    std::vector<RuleWord> words;
    for (const std::string_view word : shape.words)
        words.push_back({toQ(word), {}});
    if (shape.type == FieldType::Boolean)
        words.insert(words.end(), {{QStringLiteral("true"), {}}, {QStringLiteral("false"), {}}});
    if (!shape.negative.empty())
        words.push_back({toQ(shape.negative), {}});
    return words;
}

std::vector<RuleWord> valuesOf(const QString& path, const QString& kind,
                               const QStringList& services) {
    std::vector<RuleWord> words;
    if (path == QLatin1String("apiVersion"))
        return {{toQ(kApiVersion), {}}};
    if (path == QLatin1String("kind")) {
        for (const std::string_view each :
             {kGuardKind, kAutomationKind, kGuardTestKind, kAutomationTestKind, kPackKind})
            words.push_back({toQ(each), {}});
        return words;
    }
    if (kind == toQ(kPackKind) && path == QLatin1String("spec.signals.unit")) {
        for (const std::string_view unit : signalUnits())
            words.push_back({toQ(unit), {}});
        return words;
    }
    const bool isOfAction =
        kind == toQ(kAutomationKind) && path.startsWith(QLatin1String("spec.do."));
    if (path.startsWith(QLatin1String("spec.match.")) || isOfAction) {
        const QString key = path.section(QLatin1Char('.'), -1);
        if (key == QLatin1String("service") || key == QLatin1String("client"))
            for (const QString& service : services)
                words.push_back({service, {}});
        return words;
    }
    if (kind == toQ(kAutomationKind)) {
        for (const FieldOf<Automation>& field : automationFields())
            if (path == QStringLiteral("spec.") + toQ(field.shape.name))
                return wordsOf(field.shape);
        return words;
    }
    for (const Field& field : guardFields())
        if (QString::fromStdString(field.path()) == path && kind == toQ(kGuardKind))
            return wordsOf(field);
    return words;
}

/// Where the cursor stands: below which keys, behind which key, what is typed of the word there.
struct Place {
    QString parent;
    QString key;  ///< "": a key is being typed
    QString typed;
};

/// Reads `{service: payment, cli` as lines of their own would be read.
Place placeOf(const QStringList& lines, int row, const QString& before) {
    Place place;
    place.parent = parentPath(lines, row, indentOf(before));
    const qsizetype brace = before.lastIndexOf(QLatin1Char('{'));
    QString rest = before.mid(indentOf(before));
    if (brace > before.lastIndexOf(QLatin1Char('}'))) {
        // An entry of a list, `- {at: 1m`, has no key in front of it.
        if (before.left(brace).trimmed().endsWith(QLatin1Char(':')))
            place.parent = under(place.parent, keyOf(before));
        const qsizetype comma = before.lastIndexOf(QLatin1Char(','));
        rest = before.mid(std::max(brace, comma) + 1);
    }
    const qsizetype colon = rest.indexOf(QLatin1Char(':'));
    place.key = colon < 0 ? QString() : rest.left(colon).trimmed();
    place.typed = rest.mid(colon + 1).trimmed();
    return place;
}

}  // namespace

std::vector<RuleWord> completeRule(const QString& text, int line, int column,
                                   const QStringList& services) {
    const QStringList lines = text.split(QLatin1Char('\n'));
    const int row = std::clamp(line - 1, 0, static_cast<int>(lines.size()) - 1);
    const QString before = lines[row].left(std::max(0, column - 1));
    if (before.trimmed().startsWith(QLatin1Char('#')))
        return {};
    const QString kind = kindAt(lines, row);
    const Place place = placeOf(lines, row, before);
    std::vector<RuleWord> words = place.key.isEmpty()
                                      ? keysBelow(place.parent, kind)
                                      : valuesOf(under(place.parent, place.key), kind, services);
    const QString& typed = place.typed;
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
    for (const RuleWord& each : keysBelow(parent, kindAt(lines, line - 1)))
        if (each.word.trimmed().chopped(1) == key)
            return each.doc;
    return {};
}

}  // namespace levee
