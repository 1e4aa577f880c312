// SPDX-License-Identifier: Apache-2.0
// A limiter at work inside one process: permits, behind the admission by priority if there is one.
#pragma once

#include <memory>
#include <optional>

#include "shared/guard/permit.h"
#include "shared/guard/priority_admission.h"

namespace levee::simulator {

/// Confined to one thread.
class ProcessLimiter {
public:
    /// `levels`: of the priorities; 0: they are not looked at. REQUIRES: a limit for immediate
    /// effect.
    ProcessLimiter(std::unique_ptr<Limit> limit, int levels, MonotonicTime now, std::uint64_t seed);

    /// None: refused.
    std::optional<Permit> admit(int level, std::uint64_t userHash, MonotonicTime now);
    double limit() const { return permits_.limit(); }
    /// Each 100 ms.
    void onTick(MonotonicTime now);

private:
    PermitLimiter permits_;
    std::optional<PriorityAdmission> admission_;
    AdmissionSample window_;
    double arrivals_ = 0;  ///< in this window, past the admission
    double inFlight_ = 0;  ///< that they found, summed
    MonotonicTime tickedAt_;
};

}  // namespace levee::simulator
