// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/load_engine.h"

#include <fmt/format.h>
#include <netdb.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace levee::loadgen {
namespace {

constexpr std::uint64_t kTimerTag = ~std::uint64_t{0};
constexpr std::uint64_t kSignalTag = kTimerTag - 1;

Error systemError(const char* what) {
    return {fmt::format("{}: {}", what, std::strerror(errno)), ErrorKind::Failed};
}

Result<Address> resolve(const Url& url) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found);
        code != 0)
        return Error{fmt::format("{}: {}", url.host, ::gai_strerror(code)), ErrorKind::NotFound};
    Address address;
    std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.length = found->ai_addrlen;
    ::freeaddrinfo(found);
    return address;
}

}  // namespace

LoadEngine::LoadEngine(const Options& options, Report& report, const TimeSource& clock)
    : options_(options),
      report_(report),
      clock_(clock),
      schedule_(options.steps, options.arrivals, options.seed),
      text_(options.requestText()),
      end_(options.duration > Duration::zero() ? options.duration : Duration::max()) {}

LoadEngine::~LoadEngine() {
    for (const int fd : {epoll_, timer_, signals_}) {
        if (fd >= 0)
            ::close(fd);
    }
}

Status LoadEngine::setUp() {
    const auto address = resolve(options_.url);
    if (!address)
        return address.error();
    address_ = address.value();
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    if (::sigprocmask(SIG_BLOCK, &mask, nullptr) != 0)
        return systemError("sigprocmask");
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    signals_ = ::signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
    if (epoll_ < 0 || timer_ < 0 || signals_ < 0)
        return systemError("cannot make an event loop");
    for (const auto& [fd, tag] : {std::pair{timer_, kTimerTag}, {signals_, kSignalTag}}) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = tag;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0)
            return systemError("epoll_ctl");
    }
    return {};
}

Result<Duration> LoadEngine::run() {
    if (Status status = setUp(); !status)
        return status.error();
    start_ = clock_.monotonic();
    due_ = schedule_.next();
    for (Duration at = now(); !isOver(at); at = now()) {
        wait(nextWake());
        expire();
        offerDue();
        const std::string line = report_.onTick(now());
        if (!options_.isQuiet && !line.empty())
            std::fprintf(stderr, "%s\n", line.c_str());
    }
    report_.onConnections(opened_, peak_);
    return std::min(end_, now());
}

bool LoadEngine::isOver(Duration at) {
    return isAborted_ || (at >= end_ && requests_.empty());
}

Duration LoadEngine::nextWake() const {
    Duration wake = std::chrono::ceil<std::chrono::seconds>(now() + Duration(1));
    if (due_ && *due_ < end_)
        wake = std::min(wake, *due_);
    if (now() < end_)
        wake = std::min(wake, end_);
    if (!requests_.empty())
        wake = std::min(wake, requests_.front().due + options_.timeout);
    return wake;
}

void LoadEngine::wait(Duration until) {
    const auto at = (start_ + until).time_since_epoch().count();
    itimerspec spec{};
    spec.it_value.tv_sec = at / 1'000'000'000;
    spec.it_value.tv_nsec = at % 1'000'000'000;
    ::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &spec, nullptr);
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i)
        onEvent(events[static_cast<std::size_t>(i)].data.u64);
}

void LoadEngine::onEvent(std::uint64_t tag) {
    if (tag == kSignalTag)
        return onSignal();
    if (tag == kTimerTag)
        return;  // Set anew before every wait, which clears it.
    const auto slot = static_cast<int>(tag & 0xffffffff);
    const Slot& s = slots_[static_cast<std::size_t>(slot)];
    if (s.connection && s.generation == static_cast<std::uint32_t>(tag >> 32))
        advance(slot);
}

void LoadEngine::onSignal() {
    signalfd_siginfo info;
    while (::read(signals_, &info, sizeof info) == sizeof info) {
        isAborted_ = isAborted_ || now() >= end_;
        end_ = std::min(end_, now());
    }
}

void LoadEngine::advance(int slot) {
    Slot& s = slots_[static_cast<std::size_t>(slot)];
    switch (s.connection->advance()) {
        case Connection::Progress::Waiting:
            return;
        case Connection::Progress::Answered:
            return onAnswered(slot);
        case Connection::Progress::Closed:
            return onLost(slot, s.connection->isConnected() ? Failure::Reset : Failure::Connect);
        case Connection::Progress::Garbled:
            return onLost(slot, Failure::Protocol);
    }
}

