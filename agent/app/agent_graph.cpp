// SPDX-License-Identifier: Apache-2.0
#include "agent/app/agent_graph.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "agent/app/agent_counters.h"
#include "agent/app/enforcement_switch.h"
#include "agent/app/rule_effects.h"
#include "agent/app/target_states.h"
#include "agent/config/config_loader.h"
#include "agent/config/pack_folder.h"
#include "agent/control/live_lint.h"
#include "agent/runtime/boot_time.h"
#include "shared/base/log.h"

namespace levee {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

std::string joinedLines(const Diagnostics& diagnostics) {
    std::string text = format(diagnostics);
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

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
                             [this] { return ownFigures(); },
                             &latency_};
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
                     joinedLines(found)};
    announce(EventSeverity::Critical, EventKind::Rule, "rules",
             fmt::format("the rule files are wrong, revision {} stays in force: {}",
                         rules_->active()->revision, joinedLines(found)));
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
    nameOwners();
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

void Agent::onScrape(ScrapeResult&& result) {
    const std::shared_ptr<const KeepFilter> kept = keeper_->kept();
    if (kept != nullptr) {
        forwarder_->add(result);
        keepOnly(*kept, result);
    }
    signals_->apply(result);
}

Status Agent::startServers() {
    GrpcServer::Parts api{*bulletin_,     *rules_,        *revisions_,          *overrides_,
                          history_.get(), signals_.get(), &ingest_->exemplars()};
    api.switchEnforcement = [this](bool isOn, const std::string& author,
                                   const std::string& reason) {
        return switchEnforcement(isOn, author, reason);
    };
    api.readSignals = [this] { return board_->read(); };
    api.automations = [this] { return automations_->states(); };
    api.latency = &latency_;
    api.access = config_.api;
    auto grpc = GrpcServer::start(config_.grpcListen, config_.unixListen, api);
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
    add(latencyCounters(latency_.counters()));
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
    for (const auto& [reason, count] : grpc_->refusals())
        all.push_back({"levee_api_refused_total",
                       static_cast<double>(count),
                       {{"reason", std::string(reason)}}});
    add({{"levee_config_last_reload_successful", isReloadGood_ ? 1.0 : 0.0, {}},
         {"levee_rules_last_load_successful", areRulesGood_ ? 1.0 : 0.0, {}},
         {"levee_watchers", static_cast<double>(grpc_->watchers()), {}},
         {"levee_events_total", newest.empty() ? 0.0 : static_cast<double>(newest.back().id), {}}});
    return all;
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

}  // namespace levee
