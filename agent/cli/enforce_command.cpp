// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "agent/cli/agent_client.h"
#include "agent/cli/author.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/table.h"
#include "agent/cli/text_file.h"
#include "agent/enforce/attach_plan.h"
#include "rules/lang/rule_parser.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

int fail(const Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return kFailure;
}

std::string text(std::string_view view) {
    return std::string(view);
}

std::string statusTable(const AgentSnapshot& snapshot) {
    const AgentInfo& agent = snapshot.agent;
    std::string head = agent.isEnforcing ? "enforcement: on\n"
                                         : fmt::format("enforcement: {}\n", agent.enforcingDetail);
    head +=
        fmt::format("gateway: {}{}\nrules: revision {}\n\n",
                    agent.gatewayUp ? "up, " : "down: ", agent.gatewayDetail, agent.rulesRevision);
    Table table({{"GUARD"},
                 {"STATE"},
                 {"RULE"},
                 {"REVISION", Table::Align::Right},
                 {"MODE"},
                 {"IN FORCE"}});
    for (const GuardState& guard : snapshot.guards)
        table.add({guard.subject, text(name(guard.enforcement)), guard.rule,
                   std::to_string(guard.revision), text(name(guard.mode)),
                   guard.enforcementDetail});
    return head + table.text();
}

std::string statusJson(const AgentSnapshot& snapshot) {
    nlohmann::ordered_json guards = nlohmann::ordered_json::array();
    for (const GuardState& guard : snapshot.guards)
        guards.push_back({{"guard", guard.subject},
                          {"state", name(guard.enforcement)},
                          {"rule", guard.rule},
                          {"revision", guard.revision},
                          {"mode", name(guard.mode)},
                          {"detail", guard.enforcementDetail}});
    const AgentInfo& agent = snapshot.agent;
    const nlohmann::ordered_json document{
        {"enforcing", agent.isEnforcing},        {"enforcing_detail", agent.enforcingDetail},
        {"gateway_up", agent.gatewayUp},         {"gateway_detail", agent.gatewayDetail},
        {"rules_revision", agent.rulesRevision}, {"guards", guards}};
    return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

int enforceSwitch(const EnforceOptions& options, bool isOn) {
    const auto detail = AgentClient(options.agent)
                            .switchEnforcement(isOn, authorOr(options.author), options.reason);
    if (!detail)
        return fail(detail.error());
    std::printf("enforcement is %s\n", isOn ? "on" : detail->c_str());
    return kOk;
}

int enforceStatus(const EnforceOptions& options) {
    const auto snapshot = AgentClient(options.agent).snapshot();
    if (!snapshot)
        return fail(snapshot.error());
    std::fputs((options.output == "json" ? statusJson(*snapshot) : statusTable(*snapshot)).c_str(),
               stdout);
    const bool isInForce =
        snapshot->agent.isEnforcing && snapshot->agent.gatewayUp &&
        std::all_of(snapshot->guards.begin(), snapshot->guards.end(), [](const GuardState& guard) {
            return guard.enforcement == Enforcement::Enforcing;
        });
    return isInForce ? kOk : kPartial;
}

int enforcePlan(const PlanOptions& options) {
    std::vector<ParsedRules> parsed;
    for (const std::string& file : options.ruleFiles) {
        const auto text = readText(file);
        if (!text)
            return fail(text.error());
        parsed.push_back(parseRules(*text, file));
    }
    const ParsedRules rules = joinRules(std::move(parsed));
    std::fputs(format(rules.diagnostics).c_str(), stderr);
    if (hasErrors(rules.diagnostics))
        return kLint;
    const auto found = findHaproxy(RuntimeSocket(options.socket), options.directory);
    if (!found)
        return fail(found.error());
    PlanRequest request{options.socket, options.directory, options.client, options.backends, {}};
    for (const Rule& rule : rules.rules.rules)
        request.rules[rule.subject()] = {rule.settings.fallback,
                                         rule.settings.rate,
                                         rule.settings.priority,
                                         rule.settings.deadline,
                                         {},
                                         rule.settings.agentLoss};
    const auto plan = attachPlan(*found, request);
    if (!plan)
        return fail(plan.error());
    std::fputs(plan->c_str(), stdout);
    return kOk;
}

}  // namespace levee::cli
