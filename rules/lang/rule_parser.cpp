// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/rule_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "rules/lang/automation_reader.h"
#include "rules/lang/document_head.h"
#include "rules/lang/field_reader.h"
#include "rules/lang/findings.h"
#include "rules/lang/scalar_reader.h"
#include "rules/lang/schema.h"
#include "rules/lang/settings_reader.h"
#include "rules/lang/source_text.h"
#include "rules/lang/yaml_reader.h"
#include "shared/base/units.h"
#include "shared/model/guard_texts.h"
#include "shared/model/names.h"

namespace levee {
namespace {

bool needsLimit(LimiterKind kind) {
    return kind == LimiterKind::Fixed || kind == LimiterKind::Codel;
}

/// Whether the kind heeds `field`, which is min or max.
bool isBounded(LimiterKind kind, std::string_view field) {
    if (kind == LimiterKind::ClientThrottle || kind == LimiterKind::AdmissionControl)
        return field == "max";  // they refuse shares; their limit is max
    return kind != LimiterKind::Off && !needsLimit(kind);
}

/// Checks that need more than one field. Knows where each field was written.
class CrossChecks {
public:
    CrossChecks(const YamlNode& spec, const Rule& rule, Findings& findings)
        : spec_(spec),
          settings_(rule.settings),
          isEdge_(!rule.client.empty()),
          findings_(findings) {}

    void run() {
        limiter();
        breaker();
        ejection();
        fallback();
        rate();
        priority();
        deadline();
        agentLoss();
        sectionsWithoutEffect();
    }

private:
    const YamlNode* at(std::string_view section, std::string_view field) const {
        const YamlNode* node = spec_.find(section);
        return node != nullptr ? node->find(field) : nullptr;
    }
    /// Where to point when either of two fields may be the wrong one: the first that is written.
    YamlSpan placeOf(std::string_view section, std::string_view field,
                     std::string_view other) const {
        if (const YamlNode* node = at(section, field))
            return node->span;
        const YamlNode* node = at(section, other);
        return node != nullptr ? node->span : spec_.span;
    }

    void limiter();
    void breaker();
    void windowOfCalls();
    void ejection();
    void fallback();
    void rate();
    void priority();
    void deadline();
    void priorityClasses(const YamlNode& node);
    void agentLoss();
    void sectionsWithoutEffect();

