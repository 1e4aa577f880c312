// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <nlohmann/json.hpp>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/table.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

nlohmann::ordered_json json(const AuditEntry& entry) {
    return {{"id", entry.id},
            {"millis", entry.millis},
            {"action", name(entry.action)},
            {"author", entry.author},
            {"reason", entry.reason},
            {"subject", entry.subject},
            {"revision", entry.revision},
            {"change", entry.change}};
}

void printText(const AuditEntry& entry) {
    std::printf("%lld  %s  %s  %s  revision %lld  by %s: %s\n", static_cast<long long>(entry.id),
                formatDate(entry.millis).c_str(), std::string(name(entry.action)).c_str(),
                entry.subject.c_str(), static_cast<long long>(entry.revision), entry.author.c_str(),
                entry.reason.c_str());
    std::printf("%s%s\n", entry.change.c_str(), entry.change.ends_with('\n') ? "" : "\n");
}

/// As many as were asked for; the agent sends fewer at once where they are long.
Result<std::vector<AuditEntry>> fetch(const RulesOptions& options) {
    AgentClient client(options.agent);
    std::vector<AuditEntry> all;
    while (static_cast<int>(all.size()) < options.limit) {
        const std::int64_t before = all.empty() ? 0 : all.back().id;
        auto next =
            client.audit(options.limit - static_cast<int>(all.size()), before, options.subject);
        if (!next)
            return next;
        if (next->empty())
            break;
        all.insert(all.end(), std::make_move_iterator(next->begin()),
                   std::make_move_iterator(next->end()));
        if (all.back().id == 1)
            break;
    }
    return all;
}

}  // namespace

int rulesHistory(const RulesOptions& options) {
    const auto entries = fetch(options);
    if (!entries) {
        std::fprintf(stderr, "levee: %s\n", entries.error().message.c_str());
        return kFailure;
    }
    if (options.output == "json") {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const AuditEntry& entry : *entries)
            list.push_back(json(entry));
        std::printf("%s\n",
                    list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
        return kOk;
    }
    if (options.text) {
        for (const AuditEntry& entry : *entries)
            printText(entry);
        return kOk;
    }
    Table table({{"ID", Table::Align::Right},
                 {"TIME"},
                 {"WHAT"},
                 {"SUBJECT"},
                 {"REVISION", Table::Align::Right},
                 {"AUTHOR"},
                 {"REASON"}});
    for (const AuditEntry& entry : *entries)
        table.add({std::to_string(entry.id), formatDate(entry.millis),
                   std::string(name(entry.action)), entry.subject, std::to_string(entry.revision),
                   entry.author, entry.reason});
    std::fputs(table.text().c_str(), stdout);
    return kOk;
}

}  // namespace levee::cli
