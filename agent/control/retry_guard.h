// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shared/guard/retry_budget.h"
#include "shared/model/guard_settings.h"
#include "shared/model/guard_state.h"
#include "shared/model/request_record.h"

namespace levee {

/// The retry budget of an edge, carried out by the gateway: it may try a share of the calls again,
/// set each 100 ms from what the log tells of first attempts, retries, and failed calls that were
/// not tried again for want of budget. HAProxy 2.6 cannot count its own retries in a rule, so the
/// log is the only place that knows them. Confined to the control thread.
class RetryGuard {
public:
    void configure(const RetryBudgetSettings& settings, GuardMode mode);

    void add(const RequestRecord& record);
    void tick(MonotonicTime now);

    /// Share of the calls that may be tried again; 1 where there is no budget to keep. In shadow
    /// nothing is tried again, and the budget is kept as if each failed call were.
    double share() const { return mode_ == GuardMode::Enforce ? share_ : 1; }
    void addTo(GuardState& state, MonotonicTime now) const;

private:
    bool isActive() const { return budget_.has_value(); }

    RetryBudgetSettings settings_;
    GuardMode mode_ = GuardMode::Enforce;
    std::optional<RetryBudget> budget_;
    std::uint64_t requests_ = 0;
    std::uint64_t retries_ = 0;
    std::uint64_t barred_ = 0;
    std::uint64_t failed_ = 0;
    double share_ = 1;
};

}  // namespace levee
