// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dashboard/client/fleet_view.h"

namespace levee {

/// One second of one subject.
struct SeriesSample {
    std::int64_t millis = 0;
    float requestRate = 0;
    float errorRate = 0;
    float shedRate = 0;
    float p50 = 0;  ///< seconds; NaN unknown, as in Traffic
    float p95 = 0;
    float p99 = 0;
};

/// The last 15 minutes of every node and edge in one-second steps, for sparklines and charts.
///
/// Memory: a second is kept in 16 bytes, each value to 0.2 %, which is less than a pixel of a
/// chart, and a full ring is 900 of them. The first kFullRings subjects get one; further ones keep
/// a minute until they are watched, so 25,000 subjects cost about 40 MB and not 360. Times are
/// whole seconds. Not thread-safe; GUI thread only.
class SeriesStore {
public:
    static constexpr std::size_t kFullSamples = 900;
    static constexpr std::size_t kShortSamples = 60;
    static constexpr std::size_t kFullRings = 1'000;

    /// Takes this second of everything in the fleet; a second that was seen already is replaced.
    /// Subjects that are gone for 15 minutes are forgotten.
    void record(const FleetView& fleet);
    /// Gives the subject a full ring from now on.
    void watch(const std::string& subject);
    /// Adds older samples out of the agent's history in front of what was recorded.
    void backfill(const std::string& subject, const std::vector<SeriesPoint>& points);

    /// Oldest first; empty when nothing is known.
    std::vector<SeriesSample> samples(const std::string& subject) const;
    /// The newest `count` request rates for a sparkline, oldest first; seconds without a sample are
    /// NaN.
    std::vector<double> recentRates(const std::string& subject, std::size_t count,
                                    std::int64_t untilMillis) const;
    std::size_t subjects() const { return rings_.size(); }

private:
    /// The upper half of a float that is not negative: 8 bits of exponent and 8 of mantissa.
    class Half {
    public:
        Half() = default;
        explicit Half(double value);
        explicit operator float() const;

    private:
        std::uint16_t bits_ = 0;
    };
    struct Second {
        std::uint32_t second = 0;  ///< since 1970
        Half requestRate, errorRate, shedRate, p50, p95, p99;
    };
    struct Ring {
        std::vector<Second> seconds;  ///< grows up to `capacity`, then wraps
        std::size_t capacity = kShortSamples;
        std::size_t oldest = 0;

        const Second& at(std::size_t i) const { return seconds[(oldest + i) % seconds.size()]; }
        Second& newest() { return oldest == 0 ? seconds.back() : seconds[oldest - 1]; }
    };

    using Entry = std::pair<const std::string, Ring>;

    Entry& entryOf(const std::string& subject);
    static void put(Ring& ring, const Traffic& traffic, std::int64_t millis);
    static Second makeSecond(const Traffic& traffic, std::int64_t millis);
    static void push(Ring& ring, const Second& second);
    static void widen(Ring& ring, std::vector<Second> ordered);
    static std::vector<Second> ordered(const Ring& ring);
    void forgetTheGone(std::int64_t nowMillis);

    std::unordered_map<std::string, Ring> rings_;
    /// Where the last picture's nodes and edges are kept, in its order: the next one has nearly
    /// always the same, and 25,000 names need not be put together and looked up each second.
    std::vector<Entry*> nodes_;
    std::vector<Entry*> edges_;
    std::size_t fullRings_ = 0;
    std::int64_t forgotAtMillis_ = 0;
};

}  // namespace levee
