// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/histogram_quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace levee::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-12;  ///< relative difference of counts that means nothing

QuantileEstimate exactly(double value) {
    return {.value = value, .low = value, .high = value};
}

bool isReadable(const std::vector<ClassicBucket>& buckets) {
    return std::none_of(buckets.begin(), buckets.end(), [](const ClassicBucket& b) {
        return std::isnan(b.upperBound) || std::isnan(b.count);
    });
}

void sortAndJoin(std::vector<ClassicBucket>& buckets) {
    std::sort(buckets.begin(), buckets.end(), [](const ClassicBucket& a, const ClassicBucket& b) {
        return a.upperBound < b.upperBound;
    });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < buckets.size(); ++i) {
        if (buckets[i].upperBound == buckets[kept].upperBound) {
            buckets[kept].count += buckets[i].count;
        } else {
            buckets[++kept] = buckets[i];
        }
    }
    buckets.resize(std::min(buckets.size(), kept + 1));
}

/// True: a count fell by more than rounding explains.
bool makeMonotonic(std::vector<ClassicBucket>& buckets) {
    bool raised = false;
    double before = buckets.front().count;
    for (ClassicBucket& bucket : buckets) {
        const double difference = std::abs(bucket.count - before);
        const bool isRounding = difference <= kRounding * std::abs(bucket.count);
        if (isRounding || bucket.count < before) {
            raised = raised || !isRounding;
            bucket.count = before;
        }
        before = bucket.count;
    }
    return raised;
}

}  // namespace

QuantileEstimate histogramQuantile(double q, std::vector<ClassicBucket> buckets) {
    const QuantileEstimate unknown = exactly(std::numeric_limits<double>::quiet_NaN());
    if (std::isnan(q)) {
        return unknown;
    }
    if (q < 0 || q > 1) {
        return exactly(q < 0 ? -kInfinity : kInfinity);
    }
    if (!isReadable(buckets)) {
        return unknown;
    }
    sortAndJoin(buckets);
    if (buckets.size() < 2 || buckets.back().upperBound != kInfinity) {
        return unknown;
    }
    const bool raised = makeMonotonic(buckets);
    const double total = buckets.back().count;
    if (!(total > 0)) {
        return unknown;
    }
    const double rank = q * total;
    const auto at = std::find_if(buckets.begin(), buckets.end() - 1,
                                 [&](const ClassicBucket& b) { return b.count >= rank; });
    if (at == buckets.end() - 1) {
        const double last = (at - 1)->upperBound;
        return {last, last, kInfinity, true, raised};
    }
    if (at == buckets.begin() && at->upperBound <= 0) {
        return {at->upperBound, -kInfinity, at->upperBound, false, raised};
    }
    const ClassicBucket below = at == buckets.begin() ? ClassicBucket{} : *(at - 1);
    const double share = (rank - below.count) / (at->count - below.count);
    if (std::isnan(share)) {
        return unknown;
    }
    return {below.upperBound + (at->upperBound - below.upperBound) * share, below.upperBound,
            at->upperBound, false, raised};
}

}  // namespace levee::stats
