// SPDX-License-Identifier: Apache-2.0
// `levee get automations`, and what `levee rules explain` says of one.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "agent/api/state_json.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/guard_account.h"
#include "agent/cli/table.h"
#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

using Json = nlohmann::ordered_json;

int fail(const Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return kFailure;
}

std::string valueText(const AutomationState& state) {
    if (!std::isfinite(state.value))
        return "-";
    return fmt::format("{:.6g}{}{}", state.value, state.labels.empty() ? "" : " ", state.labels);
}

std::string left(const AutomationState& state) {
    return std::isfinite(state.leftSeconds)
               ? formatDuration(std::chrono::seconds(std::llround(std::ceil(state.leftSeconds))))
               : "-";
}

/// Why it does nothing, or what it does.
std::string doing(const AutomationState& state) {
    std::string text;
    for (const AutomationEffect& effect : state.effects)
        text += fmt::format("{}{}{}", text.empty() ? "" : "; ", effect.action,
                            effect.isInForce ? "" : " (not: " + effect.detail + ")");
    if (text.empty())
        text = state.detail;
    return text.empty() ? "-" : text;
}

Json json(const AutomationState& state) {
    const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
    Json effects = Json::array();
    for (const AutomationEffect& effect : state.effects)
        effects.push_back(
            {{"action", effect.action}, {"in_force", effect.isInForce}, {"detail", effect.detail}});
    return {{"name", state.name},
            {"mode", name(state.mode)},
            {"phase", name(state.phase)},
            {"condition", name(state.condition)},
            {"when", state.when},
            {"value", number(state.value)},
            {"labels", state.labels},
            {"detail", state.detail},
            {"left_seconds", number(state.leftSeconds)},
            {"firings", state.firings},
            {"effects", effects}};
}

std::string dump(const Json& document) {
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string shown(const std::vector<AutomationState>& states, const std::string& output) {
    if (output == "json") {
        Json list = Json::array();
        for (const AutomationState& state : states)
            list.push_back(json(state));
        return dump(list);
    }
    Table table({{"AUTOMATION"},
                 {"MODE"},
                 {"STATE"},
                 {"LEFT", Table::Align::Right},
                 {"CONDITION"},
                 {"VALUE"},
                 {"FIRED", Table::Align::Right},
                 {"WHEN"},
                 {"DOES"}});
    for (const AutomationState& state : states)
        table.add({state.name, std::string(name(state.mode)), std::string(name(state.phase)),
                   left(state), std::string(name(state.condition)), valueText(state),
                   std::to_string(state.firings), state.when, doing(state)});
    return table.text();
}

}  // namespace

int getAutomations(AgentClient& client, const GetOptions& options) {
    for (;;) {
        const auto states = client.automations();
        if (!states)
            return fail(states.error());
        if (options.watch)
            std::fputs("\033[H\033[2J", stdout);
        std::fputs(shown(*states, options.output).c_str(), stdout);
        std::fflush(stdout);
        if (!options.watch)
            return kOk;
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
}

int explainAutomation(const RulesOptions& options, const std::vector<Event>& events) {
    const auto states = AgentClient(options.agent).automations();
    if (!states)
        return fail(states.error());
    const auto found = std::ranges::find(*states, options.subject, &AutomationState::name);
    if (found == states->end())
        return fail({options.subject + " was put in force just now; ask again in a second"});
    if (options.output == "json") {
        std::fputs(dump({{"automation", json(*found)}, {"events", Json::parse(eventsJson(events))}})
                       .c_str(),
                   stdout);
        return kOk;
    }
    std::printf("%s  %s, %s%s\n  when      %s\n  condition %s%s%s\n", found->name.c_str(),
                std::string(name(found->mode)).c_str(), std::string(name(found->phase)).c_str(),
                std::isfinite(found->leftSeconds) ? (", " + left(*found) + " left").c_str() : "",
                found->when.c_str(), std::string(name(found->condition)).c_str(),
                std::isfinite(found->value) ? (": " + valueText(*found)).c_str() : "",
                found->detail.empty() ? "" : (": " + found->detail).c_str());
    for (const AutomationEffect& effect : found->effects)
        std::printf("  %-9s %s: %s\n", effect.isInForce ? "does" : "does not",
                    effect.action.c_str(), effect.detail.c_str());
    if (events.empty())
        std::printf("  lately    nothing happened\n");
    else
        std::printf("  lately\n%s", eventAccount(events).c_str());
    return kOk;
}

}  // namespace levee::cli
