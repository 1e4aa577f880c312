// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/scrape_pool.h"

#include <algorithm>
#include <new>

namespace levee {
namespace {

constexpr std::size_t kIdleScrapes = 8;

}  // namespace

ScrapePool::ScrapePool(TimeSource& time, CollectStats& stats, OnScrape onScrape)
    : time_(time), stats_(stats), onScrape_(std::move(onScrape)), multi_(curl_multi_init()) {
    if (multi_ == nullptr)
        throw std::bad_alloc();
}

ScrapePool::~ScrapePool() {
    for (auto& [key, slot] : slots_) {
        if (slot->scrape)
            curl_multi_remove_handle(multi_, slot->scrape->fetch.handle());
    }
    slots_.clear();
    idle_.clear();
    curl_multi_cleanup(multi_);
}

void ScrapePool::setTargets(std::vector<Target> targets) {
    const MonotonicTime now = time_.monotonic();
    std::set<std::string> wanted;
    for (const Target& target : targets)
        wanted.insert(target.key());
    for (auto it = slots_.begin(); it != slots_.end();) {
        if (wanted.count(it->first) != 0) {
            ++it;
            continue;
        }
        removeTarget(*it->second, now);
        it = slots_.erase(it);
    }
    for (Target& target : targets) {
        const auto known = slots_.find(target.key());
        if (known == slots_.end())
            addTarget(std::move(target), now);
        else
            updateTarget(*known->second, std::move(target), now);
    }
    // Without this libcurl keeps four connections per *running* transfer and closes the rest.
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(slots_.size() + 4));
}

void ScrapePool::setFilter(KeepFilter filter) {
    filter_ = std::make_shared<const KeepFilter>(std::move(filter));
}

void ScrapePool::addTarget(Target target, MonotonicTime now) {
    auto slot = std::make_unique<Slot>(std::move(target));
    schedule(*slot, slot->loop.firstDue(now));
    std::string key = slot->loop.state().key;
    slots_.emplace(std::move(key), std::move(slot));
}

void ScrapePool::updateTarget(Slot& slot, Target target, MonotonicTime now) {
    slot.updated = false;
    if (target == slot.loop.target())
        return;
    if (slot.scrape) {  // the running scrape ends under the terms it began with
        slot.next = std::move(target);
        slot.updated = true;
        return;
    }
    slot.loop.update(std::move(target));
    schedule(slot, slot.loop.firstDue(now));
}

void ScrapePool::removeTarget(Slot& slot, MonotonicTime now) {
    schedule_.erase({slot.due, &slot});
    if (slot.scrape) {
        curl_multi_remove_handle(multi_, slot.scrape->fetch.handle());
        giveBack(std::move(slot.scrape));
    }
    onScrape_(slot.loop.removal(now));
}

void ScrapePool::schedule(Slot& slot, MonotonicTime due) {
    schedule_.erase({slot.due, &slot});
    slot.due = due;
    schedule_.insert({due, &slot});
}

void ScrapePool::runOnce() {
    startDue();
    int running = 0;
    curl_multi_perform(multi_, &running);
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL* const handle = message->easy_handle;
        const CURLcode code = message->data.result;  // the message dies with the removal below
        curl_multi_remove_handle(multi_, handle);
        finish(*static_cast<Slot*>(HttpFetch::ownerOf(handle)), code);
    }
}

void ScrapePool::startDue() {
    const MonotonicTime now = time_.monotonic();
    while (!schedule_.empty() && schedule_.begin()->first <= now) {
        Slot& slot = *schedule_.begin()->second;
        std::uint64_t skipped = 0;
        const MonotonicTime next = slot.loop.nextDue(slot.due, now, skipped);
        if (slot.scrape)
            ++skipped;
        else
            start(slot, now);
        count(stats_.skipped, skipped);
        schedule(slot, next);
    }
}

void ScrapePool::start(Slot& slot, MonotonicTime now) {
    slot.scrape = takeScrape();
    slot.began = now;
    HttpFetch& fetch = slot.scrape->fetch;
    const bool isReady = fetch.begin(
        slot.loop.target(), &slot,
        [this, &slot](std::string_view text, auto format) { return takeText(slot, text, format); });
    if (isReady)
        curl_multi_add_handle(multi_, fetch.handle());
    else
        finish(slot, CURLE_OK);
}

bool ScrapePool::takeText(Slot& slot, std::string_view text, ExpositionFormat format) {
    if (!slot.scrape->isReading) {
        slot.scrape->isReading = true;
        const Target& target = slot.loop.target();
        slot.scrape->reader.begin({format, target.limits, filter_, target.metricRelabel,
                                   target.honorTimestamps, target.honorLabels},
                                  slot.loop.cache());
    }
    return slot.scrape->reader.add(text);
}

void ScrapePool::finish(Slot& slot, CURLcode code) {
    ReadOutcome outcome = read(slot, code);
    const std::uint64_t bodyBytes = slot.scrape->fetch.textBytes();
    giveBack(std::move(slot.scrape));
    countOutcome(outcome, bodyBytes);
    const MonotonicTime now = time_.monotonic();
    ScrapeResult result =
        slot.loop.finish(std::move(outcome), bodyBytes, slot.began, now, time_.wall());
    if (slot.updated) {
        slot.updated = false;
        slot.loop.update(std::move(slot.next));
        schedule(slot, slot.loop.firstDue(now));
    }
    onScrape_(std::move(result));
}

ReadOutcome ScrapePool::read(Slot& slot, CURLcode code) {
    Scrape& scrape = *slot.scrape;
    if (scrape.reader.hasFailed())
        return scrape.reader.finish();
    const ScrapeFailure failure = scrape.fetch.finish(code);
    if (failure != ScrapeFailure::None)
        return {failure, scrape.fetch.error(), 0, 0, {}};
    takeText(slot, {}, scrape.fetch.format());  // an empty body is an empty exposition
    return scrape.reader.finish();
}

void ScrapePool::countOutcome(const ReadOutcome& outcome, std::uint64_t bodyBytes) {
    count(stats_.scrapes);
    if (outcome.failure != ScrapeFailure::None)
        count(stats_.failures[static_cast<std::size_t>(outcome.failure)]);
    count(stats_.bytes, bodyBytes);
    count(stats_.samplesParsed, outcome.samples);
    count(stats_.samplesKept, outcome.kept.size());
    count(stats_.samplesRepeated, outcome.repeated);
}

std::unique_ptr<ScrapePool::Scrape> ScrapePool::takeScrape() {
    if (idle_.empty())
        return std::make_unique<Scrape>(budget_);
    auto scrape = std::move(idle_.back());
    idle_.pop_back();
    return scrape;
}

void ScrapePool::giveBack(std::unique_ptr<Scrape> scrape) {
    scrape->reader.abandon();
    scrape->isReading = false;
    if (idle_.size() < kIdleScrapes)
        idle_.push_back(std::move(scrape));
}

void ScrapePool::poll(Duration longest) {
    Duration wait = longest;
    if (!schedule_.empty())
        wait = std::min(wait, schedule_.begin()->first - time_.monotonic());
    // Rounded up: waking a fraction of a millisecond early would spin until the time is there.
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(std::max<long>(ms, 0)), nullptr);
}

void ScrapePool::wake() {
    curl_multi_wakeup(multi_);
}

std::vector<TargetStatus> ScrapePool::states() const {
    std::vector<TargetStatus> states;
    states.reserve(slots_.size());
    for (const auto& [key, slot] : slots_)
        states.push_back(slot->loop.state());
    return states;
}

}  // namespace levee
