// SPDX-License-Identifier: Apache-2.0
// Retries for a service as a whole, so that they cannot multiply an overload: no more than a share
// of the first attempts, and a few a second where there is little traffic.
//
//   retries in the window         <= max(share * first attempts in it, minimum * window)
//   retries in a tenth of it      <= max(2 * share * first attempts in it, minimum * window)
//
// The first line is Finagle's and Linkerd's budget with Envoy's minimum; Kubernetes' Gateway API
// has the same (20 % over 10 s). With that alone, what a calm window has saved may be used at once,
// at the very moment when everything fails: hence the second line.
#pragma once

#include <array>
#include <cstdint>

#include "shared/base/time.h"
#include "shared/model/guard_settings.h"

namespace levee {

/// Confined to one thread. `now` may stand still and jump ahead; one that runs backwards counts as
/// the last.
class RetryBudget {
public:
    explicit RetryBudget(const RetryBudgetSettings& settings);

    /// In process: a first attempt, of which retries are a share.
    void onRequest(MonotonicTime now);
    /// Takes a retry out of the budget; false and counted as refused where there is none left.
    bool tryRetry(MonotonicTime now);

    /// Gateway, each window: first attempts, retries let through, and retries refused.
    void onWindow(std::uint64_t requests, std::uint64_t retries, std::uint64_t refused,
                  MonotonicTime now);
    /// Gateway: the share of the retries that are tried to let through from now on, 0 to 1: what
    /// the budget allows for over what was tried in the last tenth of the window.
    double allowedShare(MonotonicTime now) const;

    /// Retries that were let through, as a share of the first attempts in the window; 0 without
    /// any.
    double share(MonotonicTime now) const;
    std::uint64_t refused() const { return refused_; }  ///< ever
    std::uint64_t granted() const { return granted_; }  ///< ever
    /// Keeps the counts, unless the window has another length.
    void reconfigure(const RetryBudgetSettings& settings);

private:
    static constexpr std::int64_t kSlices = 20;
    static constexpr std::int64_t kTenth = kSlices / 10;
    struct Counts {
        double requests = 0;
        double retries = 0;
        double refused = 0;
    };
    struct Slice {
        std::int64_t number = -1;
        Counts counts;
    };
    std::int64_t sliceOf(MonotonicTime now) const;
    Counts& at(MonotonicTime now);
    /// Of so many full slices and the one that is being filled.
    Counts sums(MonotonicTime now, std::int64_t slices) const;

    RetryBudgetSettings settings_;
    std::array<Slice, kSlices + 1> ring_{};  ///< by slice number; one is being filled
    std::int64_t newest_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t granted_ = 0;
};

}  // namespace levee
