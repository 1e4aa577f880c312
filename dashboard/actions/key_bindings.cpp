// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/actions/key_bindings.h"

#include <algorithm>

#include "dashboard/actions/action_names.h"
#include "rules/lang/findings.h"
#include "rules/lang/yaml_reader.h"

namespace levee {
namespace {

constexpr std::size_t kMostTold = 60;  // bytes of what a message quotes
constexpr ActionId kDestroying[] = {ActionId::ApplyRules, ActionId::RollBackRules, ActionId::Quit};

class Reader {
public:
    Reader(const ActionRegistry& actions, KeyBindings& bindings, Findings& findings)
        : actions_(actions), bindings_(bindings), findings_(findings) {}

    void read(const YamlNode& root) {
        if (root.kind != YamlNode::Kind::Mapping && root.kind != YamlNode::Kind::Null) {
            findings_.error("not-a-map", "keys are written as \"action: key\", one a line",
                            root.span);
            return;
        }
        for (const YamlEntry& entry : root.entries)
            readEntry(entry);
        refuseSharedKeys();
    }

private:
    void readEntry(const YamlEntry& entry) {
        const auto id = actionFromName(QString::fromStdString(entry.key));
        if (!id) {
            findings_.error("unknown-action",
                            "\"" + entry.key.substr(0, kMostTold) +
                                "\" is no action; levee-dashboard --print-keys names them all",
                            entry.keySpan);
            return;
        }
        QList<QKeySequence> keys;
        if (entry.value.kind == YamlNode::Kind::List)
            for (const YamlNode& each : entry.value.items)
                readKey(*id, each, keys);
        else
            readKey(*id, entry.value, keys);
        bindings_[*id] = keys;
        places_[*id] = entry.keySpan;
    }

    void readKey(ActionId id, const YamlNode& node, QList<QKeySequence>& keys) {
        if (node.kind == YamlNode::Kind::Null || (isScalar(node) && node.text.empty()))
            return;
        const std::string text = isScalar(node) ? node.text.substr(0, kMostTold) : "a list or map";
        const QKeySequence key(QString::fromStdString(text), QKeySequence::PortableText);
        const bool isKey = isScalar(node) && key.count() == 1 && key[0].key() != Qt::Key_unknown;
        if (!isKey) {
            findings_.error("unknown-key",
                            "\"" + text + "\" is no key; write it like F5, N, Ctrl+K or Ctrl+Alt+Z",
                            node.span);
            return;
        }
        const bool isSingle =
            key[0].keyboardModifiers() == Qt::NoModifier && key[0].key() < Qt::Key_Escape;
        if (isSingle && std::ranges::find(kDestroying, id) != std::end(kDestroying)) {
            findings_.error(
                "single-letter",
                "\"" + text + "\" alone may not do what cannot be taken back; add Ctrl or Alt",
                node.span);
            return;
        }
        keys << key;
    }
    static bool isScalar(const YamlNode& node) { return node.kind == YamlNode::Kind::Scalar; }

    void refuseSharedKeys() {
        std::map<QString, ActionId> owners;
        for (const ActionName& each : actionNames()) {
            const auto own = bindings_.find(each.id);
            const QList<QKeySequence> keys =
                own != bindings_.end() ? own->second : actions_[each.id].shortcuts();
            for (const QKeySequence& key : keys) {
                const auto [owner, isNew] = owners.emplace(key.toString(), each.id);
                if (isNew || owner->second == each.id)
                    continue;
                // The place of whichever of the two is written in the file.
                const auto place =
                    places_.contains(each.id) ? places_.find(each.id) : places_.find(owner->second);
                findings_.error("shared-key",
                                key.toString().toStdString() + " would do both \"" +
                                    nameOf(owner->second) + "\" and \"" + each.name +
                                    "\"; give one of them another key, or \"\"",
                                place != places_.end() ? place->second : YamlSpan());
            }
        }
    }

    static std::string nameOf(ActionId id) {
        return std::ranges::find(actionNames(), id, &ActionName::id)->name;
    }

    const ActionRegistry& actions_;
    KeyBindings& bindings_;
    Findings& findings_;
    std::map<ActionId, YamlSpan> places_;
};

}  // namespace

Diagnostics readKeys(const std::string& yaml, const std::string& fileName,
                     const ActionRegistry& actions, KeyBindings& bindings) {
    bindings.clear();
    Findings findings(fileName);
    if (yaml.size() > kMostKeyBytes) {
        findings.error("too-long", "the file is longer than 64 KiB", {1, 1, 0});
        return findings.take();
    }
    const YamlText text = readYaml(yaml, fileName);
    for (const Diagnostic& each : text.diagnostics)
        findings.add(each);
    Reader(actions, bindings, findings)
        .read(text.documents.empty() ? YamlNode() : text.documents.front());
    return findings.take();
}

void bindKeys(const KeyBindings& bindings, ActionRegistry& actions) {
    for (const auto& [id, keys] : bindings)
        actions.setKeys(id, keys);
}

QString writeKeys(const ActionRegistry& actions) {
    QString text;
    for (const ActionName& each : actionNames()) {
        const QAction& action = actions[each.id];
        QStringList keys;
        for (const QKeySequence& key : action.shortcuts())
            keys << QLatin1Char('"') + key.toString(QKeySequence::PortableText) + QLatin1Char('"');
        const QString value =
            keys.size() == 1
                ? keys.front()
                : QLatin1Char('[') + keys.join(QStringLiteral(", ")) + QLatin1Char(']');
        text += QStringLiteral("%1: %2  # %3\n")
                    .arg(QLatin1String(each.name), keys.isEmpty() ? QStringLiteral("\"\"") : value,
                         action.text());
    }
    return text;
}

}  // namespace levee
