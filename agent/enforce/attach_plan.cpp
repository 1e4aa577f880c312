// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/attach_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/enforce/haproxy_config.h"
#include "agent/enforce/listener_text.h"
#include "agent/enforce/log_ring_text.h"

namespace levee {
namespace {

std::string infoField(std::string_view showInfo, std::string_view name) {
    const std::size_t at = showInfo.find(name);
    if (at == std::string_view::npos)
        return {};
    std::string_view value = showInfo.substr(at + name.size());
    return std::string(value.substr(0, value.find('\n')));
}

ListenerConfig listenerOf(const FoundBackend& backend, const PlanRequest& request) {
    ListenerConfig listener;
    listener.direction = request.client.empty() ? Direction::Inbound : Direction::Outbound;
    listener.client = request.client;
    listener.service = backend.name;
    listener.backend = backend.name;
    for (const reply::Server& server : backend.servers)
        listener.targets.push_back(server.address);
    return listener;
}

Result<std::vector<FoundBackend>> chosen(const FoundHaproxy& found, const PlanRequest& request) {
    if (request.backends.empty())
        return found.backends;
    std::vector<FoundBackend> backends;
    for (const std::string& name : request.backends) {
        const auto backend =
            std::find_if(found.backends.begin(), found.backends.end(),
                         [&](const FoundBackend& each) { return each.name == name; });
        if (backend == found.backends.end())
            return Error{fmt::format("no backend {} with servers at {}", name, request.socket),
                         ErrorKind::NotFound};
        backends.push_back(*backend);
    }
    return backends;
}

void writeFindings(const FoundHaproxy& found, const std::vector<FoundBackend>& backends,
                   const PlanRequest& request, ConfigLines& out) {
    out.line("# HAProxy {} at {}, process {}", found.version, request.socket, found.pid);
    if (!found.isAdmin)
        out.line("# its socket has no level admin: nothing can be enforced until it does");
    for (const FoundBackend& backend : backends)
        out.line("# {}: {} servers", backend.name, backend.servers.size());
    out.line("#");
    out.line("# Without any change: the concurrency limit (maxconn of each server){}.",
             request.client.empty() ? "" : ", and the ejection of single targets (weights)");
    if (found.hasMaps)
        out.line("# The lines below are there: everything else is enforced as well.");
    else if (request.client.empty())
        out.line(
            "# Only with the lines below: bounds of the queue, rates, priority classes, and the "
            "log "
            "that an\n# adaptive limit learns from.");
    else
        out.line(
            "# Only with the lines below: breakers, rates, and the log that breakers and ejection "
            "go by.");
    out.line(
        "# Not at all in an HAProxy that is not Levee's own: a ceiling while the agent is gone "
        "(`agentLoss: ceiling`\n# counts as open), retries, priorities of targets, TLS, balancing "
        "and checks, which are its configuration's.");
    out.line(
        "# A rate's key and window, a fallback's body and classes are lines as well: after a "
        "change "
        "of such a rule\n# print the plan again. Numbers change by themselves.");
    out.line("# With `chroot`, {} has to be below it for the log; the maps are read before.",
             request.directory);
    out.line("");
}

}  // namespace

Result<FoundHaproxy> findHaproxy(const RuntimeSocket& socket, const std::string& directory) {
    const GatewayPaths paths(directory, socket.path());
    const auto answers = socket.askAll({command::kShowInfo, command::kShowServers, "show cli level",
                                        command::showMap(paths.numbersMap())});
    if (!answers)
        return answers.error();
    const auto worker = reply::worker((*answers)[0]);
    if (!worker)
        return worker.error();
    const auto servers = reply::servers((*answers)[1]);
    if (!servers)
        return servers.error();
    FoundHaproxy found;
    found.pid = worker->pid;
    found.version = infoField((*answers)[0], "Version: ");
    found.isAdmin = (*answers)[2].starts_with("admin");
    found.hasMaps = static_cast<bool>(reply::mapEntries((*answers)[3]));
    for (const reply::Server& server : *servers) {
        if (found.backends.empty() || found.backends.back().name != server.backend)
            found.backends.push_back({server.backend, {}});
        found.backends.back().servers.push_back(server);
    }
    return found;
}

Result<std::string> attachPlan(const FoundHaproxy& found, const PlanRequest& request) {
    const auto backends = chosen(found, request);
    if (!backends)
        return backends.error();
    const GatewayPaths paths(request.directory, request.socket);
    ConfigLines out;
    writeFindings(found, *backends, request, out);
    writeLogRing(paths, out);
    writeLogSink(paths, out);
    std::vector<ListenerConfig> listeners;
    for (const FoundBackend& backend : *backends)
        listeners.push_back(listenerOf(backend, request));
    for (std::size_t i = 0; i < listeners.size(); ++i) {
        const ListenerText text{paths, listeners[i],  ruleOf(request.rules, listeners[i].subject()),
                                i,     kAttachedName, nullptr};
        writeRateTable(text, out);
        writeAttachedBackend(text, out);
    }
    out.line("# in each frontend that leads to them");
    writeAttachedLog(out);
    out.line("\n# agent.yaml\n# gateway:\n#   mode: attached\n#   socket: {}\n#   listeners:",
             request.socket);
    for (const ListenerConfig& listener : listeners)
        out.line("#     - {{{}service: {}, backend: {}, targets: [{}]}}",
                 request.client.empty() ? "" : "client: " + request.client + ", ", listener.service,
                 listener.backend, fmt::format("\"{}\"", fmt::join(listener.targets, "\", \"")));
    return out.take();
}

}  // namespace levee
