// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <map>

#include "agent/api/state_json.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/table.h"
#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

constexpr auto kRight = Table::Align::Right;

std::string text(std::string_view view) {
    return std::string(view);
}

Table services(const AgentSnapshot& snapshot) {
    Table table({{"NAME"},
                 {"KIND"},
                 {"STATE"},
                 {"RPS", kRight},
                 {"ERR", kRight},
                 {"SHED", kRight},
                 {"P50", kRight},
                 {"P99", kRight},
                 {"IN-FLIGHT", kRight},
                 {"INSTANCES", kRight}});
    for (const Node& node : snapshot.nodes) {
        table.add({node.name, text(name(node.kind)), text(name(node.health)),
                   formatRate(node.traffic.requestRate), formatShare(node.traffic.errorShare()),
                   formatShare(node.traffic.shedShare()), formatLatency(node.traffic.p50),
                   formatLatency(node.traffic.p99), formatNumber(node.inFlight),
                   node.instances > 0 ? std::to_string(node.instances) : "-"});
    }
    return table;
}

std::string evidenceOf(const Edge& edge) {
    std::string evidence;
    for (const auto& [bit, word] :
         {std::pair{kFromTraces, "traces"}, {kFromGateway, "gateway"}, {kFromSockets, "sockets"}}) {
        if ((edge.evidence & bit) != 0)
            evidence += (evidence.empty() ? "" : "+") + std::string(word);
    }
    return evidence;
}

Table edges(const AgentSnapshot& snapshot) {
    Table table({{"CLIENT"},
                 {"SERVER"},
                 {"STATE"},
                 {"RPS", kRight},
                 {"ERR", kRight},
                 {"SHED", kRight},
                 {"P50", kRight},
                 {"P99", kRight},
                 {"CONN", kRight},
                 {"RTT", kRight},
                 {"MIN RTT", kRight},
                 {"RESENT/s", kRight},
                 {"EVIDENCE"}});
    for (const Edge& edge : snapshot.edges) {
        const bool hasSockets = edge.sockets.connections > 0;
        table.add({edge.client, edge.server, text(name(edge.health)),
                   formatRate(edge.traffic.requestRate), formatShare(edge.traffic.errorShare()),
                   formatShare(edge.traffic.shedShare()), formatLatency(edge.traffic.p50),
                   formatLatency(edge.traffic.p99),
                   hasSockets ? std::to_string(edge.sockets.connections) : "-",
                   formatLatency(edge.sockets.rtt), formatLatency(edge.sockets.minRtt),
                   hasSockets ? formatRate(edge.sockets.retransmissionRate) : "-",
                   evidenceOf(edge)});
    }
    return table;
}

/// "12m by ana: INC-42", or "-".
std::string held(const GuardState& guard) {
    if (!guard.heldBy)
        return "-";
    const Override& by = *guard.heldBy;
    return fmt::format("{} for {} by {}: {}", describe(by),
                       formatDuration(std::chrono::seconds(std::llround(by.remainingSeconds))),
                       by.author, by.reason);
}

Table breakers(const AgentSnapshot& snapshot) {
    Table table({{"EDGE"},
                 {"STATE"},
                 {"ADMITS", kRight},
                 {"TO TRIP", kRight},
                 {"FAILED", kRight},
                 {"SLOW", kRight},
                 {"TRIPS", kRight},
                 {"MODE"},
                 {"RULE"},
                 {"ENFORCED"},
                 {"OVERRIDE"}});
    for (const GuardState& guard : snapshot.guards) {
        if (!guard.hasBreaker)
            continue;
        std::string state = text(name(guard.breaker));
        if (std::isfinite(guard.reopenInSeconds) && guard.breaker == BreakerState::Open)
            state += fmt::format(" {:.1f}s", guard.reopenInSeconds);
        table.add({guard.subject, state, formatShare(guard.admitShare),
                   formatShare(guard.distanceToTrip), formatShare(guard.failureShare),
                   formatShare(guard.slowShare), std::to_string(guard.trips),
                   text(name(guard.mode)), guard.rule, text(name(guard.enforcement)), held(guard)});
    }
    return table;
}

std::string rate(const RateState& rate) {
    return std::isfinite(rate.limit) ? fmt::format("{:g}/s {}", rate.limit, rate.key) : "-";
}

Table limits(const AgentSnapshot& snapshot) {
    Table table({{"SERVICE"},
                 {"LIMIT", kRight},
                 {"IN-FLIGHT", kRight},
                 {"QUEUE", kRight},
                 {"UNLOADED", kRight},
                 {"SHED/s", kRight},
                 {"RATE"},
                 {"MODE"},
                 {"RULE"},
                 {"ENFORCED"},
                 {"OVERRIDE"}});
    for (const GuardState& guard : snapshot.guards) {
        if (guard.hasLimit || std::isfinite(guard.rate.limit))
            table.add({guard.subject, formatNumber(guard.limit), formatNumber(guard.inFlight),
                       formatNumber(guard.queueLimit), formatLatency(guard.baseline),
                       formatRate(guard.shedRate), rate(guard.rate), text(name(guard.mode)),
                       guard.rule, text(name(guard.enforcement)), held(guard)});
    }
    return table;
}

Table advice(const AgentSnapshot& snapshot) {
    Table table({{"SERVICE"},
                 {"NOW", kRight},
                 {"NEEDED", kRight},
                 {"DEMAND", kRight},
                 {"CAPACITY", kRight},
                 {"CONFIDENCE"},
                 {"WHY"}});
    for (const Advice& each : snapshot.advice) {
        table.add({each.service, std::to_string(each.current), std::to_string(each.recommended),
                   formatRate(each.demand), formatRate(each.capacity), text(name(each.confidence)),
                   each.reason});
    }
    return table;
}

