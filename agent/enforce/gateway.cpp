// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/gateway.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>

#include "shared/base/log.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

/// How often HAProxy is asked whether it still has what it was told.
constexpr Duration kCheckInterval = 500ms;
/// So long without work before what can wait is done.
constexpr Duration kCalm = 5ms;
constexpr std::size_t kMaxEvents = 256;

log::Level logLevel(EventSeverity severity) {
    switch (severity) {
        case EventSeverity::Info:
        case EventSeverity::Notice:
            return log::Level::Info;
        case EventSeverity::Warning:
            return log::Level::Warning;
        case EventSeverity::Critical:
            break;
    }
    return log::Level::Error;
}

}  // namespace

Gateway::Gateway(Hooks hooks) : hooks_(std::move(hooks)) {}

Gateway::~Gateway() {
    (void)end(true);
}

Status Gateway::start(const GatewayConfig& config, const ListenerRules& rules) {
    const GatewayPaths paths(config.directory, config.socket);
    wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake_.isOpen())
        return Error{"cannot make an event descriptor"};
    supervisor_ = std::make_unique<GatewaySupervisor>(
        paths,
        [this](EventSeverity severity, std::string text) { addEvent(severity, std::move(text)); });
    log_ = std::make_unique<LogReader>(paths.logSocket(), hooks_.onRecords);
    if (const Status begun = supervisor_->begin(config, rules); !begun)
        return begun;
    // After the lock is held: the socket of another agent must not be taken away.
    log_->setListeners(supervisor_->configNumber(), supervisor_->listeners());
    if (const Status reading = log_->start(); !reading) {
        (void)supervisor_->end(true);
        return reading;
    }
    {
        const std::lock_guard lock(mutex_);
        running_ = true;
    }
    enforce(0, RealTimeSource().monotonic());
    thread_ = std::thread([this] { run(); });
    return Status::ok();
}

Status Gateway::stop(bool keepRunning) {
    // Before the lock is given up: the next agent puts its own socket there.
    if (keepRunning && thread_.joinable())
        log_->leaveTo(kSinkName);
    return end(keepRunning);
}

Status Gateway::end(bool keepRunning) {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        running_ = false;
    }
    if (!thread_.joinable())
        return Status::ok();
    wake();
    thread_.join();
    const Status ended = supervisor_->end(keepRunning);
    // Last: the lines of the last requests have come by now.
    log_->stop();
    publish();
    return ended;
}

std::uint64_t Gateway::setDesired(DesiredState desired) {
    std::uint64_t sequence = 0;
    {
        const std::lock_guard lock(mutex_);
        pending_ = std::move(desired);
        pendingSince_ = RealTimeSource().monotonic();
        sequence = ++sequence_;
    }
    wake();
    return sequence;
}

Status Gateway::reconfigure(const GatewayConfig& config, const ListenerRules& rules) {
    auto work = std::make_unique<Reconfiguration>();
    work->config = config;
    work->rules = rules;
    std::future<Status> done = work->done.get_future();
    {
        const std::lock_guard lock(mutex_);
        if (!running_)
            return Error{"the gateway does not run", ErrorKind::Unavailable};
        if (reconfiguration_)
            return Error{"another reconfiguration is under way", ErrorKind::Conflict};
        reconfiguration_ = std::move(work);
    }
    wake();
    return done.get();
}

GatewayStatus Gateway::takeStatus() {
    const std::lock_guard lock(mutex_);
    GatewayStatus status = status_;
    status_.events.clear();
    if (log_)
        status.log = log_->counters();
    return status;
}

void Gateway::wake() {
    if (!wake_.isOpen())
        return;
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
}

void Gateway::addEvent(EventSeverity severity, std::string text) {
    log::write(logLevel(severity), "gateway", text);
    Event event;
    event.kind = EventKind::Gateway;
    event.severity = severity;
    event.subject = "gateway";
    event.text = std::move(text);
    const std::lock_guard lock(mutex_);
    if (status_.events.size() < kMaxEvents)
        status_.events.push_back(std::move(event));
}