void LoadEngine::onAnswered(int slot) {
    const Slot& s = slots_[static_cast<std::size_t>(slot)];
    report_.onAnswer(request(s.request).due, now(), s.connection->status());
    finish(s.request);
    if (s.connection->isReusable())
        release(slot);
    else
        drop(slot);
}

void LoadEngine::onLost(int slot, Failure failure) {
    const Slot& s = slots_[static_cast<std::size_t>(slot)];
    const std::uint64_t id = s.request;
    const bool wasBusy = s.isBusy;
    const bool wasStale = s.connection->wasStale();
    drop(slot);
    if (!wasBusy)
        return;
    Request& lost = request(id);
    lost.connection = -1;
    if (wasStale && !lost.isRetried) {
        lost.isRetried = true;
        report_.onRetry(lost.due);
        return assign(id);
    }
    report_.onFailure(lost.due, now(), failure);
    finish(id);
}

void LoadEngine::offerDue() {
    const Duration at = now();
    while (due_ && *due_ <= at && *due_ < end_) {
        requests_.push_back({*due_});
        report_.onOffered(*due_);
        assign(firstRequest_ + requests_.size() - 1);
        due_ = schedule_.next();
    }
}

/// All requests have the same timeout, so the oldest one runs out first.
void LoadEngine::expire() {
    const Duration at = now();
    while (!requests_.empty() && requests_.front().due + options_.timeout <= at) {
        const Request& late = requests_.front();
        report_.onTimeout(late.due, at);
        const int slot = late.connection;
        finish(firstRequest_);
        if (slot >= 0)
            drop(slot);
    }
}

void LoadEngine::assign(std::uint64_t id) {
    if (!idle_.empty()) {
        const int slot = idle_.back();
        idle_.pop_back();
        sendOn(slot, id);
    } else if (open_ >= options_.maxConnections) {
        waiting_.push_back(id);
    } else if (!open(id)) {
        report_.onFailure(request(id).due, now(), Failure::Connect);
        finish(id);
    }
}

bool LoadEngine::open(std::uint64_t id) {
    auto connection = std::make_unique<Connection>();
    if (!connection->open(address_))
        return false;
    if (empty_.empty()) {
        empty_.push_back(static_cast<int>(slots_.size()));
        slots_.emplace_back();
    }
    const int slot = empty_.back();
    empty_.pop_back();
    Slot& s = slots_[static_cast<std::size_t>(slot)];
    s.connection = std::move(connection);
    ++s.generation;
    ++opened_;
    peak_ = std::max(peak_, ++open_);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = std::uint64_t{s.generation} << 32 | static_cast<std::uint32_t>(slot);
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, s.connection->fd(), &event);
    sendOn(slot, id);
    return true;
}

void LoadEngine::sendOn(int slot, std::uint64_t id) {
    Slot& s = slots_[static_cast<std::size_t>(slot)];
    s.request = id;
    s.isBusy = true;
    Request& sent = request(id);
    sent.connection = slot;
    if (!sent.isRetried)
        report_.onSent(sent.due, now());
    s.connection->send(text_, options_.method == "HEAD");
}

/// The connection is free: the longest waiting request takes it.
void LoadEngine::release(int slot) {
    slots_[static_cast<std::size_t>(slot)].isBusy = false;
    while (!waiting_.empty()) {
        const std::uint64_t id = waiting_.front();
        waiting_.pop_front();
        if (isLive(id))
            return sendOn(slot, id);
    }
    idle_.push_back(slot);
}

/// Closes the connection; waiting requests may open others in its place.
void LoadEngine::drop(int slot) {
    Slot& s = slots_[static_cast<std::size_t>(slot)];
    if (!s.isBusy)
        std::erase(idle_, slot);
    s.connection.reset();
    s.isBusy = false;
    empty_.push_back(slot);
    --open_;
    while (!waiting_.empty() && open_ < options_.maxConnections) {
        const std::uint64_t id = waiting_.front();
        waiting_.pop_front();
        if (isLive(id))
            assign(id);
    }
}

void LoadEngine::finish(std::uint64_t id) {
    request(id).isDone = true;
    while (!requests_.empty() && requests_.front().isDone) {
        requests_.pop_front();
        ++firstRequest_;
    }
}

}  // namespace levee::loadgen
