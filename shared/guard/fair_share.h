// SPDX-License-Identifier: Apache-2.0
// Fairness between the keys of requests (callers, users, tenants) when not all of them can be
// admitted: max-min fairness. Each key may have up to the *fair rate* w; who asks for less is
// served in full, and what is left over goes to the others:
//
//   sum over the keys of min(demand, w) = total       (water-filling; Bertsekas and Gallager 1992)
//
// Demand is counted in a table of 4,096 keys, in sets of 8 by hash (Space-Saving, Metwally, Agrawal
// and El Abbadi 2005, in each set): a new key takes the place of the least one of its set. A key
// that makes more than an eighth of the requests that fall into its set, about 1/4,096 of all, is
// never displaced; what is known of a key is at most what it asked for, so a small key is never
// taken for a heavy one, and at least that less what its place held when it came in. Keys beyond
// the table count as if each had made one request: a flood of made-up keys gets what such keys
// deserve, and it costs no memory and no more time than other requests. Keys that mean nothing
// cannot be shared out fairly; a caller that can make up identities gets more than its share.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "shared/base/time.h"

namespace levee {

/// Confined to one thread. Memory: 4,096 keys of 40 bytes, 160 KiB, whatever the traffic.
class FairShare {
public:
    static constexpr double kUnlimited = std::numeric_limits<double>::infinity();
    static constexpr std::size_t kWays = 8;
    static constexpr std::size_t kSets = 512;

    /// `salt`: a secret, so that nobody can choose keys that share a set.
    explicit FairShare(std::uint64_t salt);

    /// In process: counts the request and says whether it is within its key's share. A key may save
    /// up what it is due in half a second, one request at least. `now` never runs backwards.
    bool admits(std::uint64_t keyHash, MonotonicTime now);
    /// Counts only: where another place carries the limits out.
    void count(std::uint64_t keyHash);

    /// At the end of each window, usually 100 ms: `total` requests per second may be admitted
    /// (AdmissibleRate); kUnlimited, NaN or less than 0: no limit. The first call starts the first
    /// window; one that is not later than the last is ignored.
    void onWindow(double total, MonotonicTime now);

    /// Requests per second that any key may have; kUnlimited while all fit in.
    double fairRate() const { return fairRate_; }
    /// Requests per second that the key asks for, of late; 0 where it is not known.
    double demandOf(std::uint64_t keyHash) const;
    /// For a gateway: fairRate() for a key that asks for more, else kUnlimited.
    double limitOf(std::uint64_t keyHash) const;

private:
    struct Key {
        std::uint64_t hash = 0;
        MonotonicTime filled{};
        double demand = 0;        ///< requests per second
        float inherited = 0;      ///< requests per second of those whose place it took
        float tokens = 0;         ///< requests that it may make now
        std::uint32_t asked = 0;  ///< in this window
        bool isUsed = false;
    };
    using Set = std::array<Key, kWays>;
    using Table = std::array<Set, kSets>;
    static_assert(sizeof(Table) == 160 * 1024);

    Set& setOf(std::uint64_t hash) const;
    const Key* find(std::uint64_t keyHash) const;
    Key& place(std::uint64_t keyHash);
    void fillUp(Key& key, MonotonicTime now) const;
    double burst() const;
    void learn(double seconds);
    double waterLevel(double total) const;

    std::uint64_t salt_;
    std::unique_ptr<Table> table_;
    double fairRate_ = kUnlimited;
    double observed_ = 0;       ///< seconds behind the demands, older ones counting less
    double unknownDemand_ = 0;  ///< requests per second of keys that have lost their place
    double displaced_ = 0;      ///< requests of such keys in this window
    double owed_ = 0;           ///< share of a request that new keys have coming to them
    std::optional<MonotonicTime> last_;
};

}  // namespace levee
