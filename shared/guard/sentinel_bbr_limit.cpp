// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/sentinel_bbr_limit.h"

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kBucket = 500ms;
constexpr double kFewestSuccesses = 1;
constexpr double kMostLatency = 5;       ///< seconds
constexpr double kLeastLatency = 0.001;  ///< seconds
constexpr double kLeast = 2;
constexpr double kInitial = 11;  ///< of an empty second: 2/s * 5 s, plus one

}  // namespace

SentinelBbrLimit::SentinelBbrLimit(const LimiterSettings& settings)
    : PublishedLimit(settings, {.least = kLeast}, kInitial) {}

void SentinelBbrLimit::update(const WindowSample& sample, MonotonicTime now) {
    const std::int64_t number = (now - sample.length / 2).time_since_epoch() / kBucket;
    Bucket& current = buckets_[static_cast<std::size_t>(number % 2)];
    if (current.number != number) {
        current = {.number = number};
    }
    current.successes += static_cast<double>(sample.completed);
    if (!sample.latency.isEmpty()) {
        current.leastLatency = std::min(current.leastLatency, sample.latency.min());
    }
    double most = kFewestSuccesses;
    double least = kMostLatency;
    for (const Bucket& bucket : buckets_) {
        if (bucket.number >= number - 1) {
            most = std::max(most, bucket.successes);
            least = std::min(least, bucket.leastLatency);
        }
    }
    const double perSecond = most / toSeconds(kBucket);
    setLimit(std::floor(perSecond * std::max(kLeastLatency, least)) + 1);
}

}  // namespace levee
