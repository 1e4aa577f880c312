// SPDX-License-Identifier: Apache-2.0
// Which requests are let through to a limiter that cannot take all of them: the important classes
// first, and inside the last class that is let through always the same users, so that some are
// served well instead of all of them badly.
//
// The order of admission is (class, cohort): a user belongs to one of 128 cohorts of a class by a
// hash of its key. A *cut* through this order is placed by prefix sums over the arrivals of the
// last second, so that what passes adds up to what the limiter can admit (admissible_rate.h). This
// is DAGOR's order and histogram (arXiv 1806.04075), but the cut is computed from a measured rate
// instead of being stepped by 1 % a second: it is right in the window after the load has changed.
//
// A little more passes than the limiter takes (admissible_rate.h says why). The limiter has to
// refuse the surplus from the lowest class that passes. At a gateway: let the queue in front of it
// be ordered by class (HAProxy: set-priority-class) and bounded by queueBoundOf(). In a process,
// where nobody waits for a slot: give each class slotsOf().
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "shared/guard/admissible_rate.h"

namespace levee {

/// What passes: the classes above `level`, the cohorts below `share` of it, and nothing below it.
struct PriorityCut {
    int level = 0;     ///< 0 is the most important
    double share = 1;  ///< [0, 1]

    double shareOf(int other) const { return other < level ? 1 : other > level ? 0 : share; }
    bool operator==(const PriorityCut&) const = default;
};

/// Confined to one thread. Fixed memory: 16 classes * 128 cohorts * 16 bytes.
class PriorityAdmission {
public:
    static constexpr int kMostLevels = 16;
    static constexpr int kCohorts = 128;
    /// Arrivals of a window by class.
    using Arrivals = std::array<std::uint64_t, kMostLevels>;

    /// `levels`: 1 to kMostLevels, other values are clamped; with 1 everything passes. Agents with
    /// the same salt and epoch shed the same users.
    explicit PriorityAdmission(int levels, std::uint64_t salt = 0);

    /// In process: counts the request and says whether it passes. A level out of range counts as
    /// the least important one: nobody gains by inventing classes. A request without a user: pass a
    /// hash of the request, so that it falls into any cohort. In the cohort that the cut goes
    /// through every so many requests pass as its share asks for.
    bool admits(int level, std::uint64_t keyHash);
    /// Counts only: where another place carries the cut out.
    void count(int level, std::uint64_t keyHash);
    /// Gateway: counts without keys, evenly over the cohorts.
    void count(const Arrivals& arrivals);

    /// At the end of each window, usually 100 ms, of which count() was told the arrivals: moves the
    /// cut. See AdmissibleRate for odd windows.
    void onWindow(const AdmissionSample& sample, MonotonicTime now);

    /// Changes which users are in which cohort, so that nobody is shed for ever; for example the
    /// hours since 1970, on all hosts alike. The same epoch again changes nothing.
    void rotate(std::uint64_t epoch);

    const PriorityCut& cut() const { return cut_; }
    /// Share of a class that passes, 0 to 1: for a gateway's map.
    double shareOf(int level) const { return cut_.shareOf(clamped(level)); }
    /// How many may wait for a slot when a request of this class arrives. The lowest class that
    /// passes has the limiter's own bound, so the surplus is refused there; the others may find as
    /// many more as there are slots and, the queue being ordered, wait for their own kind only.
    std::uint32_t queueBoundOf(int level, std::uint32_t limit, std::uint32_t queueLimit) const;
    /// For a limiter without a queue: a request of this class gets a slot while fewer than so many
    /// are held. The limit for the lowest class that passes; the others may go beyond it by three
    /// halves of its root, which is how far the number in service strays, for each class below.
    std::uint32_t slotsOf(int level, std::uint32_t limit) const;
    int cohortOf(std::uint64_t keyHash) const;
    int levels() const { return levels_; }
    /// Arrivals per second of a class, of late.
    double arrivalRate(int level) const;
    const AdmissibleRate& admissible() const { return admissible_; }

private:
    /// A class's arrivals per second by cohort, and the time behind them in seconds.
    struct Row {
        std::array<double, kCohorts> rates{};
        double seconds = 0;
        double total = 0;
    };

    int clamped(int level) const { return level < 0 || level >= levels_ ? levels_ - 1 : level; }
    void learn(double seconds);
    PriorityCut cutAt(double rate) const;
    double massBelow(const PriorityCut& cut) const;
    /// Classes less important than this one that pass and have arrivals.
    std::uint32_t classesBelow(int level) const;

    int levels_;
    std::uint64_t salt_;
    std::uint64_t epoch_ = 0;
    std::uint64_t hashSalt_;
    AdmissibleRate admissible_;
    PriorityCut cut_;
    double owed_ = 0;  ///< share of a request that the cohort at the cut has coming to it
    std::array<Row, kMostLevels> rows_{};
    std::array<std::array<double, kCohorts>, kMostLevels> arrivals_{};  ///< since the last window
    std::optional<MonotonicTime> last_;
};

}  // namespace levee
