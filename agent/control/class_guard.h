// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/enforce/enforcer.h"
#include "shared/guard/guard.h"
#include "shared/guard/priority_admission.h"
#include "shared/model/guard_settings.h"
#include "shared/model/guard_state.h"
#include "shared/model/request_record.h"

namespace levee {

/// The classes of a listener's requests: how much of each is let through to the limit, and how many
/// may wait when one of it comes. Confined to the control thread.
class ClassGuard {
public:
    /// In shadow each class's share is worked out and all pass, but for one that a person sheds.
    void configure(const PrioritySettings& settings, GuardMode mode);

    /// Refuses the class of that name and all below it, whatever the limit is; "": no more. A name
    /// that the rule does not have refuses nothing until it has.
    void shed(std::string className) { shed_ = std::move(className); }
    /// "": nothing is shed, or the class is there.
    std::string shedProblem() const;

    void add(const RequestRecord& record);
    /// The end of a window of `elapsed` in which `limit` was in force, or would have been in mode
    /// enforce; `overhang`: requests that it would have refused, in shadow.
    void tick(Duration elapsed, const GuardDesired& limit, double inFlight, double overhang,
              MonotonicTime now);

    /// By class; empty: there are none.
    std::vector<DesiredState::ClassAdmission> admissions(const GuardDesired& limit) const;
    std::vector<ClassState> state() const;

private:
    /// Of the class that is shed; as many as there are classes: none is.
    std::size_t shedLevel() const;

    GuardMode mode_ = GuardMode::Enforce;
    std::vector<std::string> names_;
    std::string shed_;
    std::unique_ptr<PriorityAdmission> admission_;
    PriorityAdmission::Arrivals arrivals_{};
    double admitted_ = 0;
    double refused_ = 0;
};

}  // namespace levee
