// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/contexts.h"

#include <algorithm>

#include "dashboard/app/options.h"
#include "rules/lang/field_reader.h"
#include "rules/lang/yaml_reader.h"

namespace levee {
namespace {

constexpr std::size_t kLongestAddress = 300;

FleetContext readContext(const YamlEntry& entry, Findings& findings) {
    FleetContext context;
    context.name = QString::fromStdString(entry.key);
    FieldReader fields(entry.value, "contexts." + entry.key, findings);
    fields.require("agents", "a list of host:port or unix:PATH");
    fields.list("agents", [&](const YamlNode& item, const std::string& path) {
        const auto address = readText(item, path, {1, kLongestAddress}, findings);
        if (!address)
            return;
        const QString text = QString::fromStdString(*address);
        if (context.agents.size() >= static_cast<qsizetype>(kMostContextAgents))
            findings.error("too-many", path + ": at most 500 agents belong to a context",
                           item.span);
        else if (!isAgentAddress(text))
            findings.error(
                "bad-address",
                path + ": \"" + *address + "\" is no address; use host:port or unix:PATH",
                item.span);
        else
            context.agents << text;
    });
    fields.boolean("production", context.isProduction);
    fields.boolean("readOnly", context.isReadOnly);
    fields.finish();
    return context;
}

}  // namespace

const FleetContext* Contexts::find(const QString& name) const {
    const auto found = std::ranges::find(all, name, &FleetContext::name);
    return found == all.end() ? nullptr : &*found;
}

bool Contexts::names(const QString& agent) const {
    return std::ranges::any_of(
        all, [&](const FleetContext& context) { return context.agents.contains(agent); });
}

Diagnostics readContexts(const std::string& yaml, const std::string& fileName, Contexts& contexts) {
    contexts = {};
    Findings findings(fileName);
    const YamlText text = readYaml(yaml, fileName);
    for (const Diagnostic& each : text.diagnostics)
        findings.add(each);
    if (text.documents.empty())
        return findings.take();
    FieldReader root(text.documents.front(), "", findings);
    std::string current;
    const YamlNode* currentAt = root.text("current", current);
    const YamlNode* list = root.any("contexts");
    root.finish();
    if (list && expectMapping(*list, "contexts", findings))
        for (const YamlEntry& entry : list->entries) {
            if (contexts.all.size() >= kMostContexts) {
                findings.error("too-many", "at most 200 contexts can be named", entry.keySpan);
                break;
            }
            contexts.all.push_back(readContext(entry, findings));
        }
    contexts.current = QString::fromStdString(current);
    if (currentAt && !contexts.find(contexts.current))
        findings.error("unknown-context",
                       "current: there is no context \"" + current + "\" below contexts",
                       currentAt->span);
    return findings.take();
}

}  // namespace levee
