// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/remote_writer.h"

#include <curl/curl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "rules/lang/source_text.h"
#include "shared/base/log.h"

namespace levee::forward {
namespace {

constexpr Duration kLastWords = std::chrono::seconds(2);
constexpr Duration kLongestRetryAfter = std::chrono::minutes(5);
constexpr std::size_t kMaxAnswerBytes = 64 * 1024;
constexpr long kTooManyRequests = 429;

}  // namespace

Duration retryAfter(const std::string& header, WallTime now) {
    std::int64_t seconds = 0;
    const auto [end, code] = std::from_chars(header.data(), header.data() + header.size(), seconds);
    if (code != std::errc{} || end != header.data() + header.size()) {
        const time_t date = header.empty() ? -1 : curl_getdate(header.c_str(), nullptr);
        seconds = date < 0 ? 0 : date - toUnixMillis(now) / 1000;
    }
    return std::chrono::seconds(std::clamp<std::int64_t>(
        seconds, 0, std::chrono::duration_cast<std::chrono::seconds>(kLongestRetryAfter).count()));
}

RemoteWriter::RemoteWriter(TimeSource& time, RemoteWriteConfig config,
                           std::map<std::string, std::string> externalLabels)
    : time_(time), config_(std::move(config)), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    terms_.externalLabels = std::move(externalLabels);
    if (!config_.relabel.empty()) {
        auto rules = Relabeler::make(config_.relabel);
        if (rules)  // the configuration has refused any other
            terms_.relabel = *std::move(rules);
    }
    call_.url = config_.url;
    call_.client = config_.client;
    call_.timeout = config_.timeout;
    call_.maxBytes = kMaxAnswerBytes;
    call_.headers = {"Content-Encoding: snappy", "Content-Type: application/x-protobuf",
                     "X-Prometheus-Remote-Write-Version: 0.1.0", "Expect:"};
    for (const auto& [name, value] : config_.headers)
        call_.headers.push_back(name + ": " + value);
    thread_ = std::thread([this] { run(); });
}

RemoteWriter::~RemoteWriter() {
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        stopBy_ = time_.monotonic() + kLastWords;
        changed_.notify_all();
        changed_.wait_for(lock, kLastWords, [this] { return hasEnded_; });
    }
    const std::uint64_t one = 1;
    if (::write(stop_, &one, sizeof one) != sizeof one)
        log::error("forward", "cannot stop the remote write to '{}'", config_.name);
    thread_.join();
    ::close(stop_);
}

void RemoteWriter::add(const std::vector<TimedSample>& samples) {
    if (samples.empty())
        return;
    const MonotonicTime now = time_.monotonic();
    bool isFull = false;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty())
            oldest_ = now;
        queue_.insert(queue_.end(), samples.begin(), samples.end());
        if (queue_.size() > config_.capacity) {
            const std::size_t over = queue_.size() - config_.capacity;
            queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(over));
            stats_.dropped += over;
        }
        isFull = queue_.size() >= config_.samplesPerSend || queue_.size() == samples.size();
    }
    if (isFull)
        changed_.notify_all();
}

std::size_t RemoteWriter::pending() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

bool RemoteWriter::isStopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

Duration RemoteWriter::timeLeft() const {
    const std::lock_guard lock(mutex_);
    return stopping_ ? stopBy_ - time_.monotonic() : config_.timeout;
}

/// A whole batch, or a part of one when its time has come; empty at the end.
std::vector<TimedSample> RemoteWriter::takeBatch() {
    std::unique_lock lock(mutex_);
    while (!stopping_ && queue_.size() < config_.samplesPerSend) {
        if (queue_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const Duration left = oldest_ + config_.deadline - time_.monotonic();
        if (left <= Duration::zero())
            break;
        changed_.wait_for(lock, left);
    }
    const auto size =
        static_cast<std::ptrdiff_t>(std::min<std::size_t>(queue_.size(), config_.samplesPerSend));
    std::vector<TimedSample> batch(std::make_move_iterator(queue_.begin()),
                                   std::make_move_iterator(queue_.begin() + size));
    queue_.erase(queue_.begin(), queue_.begin() + size);
    oldest_ = time_.monotonic();
    return batch;
}

void RemoteWriter::run() {
    for (;;) {
        const std::vector<TimedSample> batch = takeBatch();
        if (!batch.empty())
            send(batch);
        else if (isStopping())
            break;
    }
    const std::lock_guard lock(mutex_);
    hasEnded_ = true;
    changed_.notify_all();
}

void RemoteWriter::send(const std::vector<TimedSample>& batch) {
    const WriteRequest request = encodeRequest(batch, terms_);
    stats_.filtered += request.dropped;
    if (request.samples == 0)
        return;
    Duration backoff = config_.minBackoff;
    Duration pause{};
    while (!sendOnce(request, pause)) {
        if (!waitFor(std::max(backoff, pause))) {
            stats_.dropped += request.samples;
            return;
        }
        backoff = std::min(2 * backoff, config_.maxBackoff);
        ++stats_.retries;
    }
}

bool RemoteWriter::sendOnce(const WriteRequest& request, Duration& pause) {
    pause = Duration::zero();
    call_.timeout = std::min(config_.timeout, timeLeft());
    if (call_.timeout <= Duration::zero())
        return false;
    call_.body = request.body;
    ++stats_.requests;
    stats_.bytes += request.body.size();
    const auto answer = caller_.call(call_, stop_);
    if (!answer) {
        say(answer.error().message);
        return false;
    }
    if (answer->status >= 200 && answer->status < 300) {
        stats_.sent += request.samples;
        say({});
        return true;
    }
    say("status " + std::to_string(answer->status) + ", " +
        shown(answer->body.substr(0, answer->body.find('\n'))));
    if (answer->status >= 500 || answer->status == kTooManyRequests) {
        pause = retryAfter(answer->retryAfter, time_.wall());
        return false;
    }
    stats_.rejected += request.samples;
    return true;
}

/// False when the agent stops: what has not gone by then goes nowhere.
bool RemoteWriter::waitFor(Duration pause) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, pause, [this] { return stopping_; });
}

void RemoteWriter::say(const std::string& problem) {
    if (problem == problem_)
        return;
    if (problem.empty())
        log::info("forward", "remote write to '{}' works again", config_.name);
    else
        log::warning("forward", "remote write to '{}': {}", config_.name, problem);
    problem_ = problem;
}

}  // namespace levee::forward
