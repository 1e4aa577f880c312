// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/fair_share.h"

#include <algorithm>
#include <cmath>

#include "shared/base/random.h"

namespace levee {
namespace {

constexpr double kMemory = 1;                  ///< seconds of demand
constexpr double kSaved = 0.5;                 ///< seconds of the fair rate that a key may save up
constexpr double kSingleDemand = 1 / kMemory;  ///< of a key that made one request

/// A mean over the last second, to which the window contributes `share`; where its requests depart
/// from the mean by more than chance and small bursts, the window alone.
double followed(double demand, double asked, double seconds, double share) {
    const double expected = demand * seconds;
    const bool isNew = std::abs(asked - expected) > 3 * std::sqrt(expected + 4);
    return demand + (isNew ? 1 : share) * (asked / seconds - demand);
}

}  // namespace

FairShare::FairShare(std::uint64_t salt)
    : salt_(Random(salt).next()), table_(std::make_unique<Table>()) {}

FairShare::Set& FairShare::setOf(std::uint64_t hash) const {
    return (*table_)[Random(hash ^ salt_).next() % kSets];
}

const FairShare::Key* FairShare::find(std::uint64_t keyHash) const {
    const Set& set = setOf(keyHash);
    const auto it = std::find_if(set.begin(), set.end(),
                                 [&](const Key& key) { return key.isUsed && key.hash == keyHash; });
    return it != set.end() ? &*it : nullptr;
}

/// The key's entry; a new key takes the place of the least one of its set.
FairShare::Key& FairShare::place(std::uint64_t keyHash) {
    const auto weight = [](const Key& key) {
        return key.isUsed ? key.demand + key.inherited + key.asked / kMemory : -1;
    };
    Set& set = setOf(keyHash);
    Key* least = &set.front();
    double leastWeight = weight(*least);
    for (Key& key : set) {
        if (key.isUsed && key.hash == keyHash) {
            return key;
        }
        if (const double w = weight(key); w < leastWeight) {
            least = &key;
            leastWeight = w;
        }
    }
    displaced_ += least->asked;
    unknownDemand_ += least->demand;
    *least = Key{};
    least->hash = keyHash;
    least->inherited = static_cast<float>(std::max(0.0, leastWeight));
    least->isUsed = true;
    // As much as it is due in the time that the table remembers; a fraction of a request becomes a
    // request for every so many new keys.
    owed_ += std::min(1.0, fairRate_ * kMemory);
    if (owed_ >= 1) {
        owed_ -= 1;
        least->tokens = static_cast<float>(burst());
    }
    return *least;
}

double FairShare::burst() const {
    return std::clamp(fairRate_ * kSaved, 1.0, 1e9);
}

void FairShare::fillUp(Key& key, MonotonicTime now) const {
    const double due = now > key.filled ? fairRate_ * toSeconds(now - key.filled) : 0;
    key.tokens = static_cast<float>(std::min(burst(), key.tokens + due));
    key.filled = now;
}

void FairShare::count(std::uint64_t keyHash) {
    ++place(keyHash).asked;
}

bool FairShare::admits(std::uint64_t keyHash, MonotonicTime now) {
    Key& key = place(keyHash);
    const bool isNew = key.filled == MonotonicTime{};
    ++key.asked;
    if (isNew) {
        key.filled = now;
    }
    if (fairRate_ == kUnlimited) {
        return true;
    }
    fillUp(key, now);
    if (key.tokens < 1) {
        return false;
    }
    key.tokens -= 1;
    return true;
}

void FairShare::onWindow(double total, MonotonicTime now) {
    if (last_ && now <= *last_) {
        return;
    }
    if (!last_) {  // how long the first window was is not known
        last_ = now;
        table_->fill({});
        return;
    }
    learn(toSeconds(now - *last_));
    last_ = now;
    const double before = fairRate_;
    fairRate_ = total >= 0 ? waterLevel(total) : kUnlimited;
    if (before == kUnlimited && fairRate_ < kUnlimited) {
        for (Set& set : *table_) {
            for (Key& key : set) {
                key.tokens = static_cast<float>(burst());
                key.filled = now;
            }
        }
    }
}

void FairShare::learn(double seconds) {
    const double keep = std::exp(-seconds / kMemory);
    observed_ = observed_ * keep + seconds;
    const double share = seconds / observed_;
    for (Set& set : *table_) {
        for (Key& key : set) {
            key.demand = followed(key.demand, key.asked, seconds, share);
            key.inherited *= static_cast<float>(keep);
            key.asked = 0;
        }
    }
    unknownDemand_ = followed(unknownDemand_, displaced_, seconds, share);
    displaced_ = 0;
}

/// From below: what the keys under the level leave over raises it for the others, until nothing is
/// left over.
double FairShare::waterLevel(double total) const {
    const double singles = unknownDemand_ / kSingleDemand;
    double level = 0;
    double satisfied = -1;
    while (true) {
        double served = kSingleDemand <= level ? unknownDemand_ : 0;
        double above = kSingleDemand <= level ? 0 : singles;
        for (const Set& set : *table_) {
            for (const Key& key : set) {
                (key.demand <= level ? served : above) += key.demand <= level ? key.demand : 1;
            }
        }
        if (!(above > 0)) {
            return kUnlimited;
        }
        if (served <= satisfied) {
            return level;
        }
        satisfied = served;
        level = std::max(level, (total - served) / above);
    }
}

double FairShare::demandOf(std::uint64_t keyHash) const {
    const Key* key = find(keyHash);
    return key != nullptr ? key->demand : 0;
}

double FairShare::limitOf(std::uint64_t keyHash) const {
    return demandOf(keyHash) > fairRate_ ? fairRate_ : kUnlimited;
}

}  // namespace levee
