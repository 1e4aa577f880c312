// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

namespace levee::stats {
namespace {

constexpr int kSubBuckets = 1 << Histogram::kMaxScale;
constexpr std::uint64_t kMantissaMask = (std::uint64_t{1} << 52) - 1;
/// The mantissa in 64 equal cells: narrower than the narrowest bucket of an octave at scale 5, so
/// that a cell meets at most one bound.
constexpr int kCellBits = 6;
constexpr std::uint64_t kMaxTotal = std::uint64_t{1} << 62;
constexpr std::size_t kMaxRestoredBuckets = 65'536;

/// Mantissa bits of 2^(k/32), rounded down: a mantissa above entry k lies above the bound. The last
/// entry lies above every mantissa.
constexpr std::array<std::uint64_t, kSubBuckets + 1> kBounds{
    0x0000000000000, 0x059b0d3158574, 0x0b5586cf9890f,  0x11301d0125b50, 0x172b83c7d517a,
    0x1d4873168b9aa, 0x2387a6e756238, 0x29e9df51fdee1,  0x306fe0a31b715, 0x371a7373aa9ca,
    0x3dea64c123422, 0x44e086061892d, 0x4bfdad5362a27,  0x5342b569d4f81, 0x5ab07dd485429,
    0x6247eb03a5584, 0x6a09e667f3bcc, 0x71f75e8ec5f73,  0x7a11473eb0186, 0x82589994cce12,
    0x8ace5422aa0db, 0x93737b0cdc5e4, 0x9c49182a3f090,  0xa5503b23e255c, 0xae89f995ad3ad,
    0xb7f76f2fb5e46, 0xc199bdd85529c, 0xcb720dcef9069,  0xd5818dcfba487, 0xdfc97337b9b5e,
    0xea4afa2a490d9, 0xf50765b6e4540, kMantissaMask + 1};

/// For each cell, how many bounds lie below its lower edge.
constexpr auto kBoundsBelow = [] {
    std::array<std::uint8_t, 1 << kCellBits> below{};
    for (std::size_t cell = 0; cell < below.size(); ++cell) {
        while (kBounds[below[cell]] < std::uint64_t{cell} << (52 - kCellBits)) {
            ++below[cell];
        }
    }
    return below;
}();

}  // namespace

std::int32_t Histogram::indexOf(double value, int scale) {
    auto bits = std::bit_cast<std::uint64_t>(value);
    auto exponent = static_cast<std::int32_t>(bits >> 52) - 1023;
    if (exponent == -1023) {  // subnormal: bring it into the normal range
        bits = std::bit_cast<std::uint64_t>(value * 0x1p54);
        exponent = static_cast<std::int32_t>(bits >> 52) - 1023 - 54;
    }
    const std::uint64_t mantissa = bits & kMantissaMask;
    // An exact power of two has no bound below its mantissa and so falls into the bucket below.
    const std::size_t below = kBoundsBelow[mantissa >> (52 - kCellBits)];
    const std::int32_t inOctave =
        static_cast<std::int32_t>(below) + (kBounds[below] < mantissa ? 1 : 0) - 1;
    const std::int32_t index = exponent * kSubBuckets + inOctave;
    return index >> (kMaxScale - scale);
}

double Histogram::lowerBound(std::int32_t index, int scale) {
    return std::exp2(std::ldexp(static_cast<double>(index), -scale));
}

void Histogram::record(double value, std::uint64_t count) {
    if (count == 0) {
        return;
    }
    if (!std::isfinite(value)) {
        rejected_ += count;
        return;
    }
    min_ = count_ == 0 ? value : std::min(min_, value);
    max_ = count_ == 0 ? value : std::max(max_, value);
    count_ += count;
    sum_ += value * static_cast<double>(count);
    if (value <= 0) {
        zero_ += count;
    } else {
        addToBucket(indexOf(value, scale_), count);
    }
}

void Histogram::addToBucket(std::int32_t index, std::uint64_t count) {
    if (high_ < low_) {
        low_ = high_ = index;
    } else if (index < low_ || index > high_) {
        std::int32_t low = std::min(low_, index);
        std::int32_t high = std::max(high_, index);
        int steps = 0;
        while (high - low >= kBuckets) {
            low >>= 1;
            high >>= 1;
            ++steps;
        }
        coarsen(steps);
        index >>= steps;
        low_ = low;
        high_ = high;
    }
    counts_[slot(index)] += count;
}

void Histogram::coarsen(int steps) {
    if (steps == 0) {
        return;
    }
    scale_ -= steps;
    if (high_ < low_) {
        return;
    }
    std::array<std::uint64_t, kBuckets> joined{};
    for (std::int32_t i = low_; i <= high_; ++i) {
        joined[slot(i >> steps)] += counts_[slot(i)];
    }
    counts_ = joined;
    low_ >>= steps;
    high_ >>= steps;
}

void Histogram::merge(const Histogram& other) {
    if (&other == this) {
        const Histogram copy = other;
        merge(copy);
        return;
    }
    rejected_ += other.rejected_;
    if (other.count_ == 0) {
        return;
    }
    min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
    max_ = count_ == 0 ? other.max_ : std::max(max_, other.max_);
    count_ += other.count_;
    zero_ += other.zero_;
    sum_ += other.sum_;
    coarsen(std::max(0, scale_ - other.scale_));
    for (std::int32_t i = other.low_; i <= other.high_; ++i) {
        if (const std::uint64_t n = other.counts_[slot(i)]; n > 0) {
            addToBucket(i >> (other.scale_ - scale_), n);
        }
    }
}

double Histogram::mean() const {
    return count_ == 0 ? std::numeric_limits<double>::quiet_NaN()
                       : sum_ / static_cast<double>(count_);
}

double Histogram::min() const {
    return count_ == 0 ? std::numeric_limits<double>::quiet_NaN() : min_;
}

double Histogram::max() const {
    return count_ == 0 ? std::numeric_limits<double>::quiet_NaN() : max_;
}

double Histogram::variance() const {
    if (count_ == 0) {
        return 0;
    }
    const double m = mean();
    double squares = static_cast<double>(zero_) * m * m;
    for (std::int32_t i = low_; i <= high_; ++i) {
        const double distance = clampedMiddle(i) - m;
        squares += static_cast<double>(counts_[slot(i)]) * distance * distance;
    }
    return squares / static_cast<double>(count_);
}

/// The value of a bucket with the least worst relative error, 2ab/(a+b), inside what was seen.
double Histogram::clampedMiddle(std::int32_t index) const {
    const double upper = lowerBound(index + 1, scale_);
    const double ratio = lowerBound(-1, scale_);  // lower bound / upper bound
    return std::clamp(2 * upper * (ratio / (1 + ratio)), min_, max_);
}

double Histogram::quantile(double q) const {
    if (count_ == 0 || std::isnan(q)) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (q <= 0) {
        return min_;
    }
    if (q >= 1) {
        return max_;
    }
    const auto rank = static_cast<std::uint64_t>(q * static_cast<double>(count_ - 1));
    std::uint64_t seen = zero_;
    if (rank < seen) {
        return std::max(min_, 0.0) == 0 ? 0.0 : min_;
    }
    for (std::int32_t i = low_; i <= high_; ++i) {
        seen += counts_[slot(i)];
        if (rank < seen) {
            return clampedMiddle(i);
        }
    }
    return max_;
}

double Histogram::interpolatedQuantile(double q) const {
    if (count_ == 0 || !(q > 0) || q >= 1) {
        return quantile(q);
    }
    const double rank = q * static_cast<double>(count_);
    auto below = static_cast<double>(zero_);
    if (below >= rank) {
        return std::min(0.0, max_);
    }
    for (std::int64_t i = low_; i <= high_; ++i) {
        const auto index = static_cast<std::int32_t>(i);
        const auto n = static_cast<double>(counts_[slot(index)]);
        if (n > 0 && below + n >= rank) {
            const double lower = lowerBound(index, scale_);
            const double width = lowerBound(index + 1, scale_) - lower;
            return std::clamp(lower + width * (rank - below) / n, min_, max_);
        }
        below += n;
    }
    return max_;
}

double Histogram::shareAbove(double threshold) const {
    if (count_ == 0 || !(threshold < max_)) {
        return 0;
    }
    std::uint64_t above = 0;
    const std::int32_t at = threshold > 0 ? indexOf(threshold, scale_) : low_ - 1;
    for (std::int32_t i = std::max(low_, at + 1); i <= high_; ++i) {
        above += counts_[slot(i)];
    }
    return static_cast<double>(above) / static_cast<double>(count_);
}

double Histogram::relativeError() const {
    const double base = lowerBound(1, scale_);
    return (base - 1) / (base + 1);
}

HistogramParts Histogram::parts() const {
    HistogramParts p;
    p.scale = scale_;
    p.offset = low_;
    p.zeroCount = zero_;
    p.sum = sum_;
    p.min = min_;
    p.max = max_;
    for (std::int32_t i = low_; i <= high_; ++i) {
        p.counts.push_back(counts_[slot(i)]);
    }
    return p;
}

Result<Histogram> Histogram::fromParts(const HistogramParts& p) {
    const auto invalid = [](std::string what) {
        return Error{"histogram refused: " + std::move(what), ErrorKind::Invalid};
    };
    if (p.scale < -10 || p.scale > 20) {
        return invalid("scale " + std::to_string(p.scale) + " is outside -10 to 20");
    }
    if (p.counts.size() > kMaxRestoredBuckets) {
        return invalid(std::to_string(p.counts.size()) + " buckets, at most 65536 are read");
    }
    // The lowest and highest bucket that a double can fall into at this scale.
    const std::int64_t lowest = (std::int64_t{-1075} * (1 << 20)) >> (20 - p.scale);
    const std::int64_t highest = (std::int64_t{1024} * (1 << 20)) >> (20 - p.scale);
    const std::int64_t last = std::int64_t{p.offset} + static_cast<std::int64_t>(p.counts.size());
    if (!p.counts.empty() && (p.offset < lowest || last - 1 > highest)) {
        return invalid("bucket indexes outside the range of a double");
    }
    std::uint64_t total = p.zeroCount;
    for (const std::uint64_t n : p.counts) {
        if (n > kMaxTotal || total > kMaxTotal) {
            return invalid("counts above 2^62");
        }
        total += n;
    }
    Histogram h;
    if (total == 0) {
        return h;
    }
    if (total > kMaxTotal) {
        return invalid("counts above 2^62");
    }
    if (!std::isfinite(p.sum) || !std::isfinite(p.min) || !std::isfinite(p.max) || p.min > p.max) {
        return invalid("sum, min and max must be finite and min at most max");
    }
    h.coarsen(std::max(0, kMaxScale - p.scale));
    const int finer = std::max(0, p.scale - kMaxScale);
    for (std::size_t k = 0; k < p.counts.size(); ++k) {
        if (p.counts[k] > 0) {
            const std::int64_t index = (std::int64_t{p.offset} + static_cast<std::int64_t>(k));
            h.addToBucket(static_cast<std::int32_t>(index >> finer), p.counts[k]);
        }
    }
    h.count_ = total;
    h.zero_ = p.zeroCount;
    h.sum_ = p.sum;
    h.min_ = p.min;
    h.max_ = p.max;
    return h;
}

}  // namespace levee::stats
