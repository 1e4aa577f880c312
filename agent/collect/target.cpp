// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/target.h"

#include "shared/base/hash.h"

namespace levee {
Duration Target::offset() const {
    if (interval <= Duration::zero())
        return Duration::zero();
    return Duration(
        static_cast<Duration::rep>(stableHash(url) % static_cast<std::uint64_t>(interval.count())));
}

std::string Target::key() const {
    return url + Series::make("", labels)->text();
}

bool Target::operator==(const Target& other) const {
    const bool hasSameRules =
        metricRelabel == other.metricRelabel ||
        (metricRelabel && other.metricRelabel && *metricRelabel == *other.metricRelabel);
    return url == other.url && labels == other.labels && interval == other.interval &&
           timeout == other.timeout && limits == other.limits && fallback == other.fallback &&
           honorLabels == other.honorLabels && honorTimestamps == other.honorTimestamps &&
           hasSameRules && *client == *other.client;
}

std::string_view name(ScrapeFailure failure) {
    static constexpr std::array<std::string_view, kScrapeFailures> kNames{
        "none",         "timeout",     "refused", "transfer",    "headers", "bad_status",
        "content_type", "encoding",    "too_big", "bomb",        "memory",  "parse",
        "sample_limit", "label_limit", "tls",     "credentials", "relabel"};
    return kNames[static_cast<std::size_t>(failure)];
}

}  // namespace levee
