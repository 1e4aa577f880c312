// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "agent/cli/agent_client.h"
#include "agent/cli/author.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/table.h"
#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

int fail(const Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return error.kind == ErrorKind::Conflict ? kConflict : kFailure;
}

Result<OverrideOrder> orderOf(const OverrideOptions& options) {
    OverrideOrder order;
    order.subject = options.subject;
    if (!options.ttl.empty()) {
        const Result<Duration> ttl = parseDuration(options.ttl);
        if (!ttl)
            return Error{"--ttl: " + ttl.error().message};
        order.ttlMillis = std::chrono::duration_cast<std::chrono::milliseconds>(*ttl).count();
        if (order.ttlMillis == 0)
            return Error{"--ttl is " + options.ttl + "; it must be at least 1s"};
    }
    order.kind = options.open                 ? OverrideKind::ForceOpen
                 : options.closed             ? OverrideKind::ForceClosed
                 : !options.className.empty() ? OverrideKind::Shed
                                              : OverrideKind::Limit;
    order.className = options.className;
    order.limit = options.limit;
    order.factor = options.factor;
    order.author = authorOr(options.author);
    order.reason = options.reason;
    order.replace = options.replace;
    order.evenProtected = options.evenProtected;
    return order;
}

std::string left(const Override& value) {
    return formatDuration(std::chrono::seconds(std::llround(std::ceil(value.remainingSeconds))));
}

int printHeld(const Result<Override>& done) {
    if (!done)
        return fail(done.error());
    std::printf("%s: %s until %s (%s)\n", done->subject.c_str(), describe(*done).c_str(),
                formatDate(done->expiresMillis).c_str(), left(*done).c_str());
    return kOk;
}

nlohmann::ordered_json json(const Override& value) {
    nlohmann::ordered_json made{{"id", value.id},
                                {"subject", value.subject},
                                {"kind", name(value.kind)},
                                {"limit", nullptr},
                                {"factor", nullptr},
                                {"class", nullptr},
                                {"author", value.author},
                                {"reason", value.reason},
                                {"start_millis", value.startMillis},
                                {"expires_millis", value.expiresMillis},
                                {"remaining_seconds", value.remainingSeconds},
                                {"rule", value.rule},
                                {"rule_file", value.ruleFile}};
    if (value.kind == OverrideKind::Limit)
        made["limit"] = value.limit;
    if (value.kind == OverrideKind::Shed)
        made["class"] = value.className;
    if (std::isfinite(value.factor))
        made["factor"] = value.factor;
    return made;
}

}  // namespace

int overrideSet(const OverrideOptions& options) {
    const auto order = orderOf(options);
    return order ? printHeld(AgentClient(options.agent).setOverride(*order)) : fail(order.error());
}

int overrideExtend(const OverrideOptions& options) {
    const auto order = orderOf(options);
    return order ? printHeld(AgentClient(options.agent).extendOverride(*order))
                 : fail(order.error());
}

int overrideClear(const OverrideOptions& options) {
    const auto order = orderOf(options);
    if (!order)
        return fail(order.error());
    const auto done = AgentClient(options.agent).clearOverride(*order);
    if (!done)
        return fail(done.error());
    std::printf("%s: no longer %s\n", done->subject.c_str(), describe(*done).c_str());
    return kOk;
}

int overrideList(const OverrideOptions& options) {
    const auto overrides = AgentClient(options.agent).overrides();
    if (!overrides)
        return fail(overrides.error());
    if (options.output == "json") {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const Override& each : *overrides)
            list.push_back(json(each));
        std::printf("%s\n",
                    list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
        return kOk;
    }
    Table table({{"SUBJECT"},
                 {"HELD"},
                 {"LEFT", Table::Align::Right},
                 {"UNTIL"},
                 {"OVER RULE"},
                 {"FILE"},
                 {"AUTHOR"},
                 {"REASON"}});
    for (const Override& each : *overrides)
        table.add({each.subject, describe(each), left(each), formatDate(each.expiresMillis),
                   each.rule.empty() ? "-" : each.rule, each.ruleFile.empty() ? "-" : each.ruleFile,
                   each.author, each.reason});
    std::fputs(table.text().c_str(), stdout);
    return kOk;
}

}  // namespace levee::cli
