// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/automation_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rules/lang/automation_fields.h"
#include "rules/lang/condition_reader.h"
#include "rules/lang/document_head.h"
#include "rules/lang/field_reader.h"
#include "rules/lang/settings_reader.h"
#include "rules/lang/source_text.h"
#include "shared/base/units.h"

namespace levee {
namespace {

template <typename T>
void readFields(const std::vector<FieldOf<T>>& table, FieldReader& fields, T& out) {
    for (const FieldOf<T>& field : table) {
        const YamlNode* node = fields.any(field.shape.name);
        const auto value = node != nullptr ? readField(field.shape, fields.pathOf(field.shape.name),
                                                       *node, fields.findings())
                                           : std::nullopt;
        if (value)
            field.set(out, *value);
        else if (node == nullptr && !field.required.empty())
            fields.require(field.shape.name, field.required);
    }
}

class AutomationReader {
public:
    AutomationReader(Automation& automation, std::string_view source, Findings& findings)
        : automation_(automation), source_(source), findings_(findings) {}

    void read(FieldReader& spec) {
        readFields(automationFields(), spec, automation_);
        if (const YamlNode* when = spec.node().find("when");
            when != nullptr && !automation_.when.empty()) {
            automation_.condition = readCondition(*when, "spec.when", source_, findings_);
            automation_.whenPlace = findings_.place(when->span);
        }
        const YamlNode* todo = spec.list(
            "do", [&](const YamlNode& item, const std::string& path) { readAction(item, path); });
        if (todo != nullptr && (todo->items.empty() || todo->items.size() > kMostActions))
            findings_.error(
                "out-of-range",
                fmt::format(
                    "spec.do has {} actions; it must have 1 to {}, like {{{}}}; leave do out "
                    "for a rule that only watches",
                    todo->items.size(), kMostActions, example()),
                todo->span);
        checkTimes(spec);
    }

private:
    static std::string_view example() { return actionForms().front().example; }

    void readAction(const YamlNode& item, const std::string& path) {
        FieldReader entry(item, path, findings_);
        if (!entry.isSound())
            return;
        std::vector<std::string_view> words;
        std::size_t given = 0;
        for (const ActionForm& form : actionForms()) {
            words.push_back(form.word);
            given += entry.has(form.word) ? 1 : 0;
            entry.mapping(form.word, [&](FieldReader& fields) { readForm(form, fields); });
        }
        entry.finish();
        if (given != 1 && item.entries.size() == given)
            findings_.error("conflict",
                            fmt::format("{} must be exactly one of {}; write an entry for each",
                                        path, listed(words)),
                            item.span);
    }

    void readForm(const ActionForm& form, FieldReader& fields) {
        const std::size_t errorsBefore = findings_.errorCount();
        if (!checkSubjectForm(form, fields))
            return;
        AutomationAction action;
        action.kind = form.kind;
        readFields(form.fields, fields, action);
        if (findings_.errorCount() != errorsBefore)
            return;
        if (action.kind == AutomationAction::Kind::Limit)
            checkLimit(action, fields);
        if (action.kind == AutomationAction::Kind::Notify && !isWebhook(action.webhook))
            findings_.error("bad-value",
                            fmt::format("{} is '{}'; it must be a URL that begins with http:// or "
                                        "https:// and a host, without spaces",
                                        fields.pathOf("webhook"), shown(action.webhook)),
                            fields.node().find("webhook")->span);
        checkSubject(action, fields);
        automation_.actions.push_back(std::move(action));
    }

    /// A call written where a service belongs. False: it is; its other mistakes follow from that.
    bool checkSubjectForm(const ActionForm& form, FieldReader& fields) {
        const YamlNode* service = fields.node().find("service");
        const std::size_t arrow = service != nullptr ? service->text.find("->") : std::string::npos;
        if (arrow == std::string::npos)
            return true;
        const std::string client = service->text.substr(0, arrow);
        const std::string called = service->text.substr(arrow + 2);
        for (const FieldOf<AutomationAction>& field : form.fields)
            fields.any(field.shape.name);
        findings_.error(
            "bad-value",
            fmt::format(
                "{} is '{}', which is a call; {}", fields.pathOf("service"), shown(service->text),
                form.kind == AutomationAction::Kind::Open
                    ? fmt::format("write client: {}, service: {}", shown(client), shown(called))
                    : fmt::format("limits and classes stand before services: write "
                                  "service: {}",
                                  shown(called))),
            service->span);
        return false;
    }

    void checkLimit(const AutomationAction& action, FieldReader& fields) {
        if ((action.fixed == 0) == (action.factor == 0))
            findings_.error("conflict",
                            fmt::format("{} must have either factor, a share of the limit like "
                                        "50%, or fixed, a number of requests",
                                        fields.path()),
                            fields.node().span);
    }

    void checkSubject(const AutomationAction& action, FieldReader& fields) {
        const std::string key = action.subject().empty() ? action.webhook : action.subject();
        const YamlSpan place = fields.node().span;
        const auto [first, isNew] = subjects_.emplace(key, place);
        if (!isNew)
            findings_.error("conflict",
                            fmt::format("{} is acted on already at {}:{}; a guard holds one thing "
                                        "at a time: keep one of the two",
                                        shown(key), first->second.line, first->second.column),
                            place);
    }

    void checkTimes(FieldReader& spec) {
        if (automation_.holdsFor <= automation_.atMost)
            return;
        const YamlNode* place = spec.node().find("for");
        if (place == nullptr)
            place = spec.node().find("atMost");
        findings_.error(
            "conflict",
            fmt::format("spec.for is {}{}, above spec.atMost, which is {}{}; lower for or raise "
                        "atMost",
                        formatDuration(automation_.holdsFor), spec.has("for") ? "" : " by default",
                        formatDuration(automation_.atMost),
                        spec.has("atMost") ? "" : " by default"),
            place->span);
    }

    Automation& automation_;
    std::string_view source_;
    Findings& findings_;
    std::map<std::string, YamlSpan> subjects_;
};

}  // namespace

std::optional<Automation> readAutomation(const YamlNode& document, std::string_view source,
                                         Findings& findings) {
    const std::size_t errorsBefore = findings.errorCount();
    FieldReader fields(document, "", findings);
    if (!fields.isSound())
        return std::nullopt;
    DocumentHead head = readHead(fields);
    Automation automation;
    fields.mapping("spec", [&](FieldReader& spec) {
        AutomationReader(automation, source, findings).read(spec);
    });
    fields.require("spec", "say when it acts and what it does: spec: {when: ..., do: [...]}");
    fields.finish();
    if (findings.errorCount() != errorsBefore)
        return std::nullopt;
    automation.name = std::move(head.name);
    automation.place = std::move(head.place);
    automation.labels = std::move(head.labels);
    automation.annotations = std::move(head.annotations);
    return automation;
}

bool isWebhook(std::string_view url) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!url.starts_with(scheme))
            continue;
        const std::string_view host = url.substr(scheme.size());
        const bool hasHost =
            !host.empty() && std::string_view("/?#:@").find(host.front()) == std::string_view::npos;
        return hasHost && std::none_of(url.begin(), url.end(), [](char c) {
                   return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
               });
    }
    return false;
}

}  // namespace levee
