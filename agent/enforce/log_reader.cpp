// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/log_reader.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "agent/runtime/deadline.h"
#include "agent/runtime/unix_socket.h"
#include "shared/base/log.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxStreams = 8;
constexpr std::size_t kStreamBuffer = 64 * 1024;
constexpr std::size_t kMaxBatch = 4096;
constexpr std::size_t kMaxKnown = 8;
constexpr Duration kFlushInterval = 20ms;
/// After a read that left nothing behind. HAProxy writes each line by itself, so that without a
/// rest each one would wake the thread; what comes meanwhile is read at once.
constexpr Duration kRest = 5ms;

/// From 1; 0: it is not there.
std::uint16_t positionOf(const std::string& target, const std::vector<std::string>& targets) {
    const auto found = std::find(targets.begin(), targets.end(), target);
    return found == targets.end() ? std::uint16_t{0}
                                  : static_cast<std::uint16_t>(found - targets.begin() + 1);
}

}  // namespace

LogReader::LogReader(std::string socketPath, BatchHandler handler)
    : socketPath_(std::move(socketPath)), handler_(std::move(handler)) {}

LogReader::~LogReader() {
    stop();
}

Status LogReader::start() {
    auto listener = listenUnix(socketPath_, static_cast<int>(kMaxStreams));
    if (!listener)
        return listener.error();
    listener_ = std::move(*listener);
    wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake_.isOpen())
        return Error{"cannot make an event descriptor"};
    thread_ = std::thread([this] { run(); });
    return Status::ok();
}

void LogReader::leaveTo(const std::string& name) {
    const std::string link = socketPath_ + ".new";
    ::unlink(link.c_str());
    if (::symlink(name.c_str(), link.c_str()) != 0 ||
        std::rename(link.c_str(), socketPath_.c_str()) != 0)
        log::write(log::Level::Warning, "gateway",
                   fmt::format("HAProxy will look for the agent's log socket without a pause: "
                               "cannot replace {}: {}",
                               socketPath_, std::strerror(errno)));
}

void LogReader::stop() {
    if (!thread_.joinable())
        return;
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
    thread_.join();
    streams_.clear();
    listener_.reset();
}

std::vector<LoggedListener> loggedListeners(const GatewayConfig& config) {
    std::vector<LoggedListener> listeners;
    for (const ListenerConfig& listener : config.listeners)
        listeners.push_back({listener.subject(), listener.targets});
    return listeners;
}

void LogReader::setListeners(std::uint32_t config, const std::vector<LoggedListener>& listeners) {
    const std::lock_guard lock(mutex_);
    std::erase_if(known_, [config](const Known& known) { return known.config == config; });
    if (known_.size() >= kMaxKnown)
        known_.erase(known_.begin());
    known_.push_back({config, listeners, {}});
    for (Known& known : known_) {
        known.today.clear();
        for (const LoggedListener& before : known.listeners) {
            Today& today = known.today.emplace_back();
            const auto found = std::find_if(
                listeners.begin(), listeners.end(),
                [&](const LoggedListener& now) { return now.subject == before.subject; });
            if (found == listeners.end())
                continue;
            today.index = static_cast<std::int32_t>(found - listeners.begin());
            for (const std::string& target : before.targets)
                today.targets.push_back(positionOf(target, found->targets));
        }
    }
}

LogCounters LogReader::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