    const YamlNode& spec_;
    const GuardSettings& settings_;
    bool isEdge_;
    Findings& findings_;
};

void CrossChecks::limiter() {
    const LimiterSettings& limiter = settings_.limiter;
    if (limiter.minLimit > limiter.maxLimit)
        findings_.error("conflict",
                        fmt::format("spec.limiter.min is {}, above spec.limiter.max, which is {}; "
                                    "lower min or raise max",
                                    limiter.minLimit, limiter.maxLimit),
                        placeOf("limiter", "min", "max"));
    const YamlNode* limit = at("limiter", "limit");
    if (needsLimit(limiter.kind) && limit == nullptr)
        findings_.error("missing",
                        fmt::format("spec.limiter.limit is missing; kind {} needs it (1 to 100000)",
                                    name(limiter.kind)),
                        placeOf("limiter", "kind", ""));
    if (!needsLimit(limiter.kind) && limit != nullptr)
        findings_.warning("no-effect",
                          "spec.limiter.limit has no effect; write kind: fixed to use it",
                          limit->span);
    for (const std::string_view field : {"min", "max"}) {
        const YamlNode* bound = at("limiter", field);
        if (bound != nullptr && !isBounded(limiter.kind, field))
            findings_.warning("no-effect",
                              fmt::format("spec.limiter.{} has no effect with kind {}; it bounds "
                                          "a limit that is learned, as by kind: adaptive",
                                          field, name(limiter.kind)),
                              bound->span);
    }
}

void CrossChecks::breaker() {
    const BreakerSettings& breaker = settings_.breaker;
    if (breaker.maxOpenFor < breaker.openFor)
        findings_.error("conflict",
                        fmt::format("spec.breaker.maxOpenFor is {}{}, below spec.breaker.openFor, "
                                    "which is {}; raise maxOpenFor or lower openFor",
                                    formatDuration(breaker.maxOpenFor),
                                    at("breaker", "maxOpenFor") == nullptr ? " by default" : "",
                                    formatDuration(breaker.openFor)),
                        placeOf("breaker", "maxOpenFor", "openFor"));
    windowOfCalls();
    const YamlNode* slowShare = at("breaker", "slowShare");
    if (slowShare != nullptr && breaker.slowerThan == Duration::zero())
        findings_.warning("no-effect",
                          "spec.breaker.slowShare has no effect; say what slow means with "
                          "slowerThan, for example slowerThan: 500ms",
                          slowShare->span);
    // More than a busy edge has: then only consecutiveFailures ever opens the breaker.
    constexpr double kBusyCallsPerSecond = 5000;
    const double needed = breaker.minimumCalls / toSeconds(breaker.window);
    if (needed > kBusyCallsPerSecond && breaker.windowCalls == 0)
        findings_.warning("no-effect",
                          fmt::format("spec.breaker.minimumCalls {} in a window of {} is {:.0f} "
                                      "calls/s; with fewer the shares never count",
                                      breaker.minimumCalls, formatDuration(breaker.window), needed),
                          placeOf("breaker", "minimumCalls", "window"));
}

void CrossChecks::windowOfCalls() {
    constexpr std::uint32_t kFewest = 10;
    const BreakerSettings& breaker = settings_.breaker;
    if (breaker.windowCalls == 0)
        return;
    if (breaker.windowCalls < kFewest)
        findings_.error("out-of-range",
                        fmt::format("spec.breaker.windowCalls is {}; it must be {} to 100000, or 0 "
                                    "for a window of time",
                                    breaker.windowCalls, kFewest),
                        at("breaker", "windowCalls")->span);
    if (const YamlNode* window = at("breaker", "window"))
        findings_.warning("no-effect",
                          "spec.breaker.window has no effect beside windowCalls; leave out one of "
                          "the two",
                          window->span);
    const YamlNode* minimum = at("breaker", "minimumCalls");
    if (minimum != nullptr && breaker.minimumCalls > breaker.windowCalls)
        findings_.warning(
            "no-effect",
            fmt::format("spec.breaker.minimumCalls {} counts as {}: windowCalls are never more",
                        breaker.minimumCalls, breaker.windowCalls),
            minimum->span);
}

void CrossChecks::ejection() {
    const EjectionSettings& ejection = settings_.ejection;
    if (ejection.maxEjectFor < ejection.ejectFor)
        findings_.error("conflict",
                        fmt::format("spec.ejection.maxEjectFor is {}{}, below spec.ejection."
                                    "ejectFor, which is {}; raise maxEjectFor or lower ejectFor",
                                    formatDuration(ejection.maxEjectFor),
                                    at("ejection", "maxEjectFor") == nullptr ? " by default" : "",
                                    formatDuration(ejection.ejectFor)),
                        placeOf("ejection", "maxEjectFor", "ejectFor"));
}

void CrossChecks::fallback() {
    // It becomes a header of an answer and a part of HAProxy's configuration.
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#&^_.+-/;= ";
    const std::string& type = settings_.fallback.contentType;
    const YamlNode* node = at("fallback", "contentType");
    if (node != nullptr && (type.find('/') == std::string::npos ||
                            type.find_first_not_of(kAllowed) != std::string::npos))
        findings_.error("bad-value",
                        "spec.fallback.contentType is not a media type; write it like "
                        "application/json or text/plain; charset=utf-8",
                        node->span);
}

void CrossChecks::rate() {
    const RateSettings& rate = settings_.rate;
    if (const YamlNode* key = at("rate", "key"); key != nullptr && !isRateKey(rate.key))
        findings_.error("bad-value",
                        fmt::format("spec.rate.key is {}; it must be all, source, path or "
                                    "header:NAME, for example header:x-tenant",
                                    shown(rate.key)),
                        key->span);
    if (rate.perSecond > 0 && rate.perSecond * toSeconds(rate.window) < 1 - 1e-9)
        findings_.error("conflict",
                        fmt::format("spec.rate.limit {} in a window of {} is less than one "
                                    "request; raise window to {} or more",
                                    formatPerSecond(rate.perSecond), formatDuration(rate.window),
                                    formatDuration(std::chrono::ceil<std::chrono::seconds>(
                                        fromSeconds(1 / rate.perSecond - 1e-6)))),
                        placeOf("rate", "limit", "window"));
    for (const std::string_view field : {"key", "window", "keys"}) {
        const YamlNode* node = at("rate", field);
        if (node != nullptr && rate.perSecond == 0)
            findings_.warning("no-effect",
                              fmt::format("spec.rate.{} has no effect without a limit; add one, "
                                          "for example limit: 200/s",
                                          field),
                              node->span);
    }
}

void CrossChecks::priority() {
    const YamlNode* header = at("priority", "header");
    const YamlNode* classes = at("priority", "classes");
    if (header != nullptr && !isHeaderName(settings_.priority.header))
        findings_.error("bad-value",
                        "spec.priority.header is not the name of a header; it has letters, digits "
                        "and - _ .",
                        header->span);
    if (header != nullptr && classes == nullptr)
        findings_.error("missing",
                        "spec.priority.classes is missing; name the values of the header, the most "
                        "important one first, for example classes: critical, normal, bulk",
                        header->span);
    if (classes == nullptr)
        return;
    if (header == nullptr)
        findings_.error("missing",
                        "spec.priority.header is missing; name the header whose value is the class",
                        classes->span);
    priorityClasses(*classes);
}

void CrossChecks::priorityClasses(const YamlNode& node) {
    const std::vector<std::string> classes = priorityClassNames(settings_.priority);
    if (classes.size() < 2 || classes.size() > kMostPriorityClasses)
        findings_.error("out-of-range",
                        fmt::format("spec.priority.classes has {}; it must have 2 to {}, separated "
                                    "by commas",
                                    classes.size(), kMostPriorityClasses),
                        node.span);
    for (std::size_t i = 0; i < classes.size() && i <= kMostPriorityClasses; ++i) {
        if (!isName(classes[i]))
            findings_.error("bad-value",
                            fmt::format("spec.priority.classes: '{}' is no class; one has 1 to 128 "
                                        "of the characters A-Z a-z 0-9 _ . -",
                                        shown(classes[i])),
                            node.span);
        else if (std::find(classes.begin(), classes.begin() + static_cast<std::ptrdiff_t>(i),
                           classes[i]) != classes.begin() + static_cast<std::ptrdiff_t>(i))
            findings_.error("bad-value",
                            fmt::format("spec.priority.classes names {} twice", classes[i]),
                            node.span);
    }
}

void CrossChecks::deadline() {
    const YamlNode* header = at("deadline", "header");
    if (header != nullptr && !isHeaderName(settings_.deadline.header))
        findings_.error("bad-value",
                        "spec.deadline.header is not the name of a header; it has letters, digits "
                        "and - _ .",
                        header->span);
}

void CrossChecks::agentLoss() {
    const AgentLossSettings& loss = settings_.agentLoss;
    const YamlNode* ceiling = at("agentLoss", "ceiling");
    const YamlNode* then = at("agentLoss", "then");
    if (loss.then == AgentLoss::Ceiling && ceiling == nullptr)
        findings_.error("missing",
                        "spec.agentLoss.ceiling is missing; then: ceiling needs it (1 to 100000)",
                        then->span);
    if (loss.then != AgentLoss::Ceiling && ceiling != nullptr)
        findings_.warning("no-effect",
                          "spec.agentLoss.ceiling has no effect; write then: ceiling to use it",
                          ceiling->span);
    if (isEdge_ && loss.then == AgentLoss::Ceiling)
        findings_.warning("no-effect",
                          "spec.agentLoss.then: ceiling is open on an edge but for its rate; a "
                          "ceiling is for a rule that matches the service alone",
                          then->span);
}

void CrossChecks::sectionsWithoutEffect() {
    for (const YamlEntry& entry : spec_.entries) {
        if (isEdge_ && (entry.key == "limiter" || entry.key == "priority"))
            findings_.warning("no-effect",
                              fmt::format("spec.{} has no effect on an edge; give it to a rule "
                                          "that matches the service alone",
                                          entry.key),
                              entry.keySpan);
        if (!isEdge_ &&
            (entry.key == "breaker" || entry.key == "ejection" || entry.key == "retries"))
            findings_.warning("no-effect",
                              fmt::format("spec.{} has no effect on a service; give it to a rule "
                                          "that matches a client as well",
                                          entry.key),
                              entry.keySpan);
    }
}

void readSpec(FieldReader& spec, Rule& rule) {
    const std::size_t errorsBefore = spec.findings().errorCount();
    spec.mapping("match", [&](FieldReader& match) {
        match.name("client", rule.client);
        match.name("service", rule.service);
        match.require("service", "name the service that the rule protects");
    });
    spec.require("match", "name the service, or the edge, that the rule is for");
    for (const std::string_view section : guardSections()) {
        if (section.empty())
            readSettings(section, spec, rule.settings);
        else
            spec.mapping(section, [&](FieldReader& f) { readSettings(section, f, rule.settings); });
    }
    // On values that were refused they would only repeat what is known.
    if (spec.findings().errorCount() == errorsBefore)
        CrossChecks(spec.node(), rule, spec.findings()).run();
}

/// Nothing when the document has errors.
std::optional<Rule> readRule(const YamlNode& document, Findings& findings) {
    const std::size_t errorsBefore = findings.errorCount();
    Rule rule;
    FieldReader fields(document, "", findings);
    if (!fields.isSound())
        return std::nullopt;
    DocumentHead head = readHead(fields);
    fields.mapping("spec", [&](FieldReader& spec) { readSpec(spec, rule); });
    fields.require("spec", "say what the rule does, at least spec: {match: {service: ...}}");
    fields.finish();
    if (findings.errorCount() != errorsBefore)
        return std::nullopt;
    rule.name = std::move(head.name);
    rule.place = std::move(head.place);
    rule.labels = std::move(head.labels);
    rule.annotations = std::move(head.annotations);
    return rule;
}

std::string text(const SourcePlace& place) {
    return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

/// Takes rules into a set, and refuses names and subjects that are taken.
class Collector {
public:
    void add(Rule rule, Diagnostics& diagnostics) {
        // Both are asked, so that both are told of.
        const bool isNewName = claim(names_, rule.name, rule, "name", diagnostics);
        const bool isNewSubject = claim(subjects_, rule.subject(), rule, "match", diagnostics);
        if (isNewName && isNewSubject)
            rules_.rules.push_back(std::move(rule));
    }
    void add(Automation automation, Diagnostics& diagnostics) {
        if (!claim(names_, automation.name, automation, "name", diagnostics))
            return;
        if (rules_.automations.size() == kMostAutomations)
            diagnostics.push_back(
                {Severity::Error, "too-many",
                 fmt::format("automation '{}' is one too many; at most {} are run", automation.name,
                             kMostAutomations),
                 automation.place});
        else
            rules_.automations.push_back(std::move(automation));
    }
    RuleSet take() { return std::move(rules_); }

private:
    using Places = std::unordered_map<std::string, SourcePlace>;
    template <typename T>
    static bool claim(Places& places, const std::string& key, const T& rule, std::string_view what,
                      Diagnostics& diagnostics) {
        const auto [first, isNew] = places.emplace(key, rule.place);
        if (!isNew)
            diagnostics.push_back({Severity::Error, "duplicate-rule",
                                   fmt::format("rule '{}' has the same {} ({}) as the rule at {}",
                                               rule.name, what, key, text(first->second)),
                                   rule.place});
        return isNew;
    }

    Places names_;
    Places subjects_;
    RuleSet rules_;
};

bool isOfKind(const YamlNode& document, std::string_view kind) {
    const YamlNode* node = document.find("kind");
    return node != nullptr && node->text == kind;
}

}  // namespace

ParsedRules parseRules(std::string_view text, const std::string& fileName, TestDocuments tests) {
    YamlText yaml = readYaml(text, fileName);
    Findings findings(fileName);
    for (Diagnostic& diagnostic : yaml.diagnostics)
        findings.add(std::move(diagnostic));
    Collector collector;
    Diagnostics duplicates;
    for (const YamlNode& document : yaml.documents) {
        if (isOfKind(document, kGuardTestKind) || isOfKind(document, kAutomationTestKind)) {
            const YamlNode& kind = *document.find("kind");
            if (tests == TestDocuments::Refused)
                findings.error("bad-value",
                               fmt::format("kind: {} is a test and no rule; keep it in a file that "
                                           "the agent does not read and run it with `levee rules "
                                           "test`",
                                           kind.text),
                               kind.span);
            continue;
        }
        if (isOfKind(document, kAutomationKind)) {
            if (std::optional<Automation> automation = readAutomation(document, text, findings))
                collector.add(std::move(*automation), duplicates);
            continue;
        }
        if (std::optional<Rule> rule = readRule(document, findings))
            collector.add(std::move(*rule), duplicates);
    }
    for (Diagnostic& diagnostic : duplicates)
        findings.add(std::move(diagnostic));
    return {collector.take(), findings.take()};
}

ParsedRules joinRules(std::vector<ParsedRules> files) {
    ParsedRules joined;
    Collector collector;
    for (ParsedRules& file : files) {
        joined.diagnostics.insert(joined.diagnostics.end(), file.diagnostics.begin(),
                                  file.diagnostics.end());
        for (Rule& rule : file.rules.rules)
            collector.add(std::move(rule), joined.diagnostics);
        for (Automation& automation : file.rules.automations)
            collector.add(std::move(automation), joined.diagnostics);
    }
    joined.rules = collector.take();
    return joined;
}

}  // namespace levee
