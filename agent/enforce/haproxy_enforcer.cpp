// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_enforcer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "agent/enforce/map_transaction.h"
#include "agent/runtime/deadline.h"
#include "agent/runtime/file_replace.h"

namespace levee {
namespace {

/// From so many changes on, a map is replaced whole rather than entry by entry.
constexpr std::size_t kManyChanges = 64;
/// Rounds of send and read back before the difference is reported. More than one, since HAProxy may
/// be replaced between the two; bounded, since something else may write as well.
constexpr int kRounds = 3;
/// How long a process that was replaced may go on answering.
constexpr Duration kHandOver = std::chrono::seconds(1);

/// What the limit and the weight of a server are when HAProxy does not have it: like none that is
/// ever wanted.
constexpr std::uint32_t kMissing = 0xffffffff;

std::string serverKey(const ListenerConfig& listener, std::size_t target) {
    // Whoever wrote an attached HAProxy's configuration named its servers.
    return proxyName(listener) + "/" +
           (listener.backend.empty() ? serverName(listener.targets[target])
                                     : listener.targets[target]);
}

}  // namespace

HaproxyEnforcer::HaproxyEnforcer(RuntimeSocket socket, GatewayPaths paths)
    : socket_(std::move(socket)), paths_(std::move(paths)) {}

void HaproxyEnforcer::setConfig(GatewayConfig config) {
    config_ = std::move(config);
    observed_.reset();
}

std::optional<reply::Worker> HaproxyEnforcer::worker() const {
    if (!observed_)
        return std::nullopt;
    return observed_->worker;
}

Result<HaproxyEnforcer::Observed> HaproxyEnforcer::observe() const {
    const Deadline deadline = Deadline::after(kHandOver);
    for (;;) {
        auto observed = ask();
        if (!observed || observed->worker.pid != replacedPid_)
            return observed;
        if (deadline.hasPassed())
            return Error{fmt::format("process {}, which was replaced, still answers", replacedPid_),
                         ErrorKind::Unavailable};
        pauseFor(std::chrono::milliseconds(1));
    }
}

Result<HaproxyEnforcer::Observed> HaproxyEnforcer::ask() const {
    // A HAProxy without listeners has no maps.
    const bool hasMaps = !config_.listeners.empty();
    std::vector<std::string> questions{command::kShowInfo, command::kShowServers,
                                       command::kShowTables};
    if (hasMaps)
        for (const std::string& map : {paths_.numbersMap(), paths_.wordsMap()})
            questions.push_back(command::showMap(map));
    const auto answers = socket_.askAll(questions);
    if (!answers)
        return answers.error();
    auto worker = reply::worker((*answers)[0]);
    if (!worker)
        return worker.error();
    auto servers = reply::servers((*answers)[1]);
    if (!servers)
        return servers.error();
    auto tables = reply::tables((*answers)[2]);
    if (!tables)
        return tables.error();
    Observed observed;
    observed.worker = std::move(*worker);
    observed.tables = std::move(*tables);
    for (reply::Server& server : *servers) {
        const std::string key =
            server.backend + "/" + (isAttached() ? server.address : server.server);
        observed.servers[key] = std::move(server);
    }
    // A process with another configuration may lack a map: then it has none of its values.
    if (!hasMaps)
        return observed;
    auto numbers = reply::mapEntries((*answers)[3]);
    auto words = reply::mapEntries((*answers)[4]);
    observed.hasMaps = numbers && words;
    if (numbers)
        observed.numbers = std::move(*numbers);
    if (words)
        observed.words = std::move(*words);
    return observed;
}

ListenerLimits HaproxyEnforcer::limitsAt(const Observed& observed, std::size_t index) const {
    const ListenerConfig& listener = config_.listeners[index];
    ListenerLimits limits = limitsIn(listener, observed.numbers, observed.words);
    for (std::size_t i = 0; i < listener.targets.size(); ++i) {
        const auto found = observed.servers.find(serverKey(listener, i));
        const bool isThere = found != observed.servers.end();
        if (listener.direction == Direction::Inbound)
            limits.servers.push_back(isThere ? found->second.limit : kMissing);
        else
            limits.weights.push_back(isThere ? found->second.weight : kMissing);
    }
    return limits;
}

bool HaproxyEnforcer::holds(const Observed& observed,
                            const std::vector<ListenerLimits>& wanted) const {
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (!isInForce(limitsAt(observed, i), wanted[i], observed))
            return false;
    return true;
}

bool HaproxyEnforcer::isInForce(const ListenerLimits& now, const ListenerLimits& wanted,
                                const Observed& observed) const {
    if (!isAttached() || observed.hasMaps)
        return now == wanted;
    // A name alone is nothing that could be enforced.
    ListenerLimits named = now;
    named.rule = wanted.rule;
    return named == wanted;
}

Status HaproxyEnforcer::sendMap(const std::string& map, const MapValues& observed,
                                const MapEntries& wanted, std::vector<std::string>& commands) {
    if (wanted.empty())
        return Status::ok();
    std::vector<std::string> changes;
    bool sameKeys = observed.size() == wanted.size();
    for (const auto& [key, value] : wanted) {
        const auto found = observed.find(key);
        if (found == observed.end())
            sameKeys = false;
        else if (found->second != value)
            changes.push_back(command::setMapEntry(map, key, value));
    }
    if (!sameKeys || changes.size() > kManyChanges) {
        changesSent_ += wanted.size();
        return replaceMap(socket_, map, wanted);
    }
    commands.insert(commands.end(), changes.begin(), changes.end());
    return Status::ok();
}

Status HaproxyEnforcer::send(const Observed& observed, const std::vector<ListenerLimits>& wanted) {
    std::vector<std::string> commands;
    if (!isAttached() || observed.hasMaps) {
        const std::array maps{
            std::tuple(paths_.numbersMap(), &observed.numbers, numberEntries(config_, wanted)),
            std::tuple(paths_.wordsMap(), &observed.words, wordEntries(config_, wanted))};
        for (const auto& [map, values, entries] : maps)
            if (const Status sent = sendMap(map, *values, entries, commands); !sent)
                return sent;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const ListenerConfig& listener = config_.listeners[i];
        const ListenerLimits now = limitsAt(observed, i);
        for (std::size_t s = 0; s < listener.targets.size(); ++s) {
            const std::string backend = proxyName(listener);
            const auto found = observed.servers.find(serverKey(listener, s));
            if (found == observed.servers.end())
                continue;
            const std::string& server = found->second.server;
            if (s < wanted[i].servers.size() && now.servers[s] != wanted[i].servers[s])
                commands.push_back(command::setServerLimit(backend, server, wanted[i].servers[s]));
            if (s < wanted[i].weights.size() && now.weights[s] != wanted[i].weights[s])
                commands.push_back(command::setServerWeight(backend, server, wanted[i].weights[s]));
        }
    }
    if (commands.empty())
        return Status::ok();
    changesSent_ += commands.size();
    const auto answers = socket_.askAll(commands);
    if (!answers)
        return answers.error();
    for (std::size_t i = 0; i < commands.size(); ++i)
        if (!(*answers)[i].empty())
            return Error{fmt::format("'{}' refused: {}", commands[i], (*answers)[i])};
    return Status::ok();
}

std::vector<Proof> HaproxyEnforcer::proofs(const std::vector<ListenerLimits>& wanted,
                                           const Status& sent) const {
    std::vector<Proof> proofs;
    proofs.reserve(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const ListenerConfig& listener = config_.listeners[i];
        const ListenerLimits now = limitsAt(*observed_, i);
        Proof proof{listener.subject(), Enforcement::Enforcing, {}};
        if (isInForce(now, wanted[i], *observed_)) {
            proof.detail =
                fmt::format("{} (process {})", describe(listener, now), observed_->worker.pid);
        } else {
            proof.state = Enforcement::Refused;
            proof.detail = fmt::format("wanted {}, HAProxy has {}", describe(listener, wanted[i]),
                                       describe(listener, now));
            if (isAttached() && !observed_->hasMaps)
                proof.detail +=
                    "; but for limit and weights it takes the lines of `levee enforce plan`";
            if (!sent)
                proof.detail += ": " + sent.error().message;
        }
        proofs.push_back(std::move(proof));
    }
    return proofs;
}

std::vector<Proof> HaproxyEnforcer::unreachable(const Error& error) {
    observed_.reset();
    std::vector<Proof> proofs;
    for (const ListenerConfig& listener : config_.listeners)
        proofs.push_back({listener.subject(), Enforcement::Sent, error.message});
    return proofs;
}

std::vector<Proof> HaproxyEnforcer::apply(const DesiredState& desired) {
    const std::vector<ListenerLimits> wanted = listenerLimits(config_, desired);
    Status sent = writeMapFiles(wanted);
    for (int round = 0; round < kRounds; ++round) {
        if (observed_ && !holds(*observed_, wanted))
            sent = send(*observed_, wanted);
        auto now = observe();
        if (!now)
            return unreachable(now.error());
        observed_ = std::move(*now);
        if (holds(*observed_, wanted))
            break;
    }
    noteTables(*observed_);
    return proofs(wanted, sent);
}

Result<DesiredState> HaproxyEnforcer::readBack() {
    auto now = observe();
    if (!now) {
        observed_.reset();
        return now.error();
    }
    observed_ = std::move(*now);
    DesiredState state;
    for (std::size_t i = 0; i < config_.listeners.size(); ++i)
        state.listeners.push_back(desiredOf(config_.listeners[i], limitsAt(*observed_, i)));
    return state;
}

Status HaproxyEnforcer::showLife(WallTime wall) {
    if (config_.listeners.empty())
        return Status::ok();
    const std::int64_t seconds = toUnixMillis(wall) / 1000;
    const auto answer =
        socket_.ask(command::setMapEntry(paths_.agentMap(), "agent", std::to_string(seconds)));
    if (!answer)
        return answer.error();
    // A configuration in which no rule asks for the agent's life has no such map.
    return Status::ok();
}

void HaproxyEnforcer::noteTables(const Observed& observed) {
    for (const ListenerConfig& listener : config_.listeners) {
        const auto table = observed.tables.find("rate." + proxyName(listener));
        if (table != observed.tables.end() && table->second.size > 1 &&
            table->second.used >= table->second.size)
            ++timesFull_[listener.subject()];
    }
}

std::vector<RateTable> HaproxyEnforcer::rateTables() const {
    std::vector<RateTable> tables;
    if (!observed_)
        return tables;
    for (const ListenerConfig& listener : config_.listeners) {
        const auto table = observed_->tables.find("rate." + proxyName(listener));
        if (table == observed_->tables.end())
            continue;
        const auto full = timesFull_.find(listener.subject());
        tables.push_back({listener.subject(), table->second.used, table->second.size,
                          full == timesFull_.end() ? 0 : full->second});
    }
    return tables;
}

Status HaproxyEnforcer::release() {
    for (const Proof& proof : apply({}))
        if (proof.state != Enforcement::Enforcing)
            return Error{fmt::format("{} is not released: {}", proof.subject, proof.detail)};
    return Status::ok();
}

Status HaproxyEnforcer::writeMapFiles(const std::vector<ListenerLimits>& limits) {
    const std::string numbers = mapFileText(numberEntries(config_, limits));
    const std::string words = mapFileText(wordEntries(config_, limits));
    if (numbers != writtenNumbers_) {
        if (const Status written = replaceFile(paths_.numbersMap(), numbers); !written)
            return written;
        writtenNumbers_ = numbers;
    }
    if (words != writtenWords_) {
        if (const Status written = replaceFile(paths_.wordsMap(), words); !written)
            return written;
        writtenWords_ = words;
    }
    return Status::ok();
}

}  // namespace levee
