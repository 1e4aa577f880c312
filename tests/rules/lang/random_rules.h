// SPDX-License-Identifier: Apache-2.0
// Random rule sets that parseRules could have made, for properties that hold for all of them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "rules/lang/automation_fields.h"
#include "rules/lang/rule_set.h"
#include "rules/lang/schema.h"
#include "shared/base/random.h"

namespace levee::test {

inline std::string randomText(Random& random, std::size_t longest) {
    static const std::string kAlphabet = "ab0 :#{}[]'\"\\\n\t,&*!|>%@`~-\xC3\xA4\x01\x7F";
    std::string text;
    for (std::size_t n = random.next() % (longest + 1); n > 0; --n) {
        const char c = kAlphabet[random.next() % kAlphabet.size()];
        if (static_cast<unsigned char>(c) >= 0x80)
            text += "\xC3\xA4";
        else
            text += c;
    }
    return text;
}

inline std::string randomName(Random& random, const std::string& unique) {
    static const std::string kAlphabet = "abzAZ019_.-";
    std::string name;
    for (std::size_t n = random.next() % 5; n > 0; --n)
        name += kAlphabet[random.next() % kAlphabet.size()];
    return name + unique;
}

inline FieldValue randomValue(Random& random, const Field& field) {
    const double span = field.maximum - field.minimum;
    switch (field.type) {
        case FieldType::Boolean:
            return random.next() % 2 == 0;
        case FieldType::Integer:
            if (!field.negative.empty() && random.next() % 4 == 0)
                return std::int64_t{-1};
            return static_cast<std::int64_t>(field.minimum) +
                   static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(span + 1));
        case FieldType::Share:
            return field.maximum * (random.next() % 2 == 0
                                        ? 1 - random.uniform()
                                        : static_cast<double>(1 + random.next() % 100) / 100);
        case FieldType::Rate:
            // With any window surely one request in it.
            return random.next() % 2 == 0 ? 10 + random.uniform() * (field.maximum - 10)
                                          : static_cast<double>(600 + random.next() % 1000) / 60;
        case FieldType::TimeSpan: {
            const Duration value = fromSeconds(field.minimum + random.uniform() * span);
            return field.wholeSeconds ? value - value % std::chrono::seconds(1) : value;
        }
        case FieldType::Text:
            if (field.name == "contentType")
                return std::string("text/x-") + randomName(random, "a");
            if (field.section == "rate")
                return "header:" + randomName(random, "a");
            if (field.name == "classes")
                return randomName(random, "a") + ", " + randomName(random, "b");
            return field.section == "priority" || field.section == "deadline"
                       ? randomName(random, "a")
                       : randomText(random, 40);
        case FieldType::Name:
            return randomName(random, "a");
        case FieldType::Word:
            return std::string(field.words[random.next() % field.words.size()]);
    }
    return false;
}

inline GuardSettings randomSettings(Random& random) {
    GuardSettings settings;
    for (const Field& field : guardFields()) {
        if (random.next() % 2 == 0)
            field.set(settings, randomValue(random, field));
    }
    // What the checks over several fields ask for.
    settings.breaker.maxOpenFor = std::max(settings.breaker.maxOpenFor, settings.breaker.openFor);
    settings.ejection.maxEjectFor =
        std::max(settings.ejection.maxEjectFor, settings.ejection.ejectFor);
    if (settings.priority.header.empty() || settings.priority.classes.empty())
        settings.priority = {};
    if (settings.agentLoss.then == AgentLoss::Ceiling && settings.agentLoss.ceiling == 0)
        settings.agentLoss.ceiling = 1;
    if (settings.breaker.windowCalls > 0)
        settings.breaker.windowCalls = std::max(settings.breaker.windowCalls, 10U);
    settings.limiter.minLimit = std::min(settings.limiter.minLimit, settings.limiter.maxLimit);
    const bool needsLimit =
        settings.limiter.kind == LimiterKind::Fixed || settings.limiter.kind == LimiterKind::Codel;
    if (needsLimit && settings.limiter.limit == 0)
        settings.limiter.limit = 1;
    return settings;
}

/// With the subject's number in every name, so that no two act on the same.
inline AutomationAction randomAction(Random& random, const std::string& unique) {
    AutomationAction action;
    action.kind = static_cast<AutomationAction::Kind>(random.next() % 4);
    for (const FieldOf<AutomationAction>& field : formOf(action.kind).fields) {
        if (field.shape.type == FieldType::Name)
            field.set(action, randomName(random, unique));
        else if (field.shape.type == FieldType::Text)
            field.set(action, "http://h" + unique + "/?a=\"{b}#c");
    }
    if (action.kind == AutomationAction::Kind::Limit) {
        if (random.next() % 2 == 0)
            action.fixed = 1 + static_cast<std::uint32_t>(random.next() % 100'000);
        else
            action.factor = 0.01 + 0.99 * random.uniform();
    }
    return action;
}

inline Automation randomAutomation(Random& random, const std::string& unique) {
    static const std::vector<std::string> kConditions{
        "up == 0", "rate(a{b=\"c\\\"d\\n\"}[1m]) > 0.5", "# one\nup < 1\n# two: 'three'\n",
        "absent(up{job='a: b'})"};
    Automation automation;
    automation.name = randomName(random, unique);
    for (const FieldOf<Automation>& field : automationFields()) {
        if (field.shape.name == "when")
            automation.when = kConditions[random.next() % kConditions.size()];
        else if (random.next() % 2 == 0)
            field.set(automation, randomValue(random, field.shape));
    }
    automation.atMost = std::max(automation.atMost, automation.holdsFor);
    for (std::size_t n = 1 + random.next() % 3; n > 0; --n)
        automation.actions.push_back(randomAction(random, unique + std::to_string(n)));
    automation.annotations["a"] = randomText(random, 20);
    return automation;
}

inline RuleSet randomRules(Random& random) {
    RuleSet set;
    for (std::size_t n = random.next() % 5; n > 0; --n) {
        Rule rule;
        const std::string unique = std::to_string(n);
        rule.name = randomName(random, unique);
        rule.client = random.next() % 2 == 0 ? "" : randomName(random, unique);
        rule.service = randomName(random, unique);
        rule.settings = randomSettings(random);
        for (std::size_t m = random.next() % 3; m > 0; --m) {
            rule.labels[randomName(random, std::to_string(m))] = randomText(random, 20);
            rule.annotations[randomName(random, std::to_string(m))] = randomText(random, 20);
        }
        set.rules.push_back(std::move(rule));
    }
    for (std::size_t n = random.next() % 3; n > 0; --n)
        set.automations.push_back(randomAutomation(random, "x" + std::to_string(n)));
    return set;
}

}  // namespace levee::test
