// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/webhook_sender.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "shared/base/log.h"

namespace levee::forward {
namespace {

constexpr std::size_t kMaxAnswerBytes = 64 * 1024;

/// RFC 3339, with milliseconds.
std::string timeText(std::int64_t millis) {
    const std::time_t seconds = static_cast<std::time_t>(millis / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[40];
    const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    char fraction[8];
    std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(millis % 1000));
    return std::string(text, size) + fraction;
}

bool isRefused(long status) {
    constexpr long kTimeout = 408;
    constexpr long kTooMany = 429;
    return status >= 400 && status < 500 && status != kTimeout && status != kTooMany;
}

}  // namespace

std::string webhookBody(const AutomationNotice& notice, const std::string& host) {
    using Json = nlohmann::ordered_json;
    Json labels = Json::object();
    for (const auto& [name, value] : notice.labels)
        labels[name] = value;
    const Json body{{"name", notice.name},
                    {"state", notice.isFiring ? "firing" : "ended"},
                    {"value", std::isfinite(notice.value) ? Json(notice.value) : Json()},
                    {"labels", labels},
                    {"host", host},
                    {"reason", notice.reason},
                    {"at", timeText(notice.millis)}};
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

WebhookSender::WebhookSender(std::string host, WebhookLimits limits)
    : host_(std::move(host)), limits_(limits), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    thread_ = std::thread([this] { run(); });
}

WebhookSender::~WebhookSender() {
    {
        const std::lock_guard lock(mutex_);
        isStopping_ = true;
    }
    changed_.notify_all();
    const std::uint64_t one = 1;
    if (::write(stop_, &one, sizeof one) != sizeof one)
        log::error("webhook", "cannot stop the sender of notices");
    thread_.join();
    ::close(stop_);
}

void WebhookSender::add(AutomationNotice notice) {
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() >= limits_.waiting) {
            ++counters_.dropped;
            return;
        }
        queue_.push_back(std::move(notice));
    }
    changed_.notify_all();
}

WebhookCounters WebhookSender::counters() const {
    const std::lock_guard lock(mutex_);
    WebhookCounters counters = counters_;
    counters.waiting = queue_.size();
    return counters;
}

void WebhookSender::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return isStopping_ || !queue_.empty(); });
        if (isStopping_)
            return;
        const AutomationNotice notice = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        const bool isSent = send(notice);
        lock.lock();
        ++(isSent ? counters_.sent : isStopping_ ? counters_.dropped : counters_.failed);
    }
}

bool WebhookSender::send(const AutomationNotice& notice) {
    HttpCall call;
    call.url = notice.webhook;
    call.headers = {"Content-Type: application/json", "Expect:"};
    call.body = webhookBody(notice, host_);
    call.timeout = limits_.timeout;
    call.maxBytes = kMaxAnswerBytes;
    std::string problem;
    Duration pause = limits_.firstPause;
    for (int tried = 1;; ++tried) {
        const Result<HttpAnswer> answer = caller_.call(call, stop_);
        if (answer && answer->status >= 200 && answer->status < 300)
            return true;
        problem = answer ? "status " + std::to_string(answer->status) : answer.error().message;
        if (tried >= limits_.tries || (answer && isRefused(answer->status)) || !pauseFor(pause))
            break;
        pause *= 2;
        const std::lock_guard lock(mutex_);
        ++counters_.retries;
    }
    log::warning("webhook", "automation {} could not be told: {}", notice.name, problem);
    return false;
}

/// False when the agent stops.
bool WebhookSender::pauseFor(Duration pause) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, pause, [this] { return isStopping_; });
}

}  // namespace levee::forward
