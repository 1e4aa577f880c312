// SPDX-License-Identifier: Apache-2.0
#include "agent/app/agent.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <memory>
#include <mutex>

#include "agent/advise/replica_advice.h"
#include "agent/api/admin_server.h"
#include "agent/api/grpc_server.h"
#include "agent/app/agent_counters.h"
#include "agent/app/enforcement_switch.h"
#include "agent/app/kept_series.h"
#include "agent/app/rule_effects.h"
#include "agent/app/signal_board.h"
#include "agent/app/target_states.h"
#include "agent/collect/collector.h"
#include "agent/collect/live_history.h"
#include "agent/config/config_diff.h"
#include "agent/config/config_loader.h"
#include "agent/config/pack_folder.h"
#include "agent/control/automation_book.h"
#include "agent/control/condition.h"
#include "agent/control/control_loop.h"
#include "agent/control/live_lint.h"
#include "agent/control/override_book.h"
#include "agent/discover/discovery.h"
#include "agent/forward/forwarder.h"
#include "agent/forward/webhook_sender.h"
#include "agent/host/host_observer.h"
#include "agent/ingest/ingest.h"
#include "agent/runtime/boot_time.h"
#include "agent/runtime/own_capabilities.h"
#include "agent/runtime/service_notice.h"
#include "agent/runtime/unique_fd.h"
#include "shared/base/log.h"

