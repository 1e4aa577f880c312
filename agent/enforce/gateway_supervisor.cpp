// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/gateway_supervisor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "agent/enforce/bind_check.h"
#include "agent/runtime/child_process.h"
#include "agent/runtime/file_replace.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFirstBackoff = 100ms;
constexpr Duration kLongestBackoff = 5s;
constexpr Duration kWellAfter = 10s;
/// A process that lives but does not answer for so long is replaced: its socket is gone.
constexpr Duration kSilence = 1500ms;
constexpr Duration kStopGrace = 2s;

bool hasEnded(const UniqueFd& fd) {
    pollfd entry{fd.get(), POLLIN, 0};
    return fd.isOpen() && ::poll(&entry, 1, 0) > 0;
}

Status checkAddresses(const GatewayConfig& config) {
    if (!config.statsListen.empty())
        if (Status free = checkBind(config.statsListen); !free)
            return free;
    for (const ListenerConfig& listener : config.listeners)
        if (Status free = checkBind(listener.bind); !free)
            return free;
    return Status::ok();
}

}  // namespace

GatewaySupervisor::GatewaySupervisor(GatewayPaths paths, EventHandler onEvent)
    : paths_(std::move(paths)),
      onEvent_(std::move(onEvent)),
      process_(paths_),
      enforcer_(RuntimeSocket(paths_.statsSocket()), paths_) {}

std::uint32_t GatewaySupervisor::configNumber() const {
    std::uint32_t number = 0;
    std::from_chars(hash_.data(), hash_.data() + hash_.size(), number, 16);
    return number;
}

std::vector<LoggedListener> GatewaySupervisor::listeners() const {
    return loggedListeners(config_);
}

Status GatewaySupervisor::prepareDirectory() {
    std::error_code error;
    std::filesystem::create_directories(paths_.directory, error);
    if (error)
        return Error{fmt::format("cannot make {}: {}", paths_.directory, error.message())};
    ::chmod(paths_.directory.c_str(), 0700);
    lock_.reset(::open(paths_.lockFile().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock_.isOpen())
        return Error{fmt::format("cannot open {}: {}", paths_.lockFile(), std::strerror(errno))};
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
        lock_.reset();
        return Error{fmt::format("another agent manages the gateway in {}", paths_.directory),
                     ErrorKind::Conflict};
    }
    return Status::ok();
}

void GatewaySupervisor::use(const GatewayConfig& config, const ListenerRules& rules) {
    config_ = config;
    rules_ = rules;
    hash_ = configName(config, paths_, rules);
    enforcer_.setConfig(config);
}

void GatewaySupervisor::adopt(const reply::Worker& worker) {
    if (pid_ != worker.pid)
        enforcer_.disregard(pid_);
    pid_ = worker.pid;
    ended_ = watchProcess(worker.pid);
    up_ = true;
    detail_ = fmt::format("process {}", worker.pid);
    unanswered_.reset();
    restartAt_.reset();
    wellAt_ = Deadline::after(kWellAfter);
}

Status GatewaySupervisor::installFiles(const GatewayConfig& config, const ListenerRules& rules) {
    const auto limits = listenerLimits(config, desired_);
    for (const GeneratedFile& file : fallbackFiles(config, paths_, rules))
        if (const Status written = replaceFile(file.path, file.content); !written)
            return written;
    const std::int64_t now = toUnixMillis(RealTimeSource().wall()) / 1000;
    for (const auto& [file, text] :
         {std::pair{paths_.numbersMap(), mapFileText(numberEntries(config, limits))},
          {paths_.wordsMap(), mapFileText(wordEntries(config, limits))},
          {paths_.agentMap(), mapFileText({{"agent", std::to_string(now)}})}})
        if (const Status written = replaceFile(file, text); !written)
            return written;
    return Status::ok();
}

Result<reply::Worker> GatewaySupervisor::launch(const GatewayConfig& config,
                                                const ListenerRules& rules) {
    if (const Status free = checkAddresses(config); !free)
        return free.error();
    if (const Status written = installFiles(config, rules); !written)
        return written.error();
    std::string text = haproxyConfig(config, paths_, rules, listenerLimits(config, desired_));
    auto worker = process_.launch(config.haproxy, text);
    if (worker)
        unwritten_ = std::move(text);
    return worker;
}

Status GatewaySupervisor::begin(const GatewayConfig& config, const ListenerRules& rules) {
    if (const Status prepared = prepareDirectory(); !prepared)
        return prepared;
    use(config, rules);
    if (isAttached())
        return beginAttached();
    const auto running = process_.find();
    if (running) {
        if (auto state = enforcer_.readBack())
            desired_ = std::move(*state);
        pid_ = running->pid;
        if (running->description == "levee-" + hash_) {
            adopt(*running);
            onEvent_(EventSeverity::Info,
                     fmt::format("took over the running HAProxy, process {}", running->pid));
            return Status::ok();
        }
    }
    const auto worker = launch(config, rules);
    if (!worker) {
        detail_ = worker.error().message;
        onEvent_(EventSeverity::Critical, worker.error().message);
        lock_.reset();
        return worker.error();
    }
    adopt(*worker);
    onEvent_(EventSeverity::Info,
             running ? fmt::format("took over HAProxy and reloaded it, process {} after {}",
                                   worker->pid, running->pid)
                     : fmt::format("HAProxy started, process {}", worker->pid));
    return Status::ok();
}

Status GatewaySupervisor::beginAttached() {
    if (auto state = enforcer_.readBack())
        desired_ = std::move(*state);
    if (const Status written = installFiles(config_, rules_); !written) {
        lock_.reset();
        return written;
    }
    if (!findAttached())
        onEvent_(EventSeverity::Warning, detail_ + "; it is looked for again and again");
    return Status::ok();
}

