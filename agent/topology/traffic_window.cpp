// SPDX-License-Identifier: Apache-2.0
#include "agent/topology/traffic_window.h"

#include <algorithm>

namespace levee::topology {
namespace {

constexpr std::int64_t kRateSlots = 10;   // 5 s
constexpr std::int64_t kCountSlots = 20;  // 10 s
constexpr Duration kRateTime = std::chrono::seconds(5);
// A source reports at least once a second; what lies further back is complete.
constexpr Duration kReportEvery = std::chrono::seconds(1);

}  // namespace

void SlidingHistogram::merge(const stats::Histogram& values, MonotonicTime now) {
    if (values.isEmpty())
        return;
    forget(now);
    if (current_ == nullptr)
        current_ = std::make_unique<stats::Histogram>();
    current_->merge(values);
}

void SlidingHistogram::forget(MonotonicTime now) {
    if (now - turned_ < kTurn)
        return;
    previous_ = now - turned_ < 2 * kTurn ? std::move(current_) : nullptr;
    current_ = nullptr;
    turned_ = now;
}

stats::Histogram SlidingHistogram::sum(MonotonicTime now) const {
    stats::Histogram all;
    if (current_ != nullptr && now - turned_ < 2 * kTurn)
        all = *current_;
    if (previous_ != nullptr && now - turned_ < kTurn)
        all.merge(*previous_);
    return all;
}

void TrafficSum::add(const TrafficSum& other) {
    requestRate += other.requestRate;
    errorRate += other.errorRate;
    shedRate += other.shedRate;
    requests += other.requests;
    failures += other.failures;
    sheds += other.sheds;
    requestsAt = std::max(requestsAt, other.requestsAt);
    latency.merge(other.latency);
}

Traffic TrafficSum::traffic() const {
    return {
        requestRate,           errorRate, shedRate, latency.quantile(0.5), latency.quantile(0.95),
        latency.quantile(0.99)};
}

void TrafficWindow::addTo(std::int64_t number, const TrafficCounts& counts, double share) {
    Slot& slot = slots_[static_cast<std::size_t>(number % kSlots)];
    if (slot.number != number)
        slot = {number, 0, 0, 0};
    slot.requests += static_cast<float>(static_cast<double>(counts.requests) * share);
    slot.failures += static_cast<float>(static_cast<double>(counts.failures) * share);
    slot.sheds += static_cast<float>(static_cast<double>(counts.sheds) * share);
}

void TrafficWindow::add(const TrafficCounts& counts, const stats::Histogram& latency,
                        MonotonicTime now) {
    reportedAt_ = std::max(reportedAt_, now);
    if (counts.requests == 0)
        return;
    requestsAt_ = std::max(requestsAt_, now);
    latency_.merge(latency, now);
    const Duration span = std::clamp(counts.span, Duration(1), kRateTime);
    const Duration end = now.time_since_epoch();
    const Duration start = std::max(end - span, Duration::zero());
    const std::int64_t last = (end - Duration(1)) / kSlot;
    for (std::int64_t slot = start / kSlot; slot <= last; ++slot) {
        const Duration from = std::max(start, slot * kSlot);
        const Duration to = std::min(end, (slot + 1) * kSlot);
        addTo(slot, counts, toSeconds(to - from) / toSeconds(end - start));
    }
}

TrafficWindow::Slot TrafficWindow::total(std::int64_t first, std::int64_t last) const {
    Slot sum;
    for (const Slot& slot : slots_) {
        if (slot.number < first || slot.number > last)
            continue;
        sum.requests += slot.requests;
        sum.failures += slot.failures;
        sum.sheds += slot.sheds;
    }
    return sum;
}

TrafficSum TrafficWindow::sum(MonotonicTime now) const {
    // The rate is taken up to the newest report, or up to where a report would have come by now.
    const MonotonicTime complete = std::clamp(reportedAt_, now - kReportEvery, now);
    const std::int64_t last = complete.time_since_epoch() / kSlot - 1;
    const double seconds = toSeconds(kRateTime);
    const Slot rate = total(last - kRateSlots + 1, last);
    const std::int64_t newest = now.time_since_epoch() / kSlot;
    const Slot count = total(newest - kCountSlots + 1, newest);
    TrafficSum sum;
    sum.requestRate = static_cast<double>(rate.requests) / seconds;
    sum.errorRate = static_cast<double>(rate.failures) / seconds;
    sum.shedRate = static_cast<double>(rate.sheds) / seconds;
    sum.requests = static_cast<double>(count.requests);
    sum.failures = static_cast<double>(count.failures);
    sum.sheds = static_cast<double>(count.sheds);
    sum.requestsAt = requestsAt_;
    sum.latency = latency_.sum(now);
    return sum;
}

}  // namespace levee::topology