Table targets(const AgentSnapshot& snapshot) {
    Table table({{"JOB"}, {"URL"}, {"UP"}, {"SAMPLES", kRight}, {"TOOK", kRight}, {"ERROR"}});
    for (const TargetState& target : snapshot.targets) {
        table.add({target.job, target.url, target.up ? "up" : "down",
                   std::to_string(target.samples), formatLatency(target.durationSeconds),
                   target.error});
    }
    return table;
}

std::string formatBytes(double bytes) {
    return std::isnan(bytes) ? "-" : formatNumber(bytes / 1048576) + "MiB";
}

Table hosts(const AgentSnapshot& snapshot) {
    Table table({{"HOST"},
                 {"CORES", kRight},
                 {"CPU", kRight},
                 {"IOWAIT", kRight},
                 {"LOAD1", kRight},
                 {"MEMORY", kRight},
                 {"AVAILABLE", kRight},
                 {"CPU PSI", kRight},
                 {"MEM PSI", kRight},
                 {"IO PSI", kRight},
                 {"VERSION"},
                 {"RULES", kRight},
                 {"AGENT CPU", kRight},
                 {"AGENT RSS", kRight},
                 {"GATEWAY"}});
    const AgentInfo& agent = snapshot.agent;
    const HostState& host = snapshot.host;
    table.add({agent.host, host.cores > 0 ? std::to_string(host.cores) : "-",
               formatShare(host.cpu.used()), formatShare(host.cpu.ioWait), formatNumber(host.load1),
               formatBytes(host.memoryBytes), formatBytes(host.memoryAvailableBytes),
               formatShare(host.cpuPressure.some), formatShare(host.memoryPressure.some),
               formatShare(host.ioPressure.some), agent.version,
               std::to_string(agent.rulesRevision), formatShare(agent.cpuShare),
               formatBytes(agent.rssBytes),
               (agent.gatewayUp ? "up " : "down ") + agent.gatewayDetail});
    return table;
}

Table processes(const AgentSnapshot& snapshot) {
    Table table({{"SERVICE"},
                 {"PID", kRight},
                 {"PROGRAM"},
                 {"CPU", kRight},
                 {"RSS", kRight},
                 {"THREADS", kRight},
                 {"FILES", kRight},
                 {"WAITS", kRight},
                 {"THROTTLED", kRight},
                 {"CGROUP"}});
    for (const ProcessState& process : snapshot.host.processes) {
        table.add({process.service, std::to_string(process.pid), process.program,
                   formatShare(process.cpuCores), formatBytes(process.rssBytes),
                   std::to_string(process.threads),
                   process.openFiles >= 0 ? std::to_string(process.openFiles) : "-",
                   formatShare(process.cpuPressure), formatShare(process.throttledShare),
                   process.cgroup});
    }
    return table;
}

/// What happened, and at which settings it would not have.
std::string whatHappened(const Event& event) {
    return event.counterfactual.empty() ? event.text
                                        : fmt::format("{} ({})", event.text, event.counterfactual);
}

Table events(const std::vector<Event>& list) {
    Table table({{"TIME"}, {"SEVERITY"}, {"KIND"}, {"SUBJECT"}, {"WHAT"}});
    for (const Event& event : list)
        table.add({formatTime(event.millis), text(name(event.severity)), text(name(event.kind)),
                   event.subject, whatHappened(event)});
    return table;
}

using Render = Table (*)(const AgentSnapshot&);

const std::map<std::string, Render>& renderers() {
    static const std::map<std::string, Render> map{
        {"services", services}, {"edges", edges},        {"breakers", breakers},
        {"limits", limits},     {"advice", advice},      {"targets", targets},
        {"hosts", hosts},       {"processes", processes}};
    return map;
}

int fail(const Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return kFailure;
}

int getEvents(AgentClient& client, const GetOptions& options) {
    if (options.watch) {
        const Status status =
            client.watch([](const AgentSnapshot&, const std::vector<Event>& news) {
                for (const Event& event : news)
                    std::printf("%s  %-8s  %s: %s\n", formatTime(event.millis).c_str(),
                                text(name(event.severity)).c_str(), event.subject.c_str(),
                                whatHappened(event).c_str());
                std::fflush(stdout);
                return true;
            });
        return status ? kOk : fail(status.error());
    }
    const auto list = client.events(50, "");
    if (!list)
        return fail(list.error());
    std::fputs((options.output == "json" ? eventsJson(*list) : events(*list).text()).c_str(),
               stdout);
    return kOk;
}

}  // namespace

int get(const GetOptions& options) {
    if (options.what == "traces")
        return getTraces(options);
    if (options.what == "signals")
        return getSignals(options);
    AgentClient client(options.agent);
    if (options.what == "events")
        return getEvents(client, options);
    if (options.what == "automations")
        return getAutomations(client, options);
    const Render render = renderers().at(options.what);
    const auto print = [&](const AgentSnapshot& snapshot) {
        std::fputs(
            (options.output == "json" ? stateJson(snapshot) : render(snapshot).text()).c_str(),
            stdout);
        std::fflush(stdout);
    };
    if (options.watch) {
        const Status status =
            client.watch([&](const AgentSnapshot& snapshot, const std::vector<Event>&) {
                std::fputs("\033[H\033[2J", stdout);
                print(snapshot);
                return true;
            });
        return status ? kOk : fail(status.error());
    }
    const auto snapshot = client.snapshot();
    if (!snapshot)
        return fail(snapshot.error());
    print(*snapshot);
    return kOk;
}

}  // namespace levee::cli