void LogReader::run() {
    Deadline flushAt = Deadline::after(kFlushInterval);
    bool rests = false;
    for (;;) {
        std::vector<pollfd> waits{{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
        for (const Stream& stream : streams_)
            waits.push_back({stream.fd.get(), static_cast<short>(rests ? 0 : POLLIN), 0});
        const bool wasEmpty = batch_.empty();
        int timeout = wasEmpty ? -1 : flushAt.pollMillis();
        if (rests) {
            const int rest = Deadline::after(kRest).pollMillis();
            timeout = wasEmpty ? rest : std::min(timeout, rest);
        }
        if (::poll(waits.data(), waits.size(), timeout) < 0 && errno != EINTR)
            break;
        const bool stopping = waits[0].revents != 0;
        bool hasRead = false;
        bool isMore = false;
        for (std::size_t i = streams_.size(); i-- > 0;) {
            if (waits[i + 2].revents == 0 && !stopping)
                continue;
            hasRead = true;
            const ReadEnd end = readStream(streams_[i]);
            isMore = isMore || end == ReadEnd::More;
            if (end == ReadEnd::Closed)
                streams_.erase(streams_.begin() + static_cast<std::ptrdiff_t>(i));
        }
        rests = hasRead && !isMore;
        if (waits[1].revents != 0)
            acceptStreams();
        if (wasEmpty)
            flushAt = Deadline::after(kFlushInterval);
        // Lines that make no record have to show in the counters all the same.
        if (batch_.empty() || flushAt.hasPassed())
            flush();
        if (stopping)
            break;
    }
    flush();
}

void LogReader::acceptStreams() {
    for (;;) {
        UniqueFd fd = acceptUnix(listener_);
        if (!fd.isOpen())
            return;
        if (streams_.size() >= kMaxStreams) {
            ++pending_.refused;
            continue;
        }
        ++pending_.connections;
        Stream stream;
        stream.fd = std::move(fd);
        stream.buffer.resize(kStreamBuffer);
        streams_.push_back(std::move(stream));
    }
}

/// One read, so that no stream starves the others.
LogReader::ReadEnd LogReader::readStream(Stream& stream) {
    const std::size_t room = stream.buffer.size() - stream.used;
    const ssize_t n = ::recv(stream.fd.get(), stream.buffer.data() + stream.used, room, 0);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? ReadEnd::Empty : ReadEnd::Closed;
    if (n == 0)
        return ReadEnd::Closed;
    stream.used += static_cast<std::size_t>(n);
    takeLines(stream);
    return static_cast<std::size_t>(n) == room ? ReadEnd::More : ReadEnd::Empty;
}

void LogReader::takeLines(Stream& stream) {
    std::string_view rest(stream.buffer.data(), stream.used);
    for (;;) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos)
            break;
        if (!stream.skipping)
            takeLine(rest.substr(0, end));
        stream.skipping = false;
        rest.remove_prefix(end + 1);
    }
    if (rest.size() > kMaxLogLine) {
        if (!stream.skipping)
            ++pending_.malformed;
        stream.skipping = true;
        rest = {};
    } else if (stream.skipping) {
        rest = {};
    }
    if (!rest.empty())
        std::memmove(stream.buffer.data(), rest.data(), rest.size());
    stream.used = rest.size();
}

void LogReader::takeLine(std::string_view line) {
    auto parsed = parseLogLine(line);
    if (!parsed) {
        const bool isOurs = line.starts_with("L2 ") || line.size() > kMaxLogLine;
        ++(isOurs ? pending_.malformed : pending_.notices);
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        const auto known = std::find_if(known_.begin(), known_.end(), [&](const Known& candidate) {
            return candidate.config == parsed->config;
        });
        const std::size_t index = parsed->record.listener;
        if (known == known_.end() || index >= known->today.size() ||
            known->today[index].index < 0) {
            ++pending_.unknown;
            return;
        }
        const Today& today = known->today[index];
        RequestRecord& record = parsed->record;
        record.listener = static_cast<std::uint32_t>(today.index);
        record.target = record.target >= 1 && record.target <= today.targets.size()
                            ? today.targets[record.target - 1]
                            : std::uint16_t{0};
    }
    pending_.requests += parsed->record.weight;
    batch_.push_back(std::move(parsed->record));
    if (batch_.size() >= kMaxBatch)
        flush();
}

void LogReader::flush() {
    pending_.records += batch_.size();
    {
        const std::lock_guard lock(mutex_);
        counters_.records += pending_.records;
        counters_.requests += pending_.requests;
        counters_.malformed += pending_.malformed;
        counters_.notices += pending_.notices;
        counters_.unknown += pending_.unknown;
        counters_.connections += pending_.connections;
        counters_.refused += pending_.refused;
    }
    pending_ = {};
    if (batch_.empty())
        return;
    std::vector<RequestRecord> batch;
    batch.swap(batch_);
    handler_(std::move(batch));
}

}  // namespace levee
