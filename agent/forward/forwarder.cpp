// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/forwarder.h"

#include <algorithm>

namespace levee::forward {

void Forwarder::configure(const std::vector<RemoteWriteConfig>& configs,
                          const std::map<std::string, std::string>& externalLabels) {
    const std::lock_guard configuring(configuring_);
    std::vector<std::unique_ptr<RemoteWriter>> before;  // ends without the lock
    {
        const std::lock_guard lock(mutex_);
        before.swap(writers_);
        const bool hasSameLabels = externalLabels == externalLabels_;
        externalLabels_ = externalLabels;
        for (const RemoteWriteConfig& config : configs) {
            const auto same = std::find_if(before.begin(), before.end(), [&](const auto& writer) {
                return hasSameLabels && writer != nullptr && writer->config() == config;
            });
            if (same != before.end())
                writers_.push_back(std::move(*same));
            else
                writers_.push_back(std::make_unique<RemoteWriter>(time_, config, externalLabels));
        }
        if (writers_.empty())
            sent_ = {};
    }
}

bool Forwarder::isActive() const {
    const std::lock_guard lock(mutex_);
    return !writers_.empty();
}

void Forwarder::add(const ScrapeResult& result) {
    const std::lock_guard lock(mutex_);
    if (writers_.empty())
        return;
    const std::vector<TimedSample> samples = sent_.take(result, time_.wall());
    for (const auto& writer : writers_)
        writer->add(samples);
}

std::vector<WriterCounters> Forwarder::counters() const {
    const std::lock_guard lock(mutex_);
    std::vector<WriterCounters> all;
    for (const auto& writer : writers_) {
        const WriterStats& stats = writer->stats();
        all.push_back({writer->config().name, stats.sent, stats.rejected, stats.dropped,
                       stats.filtered, stats.requests, stats.retries, stats.bytes,
                       writer->pending()});
    }
    return all;
}

}  // namespace levee::forward
