// SPDX-License-Identifier: Apache-2.0
// What changes while the agent runs: configuration, rules, the enforcement switch.
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <ctime>

#include "agent/app/agent_graph.h"
#include "agent/app/enforcement_switch.h"
#include "agent/app/rule_effects.h"
#include "agent/app/target_states.h"
#include "agent/config/config_diff.h"
#include "agent/config/config_loader.h"
#include "agent/config/pack_folder.h"
#include "shared/base/log.h"

namespace levee {
namespace {

std::string formatWallTime(WallTime wall) {
    const std::time_t seconds = static_cast<std::time_t>(toUnixMillis(wall) / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/// HAProxy takes two descriptors a connection and refuses to start above the hard limit; what it
/// can have is better than nothing.
std::uint32_t connectionsPossible(std::uint32_t wanted) {
    constexpr rlim_t kReserve = 200;  // listeners, logs, maps, health checks
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_max == RLIM_INFINITY)
        return wanted;
    const rlim_t possible =
        files.rlim_max > 2 * kReserve ? (files.rlim_max - kReserve) / 2 : kReserve / 2;
    return static_cast<std::uint32_t>(std::min<rlim_t>(wanted, possible));
}

/// Those that this process, and with it HAProxy, may run on: at most as many as HAProxy has
/// threads.
std::vector<int> ownCores() {
    constexpr std::size_t kMostThreads = 64;
    std::vector<int> cores;
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0)
        return cores;
    for (int core = 0; core < CPU_SETSIZE && cores.size() < kMostThreads; ++core)
        if (CPU_ISSET(core, &set))
            cores.push_back(core);
    return cores;
}

}  // namespace

void Agent::onRules(const std::shared_ptr<const ActiveRules>& rules, const RuleRevision& revision) {
    // The configuration first: what the guards want by these rules would have no effect without it.
    const MonotonicTime cameAt = time_.monotonic();
    std::string refusal;
    {
        const std::lock_guard lock(gatewayMutex_);
        const ListenerRules wanted = listenerRules(gatewayConfig_, rules->rules);
        if (gateway_ != nullptr && wanted != listenerRules_) {
            const Status done = gateway_->reconfigure(gatewayConfig_, wanted);
            if (!done) {
                refusal = "the rules in force cannot be carried out: " + done.error().message;
                announce(EventSeverity::Critical, EventKind::Gateway, "gateway", refusal);
            }
        }
        listenerRules_ = wanted;
    }
    bulletin_->add(revisionEvent(revision));
    control_->setRules(rules, cameAt, std::move(refusal));
    // Guards first: this may wait for an evaluation.
    if (keeper_ != nullptr)
        keeper_->setConditions(seriesOf(rules->rules));
    if (automations_ != nullptr)
        automations_->setRules(rules);
}

void Agent::fitGateway(GatewayConfig& gateway) {
    if (gateway.directory.empty())
        gateway.directory = config_.stateDir + "/gateway";
    gateway.cores = gateway.pinThreads ? ownCores() : std::vector<int>();
    const std::uint32_t before = config_.gateway.maxConnections;
    const std::uint32_t wanted = gateway.maxConnections;
    gateway.maxConnections = connectionsPossible(wanted);
    if (gateway.enabled && gateway.maxConnections < wanted && gateway.maxConnections != before)
        announce(EventSeverity::Notice, EventKind::Gateway, "gateway",
                 fmt::format(
                     "max_connections is {} instead of {}: the limit on open files allows no more",
                     gateway.maxConnections, wanted));
}

/// Targets that were found, or relabelled, give their service's name to the address they stand for,
/// as those do that the configuration names.
void Agent::nameServices() {
    const std::lock_guard lock(hostMutex_);
    AgentConfig named = hostConfig_;
    addNamedTargets(collector_->targets(), named.scrapeJobs);
    if (named.scrapeJobs == namedJobs_)
        return;
    namedJobs_ = named.scrapeJobs;
    host_->configure(named);
}

void Agent::nameOwners() {
    std::map<std::string, Owner> owners;
    for (const ServiceMapping& service : config_.services)
        owners[service.name] = {service.nameSpace, service.team};
    control_->setOwners(std::move(owners));
}

Result<std::string> Agent::switchEnforcement(bool isOn, const std::string& author,
                                             const std::string& reason) {
    const std::lock_guard lock(switchMutex_);
    const EnforcementFile file(config_.stateDir);
    const std::string who = author.empty() ? "somebody" : author;
    const std::string detail =
        isOn ? std::string()
             : fmt::format("off by {} since {}: {}", who, formatWallTime(time_.wall()), reason);
    // On the disk first: what was answered outlives the agent.
    const Status kept = isOn ? file.switchOn() : file.switchOff(detail);
    if (!kept)
        return kept.error();
    control_->setEnforcing({isOn, detail});
    announce(
        isOn ? EventSeverity::Notice : EventSeverity::Critical, EventKind::Override, "gateway",
        isOn ? fmt::format("enforcement switched on by {}{}{}", who, reason.empty() ? "" : ": ",
                           reason)
             : fmt::format("enforcement switched off by {}, everything passes: {}", who, reason));
    return detail;
}

Status Agent::reload() {
    const std::lock_guard lock(reloadMutex_);
    LoadedConfig loaded = loadConfig(configFile_);
    Status done = Status::ok();
    if (hasErrors(loaded.diagnostics))
        done = Error{"the configuration is wrong, the old one stays in force:\n" +
                         joinedLines(loaded.diagnostics),
                     ErrorKind::Invalid};
    else
        done = applyConfig(loaded.config);
    isReloadGood_ = done.isOk();
    const Diagnostics found = rules_->load(config_.ruleFiles, packRuleFiles(config_.packs));
    areRulesGood_ = !hasErrors(found);
    if (done && hasErrors(found))
        done = Error{"the rules are wrong, the old ones stay in force:\n" + joinedLines(found),
                     ErrorKind::Invalid};
    if (done)
        announce(EventSeverity::Info, EventKind::Agent, config_.host,
                 "configuration and rules read again");
    else
        announce(EventSeverity::Critical, EventKind::Agent, config_.host,
                 "reload refused: " + done.error().message);
    return done;
}

Status Agent::applyConfig(const AgentConfig& next) {
    std::string needRestart;
    for (const ConfigChange& change : diffConfig(config_, next)) {
        if (change.mode == ApplyMode::Restart)
            needRestart += (needRestart.empty() ? "" : "; ") + format(change);
    }
    // What of it waits for a restart stays as it is; above all a gateway that is to go serves on.
    GatewayConfig gateway =
        next.gateway.enabled == config_.gateway.enabled ? next.gateway : config_.gateway;
    gateway.haproxy = config_.gateway.haproxy;
    gateway.directory = config_.gateway.directory;
    fitGateway(gateway);
    if (gateway_ != nullptr) {
        const std::lock_guard lock(gatewayMutex_);
        const ListenerRules wanted = listenerRules(gateway, rules_->active()->rules);
        const Status done = gateway_->reconfigure(gateway, wanted);
        if (!done)
            return Error{"the gateway refused its configuration, the old one serves on: " +
                         done.error().message};
        gatewayConfig_ = gateway;
        listenerRules_ = wanted;
        control_->setListeners(gateway.listeners);
    }
    const Status jobs = collector_->setJobs(next.scrapeJobs);
    if (!jobs)
        return jobs;
    discovery_->configure(next.scrapeJobs);
    forwarder_->configure(next.remoteWrites, next.externalLabels);
    keeper_->setKeep(keptFor(next), !next.remoteWrites.empty());
    board_->configure(next.packs);
    config_.gateway = gateway;
    config_.keep = next.keep;
    config_.packs = next.packs;
    config_.scrapeJobs = next.scrapeJobs;
    config_.remoteWrites = next.remoteWrites;
    config_.externalLabels = next.externalLabels;
    config_.ruleFiles = next.ruleFiles;
    config_.overrides = next.overrides;
    overrides_->configure(next.overrides);
    config_.hostMetrics = next.hostMetrics;
    config_.sockets = next.sockets;
    config_.services = next.services;
    nameOwners();
    {
        const std::lock_guard lock(hostMutex_);
        hostConfig_ = config_;
        namedJobs_.clear();
    }
    nameServices();
    if (!needRestart.empty())
        announce(EventSeverity::Warning, EventKind::Agent, config_.host,
                 "these changes wait for a restart: " + needRestart);
    return Status::ok();
}

}  // namespace levee