namespace levee {
namespace {

namespace fs = std::filesystem;

std::string lines(const Diagnostics& diagnostics) {
    std::string text = format(diagnostics);
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

std::string formatWallTime(WallTime wall) {
    const std::time_t seconds = static_cast<std::time_t>(toUnixMillis(wall) / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

AgentInfo identity(const AgentConfig& config, const std::string& version, const TimeSource& time) {
    AgentInfo info;
    info.host = config.host;
    info.version = version;
    info.startedMillis = toUnixMillis(time.wall());
    return info;
}

/// Two agents with one state directory would write over each other's history.
Result<UniqueFd> lockStateDir(const std::string& directory) {
    const std::string file = directory + "/agent.lock";
    UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock.isOpen())
        return Error{"cannot open " + file + ": " + std::strerror(errno)};
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return Error{"another agent runs with state_dir " + directory, ErrorKind::Conflict};
    return lock;
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

/// The object graph, in the order in which it is built; taken down in the reverse order.
class Agent {
public:
    Agent(std::string configFile, AgentConfig config, std::string version)
        : configFile_(std::move(configFile)),
          config_(std::move(config)),
          version_(std::move(version)) {}

    Status start();
    /// Reads configuration and rules again. An Error names everything that was wrong; what could
    /// not be applied is as it was.
    Status reload();
    void stop(bool keepGateway);

private:
    Status openStores();
    void startControl();
    ControlLoop::OwnFigures ownFigures() const;
    Status startRules();
    Status startOverrides();
    void startAutomations();
    Status startGateway();
    Status startIntake();
    Status startServers();
    Status applyConfig(const AgentConfig& next);
    void onScrape(ScrapeResult&& result);
    ConditionReading readSeries(const promql::Expression& condition) const;
    void nameServices();
    void fitGateway(GatewayConfig& gateway);
    void onRules(const std::shared_ptr<const ActiveRules>& rules, const RuleRevision& revision);
    Result<std::string> switchEnforcement(bool isOn, const std::string& author,
                                          const std::string& reason);
    Status isReady() const;
    std::vector<MetricValue> counters() const;
    void announce(EventSeverity severity, EventKind kind, const std::string& subject,
                  std::string text);

    const std::string configFile_;
    AgentConfig config_;
    const std::string version_;
    RealTimeSource time_;
    UniqueFd stateLock_;
    std::unique_ptr<HistoryStore> history_;
    std::unique_ptr<RuleStore> revisions_;
    std::unique_ptr<Bulletin> bulletin_;
    ReplicaAdvisor advisor_;
    std::unique_ptr<ControlLoop> control_;
    std::unique_ptr<TrafficPeaks> peaks_;
    std::unique_ptr<RuleBook> rules_;
    std::unique_ptr<OverrideBook> overrides_;
    std::unique_ptr<forward::WebhookSender> webhooks_;
    std::unique_ptr<AutomationBook> automations_;
    std::unique_ptr<Gateway> gateway_;
    std::unique_ptr<ingest::Ingest> ingest_;
    std::unique_ptr<LiveHistory> signals_;
    std::unique_ptr<SignalBoard> board_;
    std::unique_ptr<forward::Forwarder> forwarder_;
    std::atomic<bool> takesIn_{false};  ///< the intake is there, for the control thread
    std::unique_ptr<Collector> collector_;
    std::unique_ptr<SeriesKeeper> keeper_;
    std::unique_ptr<discover::Discovery> discovery_;
    std::unique_ptr<host::HostObserver> host_;
    std::unique_ptr<GrpcServer> grpc_;
    std::unique_ptr<AdminServer> admin_;

    std::mutex
        gatewayMutex_;  ///< guards the next two: reloads and rule edits both change the gateway
    GatewayConfig gatewayConfig_;
    ListenerRules listenerRules_;
    std::mutex switchMutex_;  ///< one turn of the enforcement switch at a time
    std::mutex reloadMutex_;  ///< one reload at a time
    std::atomic<bool> isReloadGood_{true};
    std::atomic<bool> areRulesGood_{true};
    mutable std::mutex logMutex_;
    std::mutex hostMutex_;
    AgentConfig hostConfig_;            // guarded by hostMutex_: what the host observer goes by
    std::vector<ScrapeJob> namedJobs_;  // guarded by hostMutex_: its jobs, with what was found
    LogCounters log_;                   // guarded by logMutex_
    ingest::PairingCounters pairing_;   // guarded by logMutex_
};

void Agent::announce(EventSeverity severity, EventKind kind, const std::string& subject,
                     std::string text) {
    Event event;
    event.severity = severity;
    event.kind = kind;
    event.subject = subject;
    event.text = std::move(text);
    bulletin_->add(std::move(event));
}

Status Agent::start() {
    Status done = openStores();
    if (done)
        startControl();
    for (Status (Agent::*step)() :
         {&Agent::startRules, &Agent::startOverrides, &Agent::startGateway, &Agent::startIntake,
          &Agent::startServers}) {
        if (done)
            done = (this->*step)();
    }
    if (done)
        announce(EventSeverity::Info, EventKind::Agent, config_.host,
                 "agent " + version_ + " started");
    return done;
}

Status Agent::openStores() {
    std::error_code error;
    fs::create_directories(config_.stateDir, error);
    if (error)
        return Error{"cannot make state_dir " + config_.stateDir + ": " + error.message()};
    auto lock = lockStateDir(config_.stateDir);
    if (!lock)
        return lock.error();
    stateLock_ = *std::move(lock);
    const std::int64_t now = toUnixMillis(time_.wall());
    auto revisions = RuleStore::open(config_.stateDir, now);
    if (!revisions)
        return revisions.error();
    revisions_ = *std::move(revisions);
    // Without a history the agent still does its work; without rule revisions it could not keep its
    // word.
    auto history = HistoryStore::open(config_.stateDir, now);
    if (history)
        history_ = *std::move(history);
    const std::int64_t firstEvent = history_ != nullptr ? history_->newestEventId() + 1 : 1;
    bulletin_ = std::make_unique<Bulletin>(time_, firstEvent, [this](const Event& event) {
        if (history_ != nullptr)
            history_->append({event});
    });
    if (!history)
        announce(EventSeverity::Warning, EventKind::Agent, "history",
                 "runs without a history: " + history.error().message);
    for (const std::string& notice :
         {history_ != nullptr ? history_->notice() : std::string(), revisions_->notice()}) {
        if (!notice.empty())
            announce(EventSeverity::Warning, EventKind::Agent, "store", notice);
    }
    return Status::ok();
}

ControlLoop::OwnFigures Agent::ownFigures() const {
    ControlLoop::OwnFigures figures;
    if (takesIn_) {
        const SampleHistoryCounters signals = signals_->counters();
        const ingest::IngestStats& stats = ingest_->stats();
        figures.series = static_cast<double>(signals.series);
        figures.lost += static_cast<double>(signals.seriesRefused + stats.rejectedOverLimit +
                                            stats.refusedBusy);
    }
    if (history_ != nullptr)
        figures.lost += static_cast<double>(history_->stats().secondsDropped);
    return figures;
}

void Agent::startControl() {
    ControlLoop::Parts parts{time_,
                             *bulletin_,
                             history_.get(),
                             [this](const DesiredState& desired) {
                                 if (gateway_ != nullptr)
                                     gateway_->setDesired(desired);
                             },
                             [this](const std::vector<ServiceLoad>& loads, MonotonicTime now) {
                                 return advisor_.advise(loads, now);
                             },
                             [this] {
                                 return collector_ != nullptr ? targetStates(*collector_)
                                                              : std::vector<TargetState>();
                             },
                             [this] { return ownFigures(); }};
    control_ = std::make_unique<ControlLoop>(std::move(parts), identity(config_, version_, time_));
    const std::string whyOff = EnforcementFile(config_.stateDir).whyOff();
    if (!whyOff.empty()) {
        control_->setEnforcing({false, whyOff});
        announce(EventSeverity::Critical, EventKind::Override, "gateway",
                 "enforcement is " + whyOff + "; everything passes until `levee enforce on`");
    }
}

Status Agent::startRules() {
    rules_ = std::make_unique<RuleBook>(
        *revisions_, time_,
        [this](const auto& rules, const RuleRevision& revision) { onRules(rules, revision); });
    peaks_ = std::make_unique<TrafficPeaks>(history_.get(), time_);
    rules_->setLiveCheck([this](const RuleSet& edited) {
        const auto snapshot = bulletin_->snapshot();
        return lintLive(edited, {snapshot->guards, snapshot->nodes,
                                 [this](const std::string& subject) { return peaks_->of(subject); },
                                 [this](const promql::Expression& condition) {
                                     return takesIn_ ? readSeries(condition) : ConditionReading{};
                                 },
                                 overrides_ != nullptr ? overrides_->config() : OverrideConfig{}});
    });
    const Diagnostics found = rules_->load(config_.ruleFiles, packRuleFiles(config_.packs));
    areRulesGood_ = !hasErrors(found);
    if (!hasErrors(found))
        return Status::ok();
    if (rules_->active()->revision == 0)
        return Error{"the rules are wrong, and there is no earlier revision to go on with:\n" +
                     lines(found)};
    announce(EventSeverity::Critical, EventKind::Rule, "rules",
             fmt::format("the rule files are wrong, revision {} stays in force: {}",
                         rules_->active()->revision, lines(found)));
    return Status::ok();
}

Status Agent::startOverrides() {
    OverrideBook::Parts parts{
        *revisions_,
        time_,
        bootTime,
        [this] { return bulletin_->snapshot()->guards; },
        [this](const std::string& rule) { return rules_->active()->fileOf(rule); },
        [this](std::shared_ptr<const ActiveOverrides> overrides) {
            control_->setOverrides(std::move(overrides));
        },
        [this](Event event) {
            event.revision = rules_->active()->revision;
            bulletin_->add(std::move(event));
        }};
    overrides_ = std::make_unique<OverrideBook>(std::move(parts), config_.overrides);
    const Status loaded = overrides_->load();
    if (loaded)
        overrides_->start();
    return loaded;
}

ConditionReading Agent::readSeries(const promql::Expression& condition) const {
    ConditionReading reading;
    signals_->read([&](const promql::SeriesSource& series, promql::Millis now) {
        reading = readCondition(condition, series, now);
    });
    return reading;
}

/// What they read is there by now.
void Agent::startAutomations() {
    webhooks_ = std::make_unique<forward::WebhookSender>(config_.host);
    automations_ = std::make_unique<AutomationBook>(AutomationBook::Parts{
        *overrides_, time_,
        [this](const promql::Expression& condition) { return readSeries(condition); },
        [this](AutomationNotice notice) { webhooks_->add(std::move(notice)); },
        [this](Event event) { bulletin_->add(std::move(event)); }});
    automations_->setRules(rules_->active());
    automations_->start();
}

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
    const std::uint32_t before = config_.gateway.maxConnections;
    const std::uint32_t wanted = gateway.maxConnections;
    gateway.maxConnections = connectionsPossible(wanted);
    if (gateway.enabled && gateway.maxConnections < wanted && gateway.maxConnections != before)
        announce(EventSeverity::Notice, EventKind::Gateway, "gateway",
                 fmt::format(
                     "max_connections is {} instead of {}: the limit on open files allows no more",
                     gateway.maxConnections, wanted));
}

Status Agent::startGateway() {
    fitGateway(config_.gateway);
    {
        const std::lock_guard lock(gatewayMutex_);
        gatewayConfig_ = config_.gateway;
        listenerRules_ = listenerRules(gatewayConfig_, rules_->active()->rules);
    }
    control_->setListeners(config_.gateway.listeners);
    if (!config_.gateway.enabled) {
        control_->start();
        return Status::ok();
    }
    Gateway::Hooks hooks;
    hooks.onRecords = [this](std::vector<RequestRecord>&& records) {
        control_->addRequests(std::move(records));
    };
    hooks.onStatus = [this] {
        GatewayStatus status = gateway_->takeStatus();
        {
            const std::lock_guard lock(logMutex_);
            log_ = status.log;
        }
        control_->setGatewayStatus(std::move(status));
    };
    gateway_ = std::make_unique<Gateway>(std::move(hooks));
    const Status started = gateway_->start(config_.gateway, listenerRules_);
    // The guards begin to decide when there is something to decide on.
    if (started)
        control_->start();
    return started;
}

Status Agent::startIntake() {
    host_ = std::make_unique<host::HostObserver>(
        time_, [this](std::shared_ptr<const host::HostWindow> window) {
            control_->addHost(std::move(window));
        });
    hostConfig_ = config_;
    namedJobs_ = config_.scrapeJobs;
    host_->start(config_);
    ingest_ = std::make_unique<ingest::Ingest>(
        config_.ingest, ingest::IngestLimits{}, time_,
        [this](std::shared_ptr<const ingest::TraceWindow> window) {
            {
                const std::lock_guard lock(logMutex_);
                pairing_ = window->counters;
            }
            for (const ingest::ServiceWindow& seen : window->services)
                host_->nameInstances(seen.service, seen.instances);
            control_->addTraces(std::move(window));
        });
    const Status listening = ingest_->start();
    if (!listening)
        return listening;
    signals_ = std::make_unique<LiveHistory>(time_, historySettings(keptFor(config_), {}));
    board_ = std::make_unique<SignalBoard>(*signals_, time_);
    board_->configure(config_.packs);
    forwarder_ = std::make_unique<forward::Forwarder>(time_);
    forwarder_->configure(config_.remoteWrites, config_.externalLabels);
    collector_ = std::make_unique<Collector>(
        time_, [this](ScrapeResult&& result) { onScrape(std::move(result)); });
    keeper_ = std::make_unique<SeriesKeeper>(*collector_, *signals_);
    keeper_->setKeep(keptFor(config_), !config_.remoteWrites.empty());
    keeper_->setConditions(seriesOf(rules_->active()->rules));
    discovery_ = std::make_unique<discover::Discovery>(
        [this](const std::string& job, const discover::TargetGroups& groups) {
            if (collector_->setDiscovered(job, groups))
                nameServices();
        });
    takesIn_ = true;
    const Status jobs = collector_->setJobs(config_.scrapeJobs);
    if (jobs) {
        discovery_->configure(config_.scrapeJobs);
        collector_->start();
        startAutomations();
    }
    return jobs;
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

void Agent::onScrape(ScrapeResult&& result) {
    const std::shared_ptr<const KeepFilter> kept = keeper_->kept();
    if (kept != nullptr) {
        forwarder_->add(result);
        keepOnly(*kept, result);
    }
    signals_->apply(result);
}

Status Agent::startServers() {
    auto grpc = GrpcServer::start(
        config_.grpcListen, config_.unixListen,
        {*bulletin_, *rules_, *revisions_, *overrides_, history_.get(), signals_.get(),
         &ingest_->exemplars(),
         [this](bool isOn, const std::string& author, const std::string& reason) {
             return switchEnforcement(isOn, author, reason);
         },
         [this] { return board_->read(); }, [this] { return automations_->states(); }});
    if (!grpc)
        return grpc.error();
    grpc_ = *std::move(grpc);
    AdminServer::Parts parts{*bulletin_, [this] { return counters(); },
                             [this] { return isReady(); }, nullptr};
    if (config_.lifecycleApi)
        parts.reload = [this] { return reload(); };
    auto admin = AdminServer::start(config_.httpListen, std::move(parts));
    if (!admin)
        return admin.error();
    admin_ = *std::move(admin);
    return Status::ok();
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

Status Agent::isReady() const {
    const auto snapshot = bulletin_->snapshot();
    if (snapshot->sequence == 0)
        return Error{"the first second is not over"};
    if (gateway_ != nullptr && !snapshot->agent.gatewayUp)
        return Error{"the gateway is down: " + snapshot->agent.gatewayDetail};
    for (const TargetState& target : snapshot->targets) {
        if (target.scrapedMillis != 0)
            return Status::ok();
    }
    return snapshot->targets.empty() ? Status::ok() : Status(Error{"no target was scraped yet"});
}

std::vector<MetricValue> Agent::counters() const {
    std::vector<MetricValue> all;
    const auto add = [&all](std::vector<MetricValue> more) {
        all.insert(all.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    };
    add(collectorCounters(*collector_));
    add(discoveryCounters(*discovery_));
    add(forwardCounters(*forwarder_));
    add(signalCounters(signals_->counters()));
    add(signalValues(board_->read()));
    add(controlCounters(*control_));
    add(ingestCounters(ingest_->stats()));
    add(hostCounters(host_->counters()));
    add(automationCounters(automations_->counters()));
    add(webhookCounters(webhooks_->counters()));
    if (history_ != nullptr)
        add(historyCounters(*history_));
    const std::lock_guard lock(logMutex_);
    add(gatewayCounters(log_));
    add(pairingCounters(pairing_));
    const std::vector<Event> newest = bulletin_->eventsAfter(0, 1);
    add({{"levee_config_last_reload_successful", isReloadGood_ ? 1.0 : 0.0, {}},
         {"levee_rules_last_load_successful", areRulesGood_ ? 1.0 : 0.0, {}},
         {"levee_watchers", static_cast<double>(grpc_->watchers()), {}},
         {"levee_events_total", newest.empty() ? 0.0 : static_cast<double>(newest.back().id), {}}});
    return all;
}

Status Agent::reload() {
    const std::lock_guard lock(reloadMutex_);
    LoadedConfig loaded = loadConfig(configFile_);
    Status done = Status::ok();
    if (hasErrors(loaded.diagnostics))
        done = Error{
            "the configuration is wrong, the old one stays in force:\n" + lines(loaded.diagnostics),
            ErrorKind::Invalid};
    else
        done = applyConfig(loaded.config);
    isReloadGood_ = done.isOk();
    const Diagnostics found = rules_->load(config_.ruleFiles, packRuleFiles(config_.packs));
    areRulesGood_ = !hasErrors(found);
    if (done && hasErrors(found))
        done = Error{"the rules are wrong, the old ones stay in force:\n" + lines(found),
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

void Agent::stop(bool keepGateway) {
    admin_.reset();
    grpc_.reset();
    if (automations_ != nullptr)
        automations_->stop();
    webhooks_.reset();
    if (discovery_ != nullptr)
        discovery_->stop();
    if (collector_ != nullptr)
        collector_->stop();
    if (forwarder_ != nullptr)
        forwarder_->stop();
    if (ingest_ != nullptr)
        ingest_->stop();
    if (host_ != nullptr)
        host_->stop();
    if (overrides_ != nullptr)
        overrides_->stop();
    if (control_ != nullptr)
        control_->stop();
    if (gateway_ != nullptr)
        (void)gateway_->stop(keepGateway);
}

/// Signals are taken by sigwait in the main thread alone; every thread made after this has them
/// blocked.
sigset_t blockSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGHUP, SIGINT, SIGTERM})
        sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

}  // namespace

int runAgent(const std::string& configFile, const std::string& version) {
    keepOwnCapabilities();
    const sigset_t signals = blockSignals();
    LoadedConfig loaded = loadConfig(configFile);
    std::fputs(format(loaded.diagnostics).c_str(), stderr);
    if (hasErrors(loaded.diagnostics))
        return 1;
    Agent agent(configFile, std::move(loaded.config), version);
    const Status started = agent.start();
    if (!started) {
        std::fprintf(stderr, "levee-agent: %s\n", started.error().message.c_str());
        agent.stop(true);
        return 1;
    }
    notifyServiceManager("READY=1");
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
        notifyReloading();
        (void)agent.reload();
        notifyServiceManager("READY=1");
    }
    notifyServiceManager("STOPPING=1");
    log::info("agent", "stopping on {}",
              signal == SIGTERM ? "SIGTERM, the gateway serves on" : "SIGINT, with the gateway");
    agent.stop(signal == SIGTERM);
    return 0;
}

int checkAgent(const std::string& configFile) {
    const LoadedConfig loaded = loadConfig(configFile);
    std::fputs(format(loaded.diagnostics).c_str(), stderr);
    if (hasErrors(loaded.diagnostics))
        return 1;
    const Diagnostics rules =
        checkRuleFiles(loaded.config.ruleFiles, packRuleFiles(loaded.config.packs));
    std::fputs(format(rules).c_str(), stderr);
    if (hasErrors(rules))
        return 1;
    std::printf("%s and its rules are right\n", configFile.c_str());
    return 0;
}

}  // namespace levee
