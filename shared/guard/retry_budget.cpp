// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/retry_budget.h"

#include <algorithm>

namespace levee {

RetryBudget::RetryBudget(const RetryBudgetSettings& settings) : settings_(settings) {}

std::int64_t RetryBudget::sliceOf(MonotonicTime now) const {
    return std::max(newest_, now.time_since_epoch() / (settings_.window / kSlices));
}

RetryBudget::Counts& RetryBudget::at(MonotonicTime now) {
    newest_ = sliceOf(now);
    Slice& slice = ring_[static_cast<std::size_t>(newest_) % ring_.size()];
    if (slice.number != newest_) {
        slice = {newest_, {}};
    }
    return slice.counts;
}

RetryBudget::Counts RetryBudget::sums(MonotonicTime now, std::int64_t slices) const {
    const std::int64_t oldest = sliceOf(now) - slices;
    Counts sum;
    for (const Slice& slice : ring_) {
        if (slice.number >= oldest) {
            sum.requests += slice.counts.requests;
            sum.retries += slice.counts.retries;
            sum.refused += slice.counts.refused;
        }
    }
    return sum;
}

void RetryBudget::onRequest(MonotonicTime now) {
    at(now).requests += 1;
}

bool RetryBudget::tryRetry(MonotonicTime now) {
    const double least = settings_.minimumPerSecond * toSeconds(settings_.window);
    const Counts window = sums(now, kSlices);
    const Counts tenth = sums(now, kTenth);
    const bool isAllowed =
        window.retries + 1 <= std::max(settings_.share * window.requests, least) &&
        tenth.retries + 1 <= std::max(2 * settings_.share * tenth.requests, least);
    (isAllowed ? at(now).retries : at(now).refused) += 1;
    ++(isAllowed ? granted_ : refused_);
    return isAllowed;
}

void RetryBudget::onWindow(std::uint64_t requests, std::uint64_t retries, std::uint64_t refused,
                           MonotonicTime now) {
    Counts& counts = at(now);
    counts.requests += static_cast<double>(requests);
    counts.retries += static_cast<double>(retries);
    counts.refused += static_cast<double>(refused);
    granted_ += retries;
    refused_ += refused;
}

double RetryBudget::allowedShare(MonotonicTime now) const {
    const Counts tenth = sums(now, kTenth);
    const double least = settings_.minimumPerSecond * toSeconds(settings_.window) / 10;
    const double budget = std::max(settings_.share * tenth.requests, least);
    const double tried = tenth.retries + tenth.refused;
    return tried > budget ? budget / tried : 1;
}

double RetryBudget::share(MonotonicTime now) const {
    const Counts window = sums(now, kSlices);
    return window.requests > 0 ? window.retries / window.requests : 0;
}

void RetryBudget::reconfigure(const RetryBudgetSettings& settings) {
    if (settings.window != settings_.window) {
        ring_ = {};
        newest_ = 0;
    }
    settings_ = settings;
}

}  // namespace levee
