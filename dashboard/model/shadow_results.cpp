// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/shadow_results.h"

#include <QRegularExpression>
#include <QStringList>
#include <map>
#include <set>

#include "rules/lang/rule_parser.h"

namespace levee {

std::vector<ShadowResult> shadowResults(const std::vector<FleetGuard>& guards) {
    struct Sum {
        ShadowResult result;
        std::set<std::string> subjects;
        std::set<std::string> hosts;
    };
    std::map<std::string, Sum> sums;
    for (const FleetGuard& entry : guards) {
        const GuardState& guard = entry.guard;
        if (guard.mode != GuardMode::Shadow)
            continue;
        Sum& sum = sums[guard.rule];
        sum.subjects.insert(guard.subject);
        sum.hosts.insert(entry.host);
        sum.result.wouldHaveRefused += guard.wouldHaveShed;
        sum.result.wouldBeOpen = sum.result.wouldBeOpen || guard.breaker == BreakerState::Open ||
                                 guard.breaker == BreakerState::HalfOpen ||
                                 guard.breaker == BreakerState::Ramp;
    }
    std::vector<ShadowResult> results;
    for (auto& [rule, sum] : sums) {
        sum.result.rule = rule;
        sum.result.subjects.assign(sum.subjects.begin(), sum.subjects.end());
        sum.result.hosts = sum.hosts.size();
        results.push_back(std::move(sum.result));
    }
    return results;
}

std::vector<std::string> leavingShadow(const QString& inForce, const QString& draft) {
    const ParsedRules before = parseRules(inForce.toStdString(), "rules.yaml");
    const ParsedRules after = parseRules(draft.toStdString(), "rules.yaml");
    std::vector<std::string> names;
    if (hasErrors(before.diagnostics) || hasErrors(after.diagnostics))
        return names;
    for (const Rule& rule : after.rules.rules) {
        const Rule* old = before.rules.find(rule.name);
        if (old != nullptr && old->settings.mode == GuardMode::Shadow &&
            rule.settings.mode == GuardMode::Enforce)
            names.push_back(rule.name);
    }
    return names;
}

QString shadowRuleAt(const QString& text, int line) {
    static const QRegularExpression kName(QStringLiteral("\\bname:\\s*[\"']?([A-Za-z0-9_.-]+)"));
    static const QRegularExpression kShadow(QStringLiteral("\\bmode:\\s*[\"']?shadow\\b"));
    const QStringList lines = text.split(QLatin1Char('\n'));
    if (line < 1 || line > lines.size())
        return {};
    const auto isBorder = [&](qsizetype i) { return lines[i].startsWith(QLatin1String("---")); };
    const bool isMode = kShadow.match(lines[line - 1]).hasMatch();
    if (!isMode && !kName.match(lines[line - 1]).hasMatch())
        return {};
    qsizetype first = line - 1;
    while (first > 0 && !isBorder(first))
        --first;
    // The first name of a document is that of its metadata.
    for (qsizetype i = first; i < lines.size() && (i == first || !isBorder(i)); ++i)
        if (const auto name = kName.match(lines[i]); name.hasMatch())
            return isMode || i == line - 1 ? name.captured(1) : QString();
    return {};
}

}  // namespace levee
