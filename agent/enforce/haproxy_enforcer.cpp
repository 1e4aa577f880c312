// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_enforcer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

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

std::string serverKey(const ListenerConfig& listener, std::size_t target) {
    return proxyName(listener) + "/" + serverName(listener.targets[target]);
}

std::uint32_t valueOf(const std::map<std::string, std::string>& values, const std::string& key,
                      std::uint32_t missing) {
    const auto found = values.find(key);
    if (found == values.end())
        return missing;
    std::uint32_t value = 0;
    const char* end = found->second.data() + found->second.size();
    const auto [stop, error] = std::from_chars(found->second.data(), end, value);
    return error == std::errc{} && stop == end ? value : missing;
}

std::string describe(const ListenerConfig& listener, const ListenerLimits& limits) {
    if (listener.direction == Direction::Outbound)
        return fmt::format("admits {} of {}", limits.admit, kAdmitAll);
    const auto total =
        std::accumulate(limits.servers.begin(), limits.servers.end(), std::uint64_t{0});
    if (total >= kUnlimitedInFlight)
        return fmt::format("no limit, queue {}", limits.queue);
    return fmt::format("limit {}, queue {}", total, limits.queue);
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

bool HaproxyEnforcer::hasDirection(Direction direction) const {
    return std::any_of(
        config_.listeners.begin(), config_.listeners.end(),
        [direction](const ListenerConfig& listener) { return listener.direction == direction; });
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
    // A map that no listener uses does not exist in HAProxy.
    const bool admits = hasDirection(Direction::Outbound);
    const bool queues = hasDirection(Direction::Inbound);
    std::vector<std::string> questions{command::kShowInfo, command::kShowServers};
    if (admits)
        questions.push_back(command::showMap(paths_.admitMap()));
    if (queues)
        questions.push_back(command::showMap(paths_.queueMap()));
    const auto answers = socket_.askAll(questions);
    if (!answers)
        return answers.error();
    auto worker = reply::worker((*answers)[0]);
    if (!worker)
        return worker.error();
    auto servers = reply::servers((*answers)[1]);
    if (!servers)
        return servers.error();
    Observed observed;
    observed.worker = std::move(*worker);
    for (const reply::Server& server : *servers)
        observed.servers[server.backend + "/" + server.server] = server.limit;
    // A process with another configuration may lack the map: then it has none of its values.
    if (admits)
        if (auto values = reply::mapEntries((*answers)[2]))
            observed.admit = std::move(*values);
    if (queues)
        if (auto values = reply::mapEntries(answers->back()))
            observed.queue = std::move(*values);
    return observed;
}

ListenerLimits HaproxyEnforcer::limitsAt(const Observed& observed, std::size_t index) const {
    const ListenerConfig& listener = config_.listeners[index];
    ListenerLimits limits;
    if (listener.direction == Direction::Outbound) {
        limits.admit = valueOf(observed.admit, listener.subject(), kAdmitAll);
        return limits;
    }
    limits.queue = valueOf(observed.queue, listener.subject(), limits.queue);
    for (std::size_t i = 0; i < listener.targets.size(); ++i) {
        const auto found = observed.servers.find(serverKey(listener, i));
        limits.servers.push_back(found == observed.servers.end() ? 0 : found->second);
    }
    return limits;
}

bool HaproxyEnforcer::holds(const Observed& observed,
                            const std::vector<ListenerLimits>& wanted) const {
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (limitsAt(observed, i) != wanted[i])
            return false;
    return true;
}

Status HaproxyEnforcer::sendMap(const std::string& map, const Values& observed,
                                const MapEntries& wanted, std::vector<std::string>& commands) {
    if (wanted.empty())
        return Status::ok();
    std::vector<std::string> changes;
    bool sameKeys = observed.size() == wanted.size();
    for (const auto& [key, value] : wanted) {
        const auto found = observed.find(key);
        if (found == observed.end())
            sameKeys = false;
        else if (found->second != std::to_string(value))
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
    if (const Status sent =
            sendMap(paths_.admitMap(), observed.admit, admitEntries(config_, wanted), commands);
        !sent)
        return sent;
    if (const Status sent =
            sendMap(paths_.queueMap(), observed.queue, queueEntries(config_, wanted), commands);
        !sent)
        return sent;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const ListenerConfig& listener = config_.listeners[i];
        const ListenerLimits now = limitsAt(observed, i);
        for (std::size_t s = 0; s < wanted[i].servers.size(); ++s)
            if (now.servers[s] != wanted[i].servers[s])
                commands.push_back(command::setServerLimit(
                    proxyName(listener), serverName(listener.targets[s]), wanted[i].servers[s]));
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
        if (now == wanted[i]) {
            proof.detail =
                fmt::format("{} (process {})", describe(listener, now), observed_->worker.pid);
        } else {
            proof.state = Enforcement::Refused;
            proof.detail = fmt::format("wanted {}, HAProxy has {}", describe(listener, wanted[i]),
                                       describe(listener, now));
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
    for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
        const ListenerConfig& config = config_.listeners[i];
        const ListenerLimits limits = limitsAt(*observed_, i);
        DesiredState::Listener listener;
        listener.subject = config.subject();
        if (config.direction == Direction::Outbound) {
            listener.admitShare = static_cast<double>(limits.admit) / kAdmitAll;
        } else {
            listener.queueLimit = limits.queue;
            const auto total =
                std::accumulate(limits.servers.begin(), limits.servers.end(), std::uint64_t{0});
            listener.maxInFlight =
                total >= kUnlimitedInFlight ? 0 : static_cast<std::uint32_t>(total);
        }
        state.listeners.push_back(std::move(listener));
    }
    return state;
}

Status HaproxyEnforcer::release() {
    for (const Proof& proof : apply({}))
        if (proof.state != Enforcement::Enforcing)
            return Error{fmt::format("{} is not released: {}", proof.subject, proof.detail)};
    return Status::ok();
}

Status HaproxyEnforcer::writeMapFiles(const std::vector<ListenerLimits>& limits) {
    const std::string admit = mapFileText(admitEntries(config_, limits));
    const std::string queue = mapFileText(queueEntries(config_, limits));
    if (admit != writtenAdmit_) {
        if (const Status written = replaceFile(paths_.admitMap(), admit); !written)
            return written;
        writtenAdmit_ = admit;
    }
    if (queue != writtenQueue_) {
        if (const Status written = replaceFile(paths_.queueMap(), queue); !written)
            return written;
        writtenQueue_ = queue;
    }
    return Status::ok();
}

}  // namespace levee
