// SPDX-License-Identifier: Apache-2.0
// `levee rules explain` and `levee describe service|edge`.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "agent/api/state_json.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/guard_account.h"
#include "agent/cli/table.h"
#include "rules/lang/rule_parser.h"
#include "shared/base/suggestion.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kEvents = 10;

int fail(const Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return kFailure;
}

/// What one agent says about a subject.
struct Account {
    AgentSnapshot snapshot;
    RuleSet rules;
    std::vector<Event> events;
};

Result<Account> accountOf(const AgentAt& agent, const std::string& subject) {
    AgentClient client(agent);
    auto snapshot = client.snapshot();
    if (!snapshot)
        return snapshot.error();
    const auto revisions = client.revisions(1, true, -1);
    if (!revisions)
        return revisions.error();
    auto events = client.events(kEvents, subject);
    if (!events)
        return events.error();
    Account account{*std::move(snapshot), {}, *std::move(events)};
    if (!revisions->empty())
        account.rules = parseRules(revisions->front().text, "rules").rules;
    return account;
}

const GuardState* guardOf(const AgentSnapshot& snapshot, const std::string& subject) {
    for (const GuardState& guard : snapshot.guards) {
        if (guard.subject == subject)
            return &guard;
    }
    return nullptr;
}

Error unknown(const std::string& what, const std::string& asked,
              const std::vector<std::string>& known) {
    std::string all;
    for (const std::string& each : known)
        all += (all.empty() ? "" : ", ") + each;
    const std::string near = nearestWord(asked, known);
    return {fmt::format("the agent knows no {} '{}'{}; there are: {}", what, asked,
                        near.empty() ? "" : ", is '" + near + "' meant?",
                        all.empty() ? "none" : all)};
}

/// The JSON that `levee get -o json` has for the same things.
Json stateOf(const AgentSnapshot& part) {
    return Json::parse(stateJson(part));
}

