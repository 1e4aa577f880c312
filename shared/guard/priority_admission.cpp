// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/priority_admission.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "shared/base/random.h"

namespace levee {
namespace {

constexpr double kMemory = 1;  ///< seconds of arrivals behind the cut
constexpr std::uint32_t kFewestPlaces = 8;

std::uint64_t mixed(std::uint64_t value) {
    return Random(value).next();
}

}  // namespace

PriorityAdmission::PriorityAdmission(int levels, std::uint64_t salt)
    : levels_(std::clamp(levels, 1, kMostLevels)), salt_(salt), hashSalt_(mixed(salt)) {
    cut_ = {levels_ - 1, 1};
}

int PriorityAdmission::cohortOf(std::uint64_t keyHash) const {
    return static_cast<int>(mixed(keyHash ^ hashSalt_) % kCohorts);
}

void PriorityAdmission::rotate(std::uint64_t epoch) {
    if (epoch == epoch_) {
        return;
    }
    epoch_ = epoch;
    hashSalt_ = mixed(salt_ ^ mixed(epoch));
    // Who was in which cohort is void; how much each class asks for is not.
    for (Row& row : rows_) {
        row.rates.fill(row.total / kCohorts);
    }
}

bool PriorityAdmission::admits(int level, std::uint64_t keyHash) {
    count(level, keyHash);
    level = clamped(level);
    if (level != cut_.level) {
        return level < cut_.level;
    }
    const double border = cut_.share * kCohorts;
    const int cohort = cohortOf(keyHash);
    if (cohort + 1 <= border) {
        return true;
    }
    if (cohort >= border) {
        return false;
    }
    owed_ += border - cohort;
    if (owed_ < 1) {
        return false;
    }
    owed_ -= 1;
    return true;
}

void PriorityAdmission::count(int level, std::uint64_t keyHash) {
    arrivals_[static_cast<std::size_t>(clamped(level))]
             [static_cast<std::size_t>(cohortOf(keyHash))] += 1;
}

void PriorityAdmission::count(const Arrivals& arrivals) {
    for (int level = 0; level < kMostLevels; ++level) {
        const auto n = static_cast<double>(arrivals[static_cast<std::size_t>(level)]);
        for (double& cohort : arrivals_[static_cast<std::size_t>(clamped(level))]) {
            cohort += n / kCohorts;
        }
    }
}

void PriorityAdmission::onWindow(const AdmissionSample& sample, MonotonicTime now) {
    if (sample.length <= Duration::zero() || (last_ && now <= *last_)) {
        return;
    }
    // What was counted is of the time since the last window, if windows were lost in between.
    learn(toSeconds(last_ ? now - *last_ : sample.length));
    last_ = now;
    admissible_.onWindow(sample, now);
    if (levels_ == 1) {
        return;
    }
    const double rate = admissible_.perSecond();
    const PriorityCut wanted = cutAt(rate);
    const PriorityCut open{levels_ - 1, 1};
    // Small moves are noise: they would let users in and out by turns.
    const double off = std::abs(massBelow(cut_) - rate);
    if (wanted != open && cut_ != open && off < rate * admissible_.excess() / 2) {
        return;
    }
    cut_ = wanted;
}

/// A mean over the last second; where a class's arrivals depart from it by more than chance, the
/// new window alone.
void PriorityAdmission::learn(double seconds) {
    const double keep = std::exp(-seconds / kMemory);
    for (std::size_t level = 0; level < rows_.size(); ++level) {
        Row& row = rows_[level];
        std::array<double, kCohorts>& arrived = arrivals_[level];
        const double n = std::accumulate(arrived.begin(), arrived.end(), 0.0);
        const double expected = row.total * seconds;
        const bool isNew = std::abs(n - expected) > 4 * std::sqrt(std::max(1.0, expected));
        const double before = isNew ? 0 : row.seconds * keep;
        row.seconds = before + seconds;
        row.total = (row.total * before + n) / row.seconds;
        for (std::size_t c = 0; c < arrived.size(); ++c) {
            row.rates[c] = (row.rates[c] * before + arrived[c]) / row.seconds;
        }
        arrived.fill(0);
    }
}

PriorityCut PriorityAdmission::cutAt(double rate) const {
    double left = rate;
    for (int level = 0; level < levels_; ++level) {
        const Row& row = rows_[static_cast<std::size_t>(level)];
        if (row.total <= left) {
            left -= row.total;
            continue;
        }
        int cohort = 0;
        while (cohort < kCohorts - 1 && row.rates[static_cast<std::size_t>(cohort)] <= left) {
            left -= row.rates[static_cast<std::size_t>(cohort)];
            ++cohort;
        }
        const double at = row.rates[static_cast<std::size_t>(cohort)];
        const double part = at > 0 ? std::min(1.0, left / at) : 1;
        return {level, (cohort + part) / kCohorts};
    }
    return {levels_ - 1, 1};
}

double PriorityAdmission::massBelow(const PriorityCut& cut) const {
    double mass = 0;
    for (int level = 0; level < cut.level; ++level) {
        mass += rows_[static_cast<std::size_t>(level)].total;
    }
    const Row& row = rows_[static_cast<std::size_t>(cut.level)];
    const double border = cut.share * kCohorts;
    for (int c = 0; c < border; ++c) {
        mass += row.rates[static_cast<std::size_t>(c)] * std::min(1.0, border - c);
    }
    return mass;
}

double PriorityAdmission::arrivalRate(int level) const {
    return rows_[static_cast<std::size_t>(clamped(level))].total;
}

std::uint32_t PriorityAdmission::classesBelow(int level) const {
    std::uint32_t below = 0;
    for (int other = clamped(level) + 1; other <= cut_.level; ++other) {
        below += arrivalRate(other) > 0 ? 1 : 0;
    }
    return below;
}

std::uint32_t PriorityAdmission::queueBoundOf(int level, std::uint32_t limit,
                                              std::uint32_t queueLimit) const {
    return queueLimit + classesBelow(level) * std::max(limit, kFewestPlaces);
}

std::uint32_t PriorityAdmission::slotsOf(int level, std::uint32_t limit) const {
    const double strays = std::ceil(1.5 * std::sqrt(limit));
    return limit + classesBelow(level) * static_cast<std::uint32_t>(strays);
}

}  // namespace levee
