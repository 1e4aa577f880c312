// SPDX-License-Identifier: GPL-3.0-or-later
// What rules in shadow would have done: they decide and count, and change nothing. Pure functions.
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "dashboard/client/fleet_view.h"

namespace levee {

/// One rule in shadow, over all hosts and guards that it decides for.
struct ShadowResult {
    std::string rule;
    std::vector<std::string> subjects;  ///< sorted, each once
    std::size_t hosts = 0;
    double wouldHaveRefused = 0;  ///< requests since the guards exist, about
    bool wouldBeOpen = false;     ///< a breaker of it would not let all through now

    bool operator==(const ShadowResult&) const = default;
};

/// By rule. Guards without a rule of their own are never in shadow.
std::vector<ShadowResult> shadowResults(const std::vector<FleetGuard>& guards);

/// The rules that are in shadow in the one text and enforced in the other; texts with errors have
/// none.
std::vector<std::string> leavingShadow(const QString& inForce, const QString& draft);

/// The name of the rule whose document has this line (from 1), where the line is its name or says
/// `mode: shadow`; else "". Reads lines and not YAML, since a text under edit seldom is YAML.
QString shadowRuleAt(const QString& text, int line);

}  // namespace levee