void print(const Json& document) {
    std::printf("%s\n", document.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

void printLately(const std::vector<Event>& events) {
    if (events.empty())
        std::printf("  lately    nothing happened\n");
    else
        std::printf("  lately\n%s", eventAccount(events).c_str());
}

std::string trafficWords(const Traffic& traffic) {
    return fmt::format("{} requests/s, failed {}, refused {}, p50 {}, p95 {}, p99 {}",
                       formatRate(traffic.requestRate), formatShare(traffic.errorShare()),
                       formatShare(traffic.shedShare()), formatLatency(traffic.p50),
                       formatLatency(traffic.p95), formatLatency(traffic.p99));
}

void printEdge(const Edge& edge, bool fromClient) {
    std::printf("    %-8s %s: %s\n", std::string(name(edge.health)).c_str(),
                (fromClient ? "to " + edge.server : "from " + edge.client).c_str(),
                trafficWords(edge.traffic).c_str());
}

void printGuard(const AgentSnapshot& snapshot, const RuleSet& rules, const std::string& subject) {
    if (const GuardState* guard = guardOf(snapshot, subject))
        std::fputs(guardAccount(*guard, rules).c_str(), stdout);
    else
        std::printf("  guard     none on this agent: no listener of its gateway is for it\n");
}

int describeNode(const Account& account, const Node& node, bool asJson) {
    AgentSnapshot part;
    part.nodes = {node};
    for (const Edge& edge : account.snapshot.edges) {
        if (edge.client == node.name || edge.server == node.name)
            part.edges.push_back(edge);
    }
    for (const Advice& advice : account.snapshot.advice) {
        if (advice.service == node.name)
            part.advice.push_back(advice);
    }
    if (const GuardState* guard = guardOf(account.snapshot, node.name))
        part.guards = {*guard};
    if (asJson) {
        const Json state = stateOf(part);
        print({{"service", state["nodes"][0]},
               {"guard", part.guards.empty() ? Json(nullptr) : state["guards"][0]},
               {"edges", state["edges"]},
               {"advice", part.advice.empty() ? Json(nullptr) : state["advice"][0]},
               {"events", Json::parse(eventsJson(account.events))}});
        return kOk;
    }
    std::printf("%s  %s, %s\n  traffic   %s\n", node.name.c_str(),
                std::string(name(node.kind)).c_str(), std::string(name(node.health)).c_str(),
                trafficWords(node.traffic).c_str());
    std::printf("  work      %s in flight, %s of its own a request, %s instances\n",
                formatNumber(node.inFlight).c_str(), formatLatency(node.selfTime).c_str(),
                node.instances > 0 ? std::to_string(node.instances).c_str() : "-");
    printGuard(account.snapshot, account.rules, node.name);
    for (const Advice& advice : part.advice)
        std::printf("  advice    %d instances, %d now: %s\n", advice.recommended, advice.current,
                    advice.reason.c_str());
    if (!part.edges.empty())
        std::printf("  calls\n");
    for (const Edge& edge : part.edges)
        printEdge(edge, edge.client == node.name);
    printLately(account.events);
    return kOk;
}

int describeOneEdge(const Account& account, const Edge& edge, bool asJson) {
    AgentSnapshot part;
    part.edges = {edge};
    if (const GuardState* guard = guardOf(account.snapshot, edge.id()))
        part.guards = {*guard};
    if (asJson) {
        const Json state = stateOf(part);
        print({{"edge", state["edges"][0]},
               {"guard", part.guards.empty() ? Json(nullptr) : state["guards"][0]},
               {"events", Json::parse(eventsJson(account.events))}});
        return kOk;
    }
    std::printf("%s  %s\n  traffic   %s\n", edge.id().c_str(),
                std::string(name(edge.health)).c_str(), trafficWords(edge.traffic).c_str());
    std::printf("  time      network %s, queue %s, own work %s, waiting for others %s\n",
                formatLatency(edge.split.network).c_str(), formatLatency(edge.split.queue).c_str(),
                formatLatency(edge.split.processing).c_str(),
                formatLatency(edge.split.waiting).c_str());
    printGuard(account.snapshot, account.rules, edge.id());
    printLately(account.events);
    return kOk;
}

}  // namespace

int rulesExplain(const RulesOptions& options) {
    const auto account = accountOf(options.agent, options.subject);
    if (!account)
        return fail(account.error());
    const GuardState* guard = guardOf(account->snapshot, options.subject);
    if (guard == nullptr) {
        std::vector<std::string> known;
        for (const GuardState& each : account->snapshot.guards)
            known.push_back(each.subject);
        if (account->rules.findAutomation(options.subject) != nullptr)
            return explainAutomation(options, account->events);
        for (const Automation& each : account->rules.automations)
            known.push_back(each.name);
        return fail(unknown("guard or automation", options.subject, known));
    }
    if (options.output == "json") {
        AgentSnapshot part;
        part.guards = {*guard};
        Json others = Json::array();
        for (const RuleNotUsed& other : rulesNotUsed(*guard, account->rules))
            others.push_back({{"rule", other.rule}, {"why", other.why}});
        print({{"guard", stateOf(part)["guards"][0]},
               {"not_used", others},
               {"events", Json::parse(eventsJson(account->events))}});
        return kOk;
    }
    std::printf("%s\n%s", guard->subject.c_str(), guardAccount(*guard, account->rules).c_str());
    printLately(account->events);
    return kOk;
}

int describeService(const DescribeOptions& options) {
    const auto account = accountOf(options.agent, options.id);
    if (!account)
        return fail(account.error());
    std::vector<std::string> known;
    for (const Node& node : account->snapshot.nodes) {
        if (node.name == options.id)
            return describeNode(*account, node, options.output == "json");
        known.push_back(node.name);
    }
    return fail(unknown("service", options.id, known));
}

int describeEdge(const DescribeOptions& options) {
    const auto account = accountOf(options.agent, options.id);
    if (!account)
        return fail(account.error());
    std::vector<std::string> known;
    for (const Edge& edge : account->snapshot.edges) {
        if (edge.id() == options.id)
            return describeOneEdge(*account, edge, options.output == "json");
        known.push_back(edge.id());
    }
    return fail(unknown("edge", options.id, known));
}

}  // namespace levee::cli