void Gateway::publish() {
    {
        const std::lock_guard lock(mutex_);
        status_.up = supervisor_->isUp();
        status_.detail = supervisor_->detail();
        status_.pid = supervisor_->pid();
    }
    if (hooks_.onStatus)
        hooks_.onStatus();
}

void Gateway::enforce(std::uint64_t sequence, MonotonicTime since) {
    supervisor_->showLife();
    std::vector<Proof> proofs = supervisor_->enforce();
    std::vector<RateTable> rateTables = supervisor_->rateTables();
    const Duration took = RealTimeSource().monotonic() - since;
    bool changed = false;
    {
        const std::lock_guard lock(mutex_);
        changed = sequence != status_.sequence || proofs != status_.proofs ||
                  supervisor_->isUp() != status_.up || supervisor_->pid() != status_.pid ||
                  rateTables != status_.rateTables || !status_.events.empty();
        if (sequence != status_.sequence)
            status_.applyTime = took;
        status_.sequence = sequence;
        status_.revision = supervisor_->desiredRevision();
        status_.proofs = std::move(proofs);
        status_.rateTables = std::move(rateTables);
    }
    if (changed)
        publish();
}

void Gateway::reconfigureNow(Reconfiguration& work, std::uint64_t sequence) {
    // Before the reload: the new process may log before this thread comes back here.
    const auto before = supervisor_->configNumber();
    const auto listenersBefore = supervisor_->listeners();
    const GatewayPaths paths(work.config.directory, work.config.socket);
    const std::string hash = configName(work.config, paths, work.rules);
    log_->setListeners(static_cast<std::uint32_t>(std::stoul(hash, nullptr, 16)),
                       loggedListeners(work.config));
    const Status status = supervisor_->reconfigure(work.config, work.rules);
    if (!status)
        log_->setListeners(before, listenersBefore);
    // Proven before the caller hears of it.
    enforce(sequence, RealTimeSource().monotonic());
    work.done.set_value(status);
}

void Gateway::wait() {
    Duration patience = kCheckInterval;
    if (const auto restart = supervisor_->untilRestart())
        patience = std::min(patience, *restart);
    std::array<pollfd, 2> waits{pollfd{wake_.get(), POLLIN, 0},
                                pollfd{supervisor_->processFd(), POLLIN, 0}};
    const Deadline end = Deadline::after(patience);
    if (::poll(waits.data(), waits.size(),
               Deadline::after(std::min(patience, kCalm)).pollMillis()) == 0) {
        supervisor_->catchUp();
        ::poll(waits.data(), waits.size(), end.pollMillis());
    }
    std::uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
}

/// What was wanted last is carried out: HAProxy may serve on with it for long.
void Gateway::finish(std::optional<DesiredState> desired, Reconfiguration* work) {
    if (work != nullptr)
        work->done.set_value(Error{"the gateway is being stopped", ErrorKind::Unavailable});
    if (!desired)
        return;
    supervisor_->setDesired(std::move(*desired));
    (void)supervisor_->enforce();
}

void Gateway::run() {
    std::uint64_t sequence = 0;
    for (;;) {
        wait();
        std::optional<DesiredState> desired;
        std::unique_ptr<Reconfiguration> work;
        MonotonicTime since = RealTimeSource().monotonic();
        bool isLast = false;
        {
            const std::lock_guard lock(mutex_);
            work = std::move(reconfiguration_);
            isLast = stopping_;
            if (pending_) {
                desired = std::move(pending_);
                pending_.reset();
                since = pendingSince_;
                sequence = sequence_;
            }
        }
        if (isLast) {
            finish(std::move(desired), work.get());
            return;
        }
        supervisor_->superviseProcess();
        if (desired)
            supervisor_->setDesired(std::move(*desired));
        if (work)
            reconfigureNow(*work, sequence);
        else
            enforce(sequence, since);
    }
}

}  // namespace levee