bool GatewaySupervisor::findAttached() {
    const auto running = process_.find();
    if (!running) {
        up_ = false;
        ended_.reset();
        detail_ = "no HAProxy answers at " + paths_.statsSocket() + ": " + running.error().message;
        return false;
    }
    const int before = pid_;
    adopt(*running);
    onEvent_(EventSeverity::Info,
             before == 0
                 ? fmt::format("attached to HAProxy, process {}", running->pid)
                 : fmt::format("attached to HAProxy, process {} after {}; state asserted again",
                               running->pid, before));
    return true;
}

Status GatewaySupervisor::reconfigure(const GatewayConfig& config, const ListenerRules& rules) {
    if (isAttached()) {
        // What its lines say is its owner's business; names and values in maps are ours.
        if (const Status written = installFiles(config, rules); !written)
            return written;
        use(config, rules);
        return Status::ok();
    }
    if (up_ && configHash(config, paths_, rules) == hash_)
        return Status::ok();
    const auto worker = launch(config, rules);
    if (!worker) {
        onEvent_(EventSeverity::Warning,
                 "configuration refused, the old one stays: " + worker.error().message);
        // The map files are shared with the process that runs: make them its own again.
        (void)installFiles(config_, rules_);
        return worker.error();
    }
    const int oldPid = pid_;
    use(config, rules);
    adopt(*worker);
    onEvent_(EventSeverity::Info,
             fmt::format("HAProxy reloaded, process {} after {}", worker->pid, oldPid));
    return Status::ok();
}

void GatewaySupervisor::showLife() {
    if (up_)
        (void)enforcer_.showLife(RealTimeSource().wall());
}

std::vector<Proof> GatewaySupervisor::enforce() {
    std::vector<Proof> proofs = enforcer_.apply(desired_);
    const auto worker = enforcer_.worker();
    if (!worker) {
        up_ = false;
        detail_ = proofs.empty() ? "HAProxy does not answer" : proofs.front().detail;
        if (isAttached())
            detail_ = "no HAProxy answers at " + paths_.statsSocket() + ": " + detail_;
        if (!unanswered_ && !restartAt_ && !isAttached())
            unanswered_ = Deadline::after(kSilence);
        return proofs;
    }
    if (worker->pid != pid_ && !worker->isStopping) {
        onEvent_(EventSeverity::Notice,
                 fmt::format("HAProxy was replaced, process {} after {}; state asserted again",
                             worker->pid, pid_));
        adopt(*worker);
    } else if (!restartAt_) {
        up_ = true;
        detail_ = fmt::format("process {}", worker->pid);
        unanswered_.reset();
    }
    return proofs;
}

void GatewaySupervisor::markDown(std::string why) {
    const bool wasWell = wellAt_ && wellAt_->hasPassed();
    if (wasWell)
        backoff_ = Duration::zero();
    up_ = false;
    ended_.reset();
    wellAt_.reset();
    unanswered_.reset();
    restartAt_ = Deadline::after(backoff_);
    backoff_ = std::clamp<Duration>(backoff_ * 2, kFirstBackoff, kLongestBackoff);
    detail_ = why;
    onEvent_(EventSeverity::Critical, std::move(why));
}

void GatewaySupervisor::superviseProcess() {
    if (isAttached()) {
        if (hasEnded(ended_) || !up_)
            (void)findAttached();
        return;
    }
    if (hasEnded(ended_)) {
        // Somebody else may have reloaded it: then its successor answers already.
        if (const auto successor = process_.find()) {
            onEvent_(EventSeverity::Notice, fmt::format("HAProxy was replaced, process {} after {}",
                                                        successor->pid, pid_));
            adopt(*successor);
        } else {
            markDown(fmt::format("HAProxy, process {}, died", pid_));
        }
    } else if (unanswered_ && unanswered_->hasPassed()) {
        markDown(fmt::format("HAProxy, process {}, does not answer: {}", pid_, detail_));
    }
    if (!restartAt_ || !restartAt_->hasPassed())
        return;
    const auto worker = launch(config_, rules_);
    if (!worker) {
        markDown(worker.error().message);
        return;
    }
    enforcer_.setConfig(config_);
    adopt(*worker);
    onEvent_(EventSeverity::Notice, fmt::format("HAProxy restarted, process {}", worker->pid));
}

std::optional<Duration> GatewaySupervisor::untilRestart() const {
    if (restartAt_)
        return restartAt_->remaining();
    if (unanswered_)
        return unanswered_->remaining();
    return std::nullopt;
}

void GatewaySupervisor::writeDown() {
    // A disk that is full now may have room the next time.
    if (!unwritten_.empty() && replaceFile(paths_.config(), unwritten_))
        unwritten_.clear();
}

void GatewaySupervisor::catchUp() {
    writeDown();
    if (up_ && !isAttached())
        process_.prepare(config_.haproxy, pid_);
}

Status GatewaySupervisor::end(bool keepRunning) {
    const bool began = lock_.isOpen();
    writeDown();
    process_.dismiss();
    if (isAttached()) {
        const Status released = keepRunning || !began || !up_ ? Status::ok() : enforcer_.release();
        up_ = false;
        detail_ = "stopped";
        ended_.reset();
        lock_.reset();
        return released;
    }
    const Status stopped = keepRunning || !began ? Status::ok() : process_.stop(kStopGrace);
    up_ = false;
    detail_ = "stopped";
    ended_.reset();
    restartAt_.reset();
    unanswered_.reset();
    lock_.reset();
    return stopped;
}

}  // namespace levee
