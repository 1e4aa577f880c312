// SPDX-License-Identifier: Apache-2.0
// What a rule does by itself while a condition over scraped metrics holds. Values, without YAML;
// automation_reader.h makes them, agent/control runs them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/diagnostic.h"
#include "shared/base/time.h"
#include "shared/model/guard_state.h"

namespace levee {

namespace promql {
struct Expression;
}

/// One bounded thing that is done. Which members count depends on the kind.
struct AutomationAction {
    enum class Kind {
        Limit,   ///< the service's limit stands at `fixed`, or at `factor` times what it is then
        Open,    ///< the breaker of the call from client to service lets nothing through
        Shed,    ///< the service refuses the class and those below it
        Notify,  ///< a POST to `webhook` when it begins and when it ends
    };

    Kind kind = Kind::Notify;
    std::string client;
    std::string service;
    std::uint32_t fixed = 0;  ///< 1 to 100,000; 0: not given
    double factor = 0;        ///< 0.01 to 1; 0: not given
    std::string className;
    std::string webhook;

    bool operator==(const AutomationAction&) const = default;

    /// The guard that it holds: "payment", "checkout->payment"; "" for a notice.
    std::string subject() const;
};

/// "limit payment", "open checkout->payment", "shed web batch", "notify http://host/hook": what it
/// does to what, as rule tests call it. An URL without its user and its parameters, which may hold
/// what nobody is to read in an event.
std::string describe(const AutomationAction& action);

/// Immutable once published; copies share the condition.
struct Automation {
    std::string name;  ///< unique in its set, among the rules as well
    GuardMode mode = GuardMode::Enforce;
    std::string when;                                     ///< as it was written
    std::shared_ptr<const promql::Expression> condition;  ///< never null in a set that was parsed
    Duration holdsFor = std::chrono::seconds(30);         ///< `for`: before it begins, and ends
    Duration atMost = std::chrono::minutes(30);           ///< of one firing
    Duration cooldown = std::chrono::minutes(5);          ///< from the end of one to the next
    std::vector<AutomationAction> actions;                ///< at least one; a guard at most once
    SourcePlace place;                                    ///< of metadata.name
    SourcePlace whenPlace;                                ///< of the condition
    std::map<std::string, std::string> labels;
    std::map<std::string, std::string> annotations;
};

inline constexpr std::size_t kMostAutomations = 500;  ///< of a rule set

/// Equal in all but the places.
bool meansTheSame(const Automation& a, const Automation& b);
/// Equal in what it does as well: all but the places, labels and annotations.
bool actsTheSame(const Automation& a, const Automation& b);

}  // namespace levee
