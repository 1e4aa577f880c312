// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/scrape_loop.h"

#include <utility>

namespace levee {

ScrapeLoop::ScrapeLoop(Target target) : target_(std::move(target)), cache_(target_.labels) {
    state_.key = target_.key();
    state_.url = target_.url;
    state_.job = labelValue(target_.labels, "job");
    state_.instance = labelValue(target_.labels, "instance");
    for (const Label& label : target_.labels)
        state_.labels.emplace(label.name, label.value);
    constexpr std::array<const char*, 4> kNames{"up", "scrape_duration_seconds",
                                                "scrape_samples_scraped", "scrape_body_size_bytes"};
    for (std::size_t i = 0; i < kNames.size(); ++i)
        synthetic_[i] = Series::make(kNames[i], target_.labels);
}

void ScrapeLoop::update(Target target) {
    target_ = std::move(target);
}

MonotonicTime ScrapeLoop::firstDue(MonotonicTime now) const {
    const auto interval = target_.interval.count();
    const auto sinceEpoch = now.time_since_epoch().count();
    const auto place = sinceEpoch - sinceEpoch % interval + target_.offset().count();
    return MonotonicTime(Duration(place > sinceEpoch ? place : place + interval));
}

MonotonicTime ScrapeLoop::nextDue(MonotonicTime due, MonotonicTime now,
                                  std::uint64_t& skipped) const {
    const MonotonicTime next = due + target_.interval;
    if (next > now)
        return next;
    skipped += static_cast<std::uint64_t>((now - next) / target_.interval) + 1;
    return firstDue(now);
}

ScrapeResult ScrapeLoop::finish(ReadOutcome outcome, std::uint64_t bodyBytes, MonotonicTime began,
                                MonotonicTime now, WallTime wall) {
    const bool good = outcome.failure == ScrapeFailure::None;
    state_.health = good ? TargetHealth::Up : TargetHealth::Down;
    state_.failure = outcome.failure;
    state_.error = std::move(outcome.error);
    state_.scrapedAt = wall;
    state_.duration = now - began;
    state_.bodyBytes = bodyBytes;
    ++state_.scrapes;
    if (!good)
        ++state_.failures;
    state_.samples = good ? outcome.samples : 0;
    state_.kept = good ? outcome.kept.size() : 0;

    ScrapeResult result;
    result.at = began;
    result.kept = std::move(outcome.kept);
    result.state = state_;
    addSynthetic(result);
    return result;
}

ScrapeResult ScrapeLoop::removal(MonotonicTime now) const {
    ScrapeResult result;
    result.state = state_;
    result.at = now;
    result.removed = true;
    return result;
}

void ScrapeLoop::addSynthetic(ScrapeResult& result) const {
    const std::array<double, 4> values{
        state_.health == TargetHealth::Up ? 1.0 : 0.0, toSeconds(state_.duration),
        static_cast<double>(state_.samples), static_cast<double>(state_.bodyBytes)};
    for (std::size_t i = 0; i < values.size(); ++i)
        result.kept.push_back({synthetic_[i], values[i], std::nullopt});
}

}  // namespace levee
