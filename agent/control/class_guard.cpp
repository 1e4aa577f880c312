// SPDX-License-Identifier: Apache-2.0
#include "agent/control/class_guard.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/model/guard_texts.h"

namespace levee {

void ClassGuard::configure(const PrioritySettings& settings, GuardMode mode) {
    std::vector<std::string> names =
        mode == GuardMode::Off ? std::vector<std::string>() : priorityClassNames(settings);
    if (names == names_ && mode == mode_)
        return;
    mode_ = mode;
    names_ = std::move(names);
    admission_ = names_.empty()
                     ? nullptr
                     : std::make_unique<PriorityAdmission>(static_cast<int>(names_.size()));
    arrivals_ = {};
    admitted_ = refused_ = 0;
}

std::size_t ClassGuard::shedLevel() const {
    return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), shed_) -
                                    names_.begin());
}

std::string ClassGuard::shedProblem() const {
    return shed_.empty() || shedLevel() < names_.size()
               ? std::string()
               : fmt::format("class {} is to be shed, and the rule has {}: nothing is refused",
                             shed_,
                             names_.empty() ? std::string("no classes in force")
                                            : fmt::format("{}", fmt::join(names_, ", ")));
}

void ClassGuard::add(const RequestRecord& record) {
    if (admission_ == nullptr || record.outcome == Outcome::ShedRate)
        return;
    arrivals_[std::min<std::size_t>(record.priority, names_.size() - 1)] += record.weight;
    if (record.outcome == Outcome::ShedLimit)
        refused_ += record.weight;
    else if (record.outcome != Outcome::ShedPriority)
        admitted_ += record.weight;
}

void ClassGuard::tick(Duration elapsed, const GuardDesired& limit, double inFlight, double overhang,
                      MonotonicTime now) {
    if (admission_ == nullptr)
        return;
    if (mode_ == GuardMode::Shadow) {
        refused_ = std::clamp(overhang, 0.0, admitted_);
        admitted_ -= refused_;
    }
    admission_->count(arrivals_);
    AdmissionSample sample;
    sample.length = elapsed;
    sample.admitted = admitted_;
    sample.refused = refused_;
    sample.limit = limit.maxInFlight > 0 ? limit.maxInFlight : kUnknown;
    sample.inFlight = inFlight;
    admission_->onWindow(sample, now);
    arrivals_ = {};
    admitted_ = refused_ = 0;
}

std::vector<DesiredState::ClassAdmission> ClassGuard::admissions(const GuardDesired& limit) const {
    std::vector<DesiredState::ClassAdmission> all;
    for (int level = 0; level < static_cast<int>(names_.size()); ++level) {
        DesiredState::ClassAdmission each;
        if (limit.maxInFlight > 0 && mode_ == GuardMode::Enforce) {
            each.share = admission_->shareOf(level);
            each.queueLimit = admission_->queueBoundOf(level, limit.maxInFlight, limit.queueLimit);
        } else if (limit.maxInFlight > 0) {  // a limit that a person holds
            each.queueLimit = limit.queueLimit;
        }
        if (static_cast<std::size_t>(level) >= shedLevel())
            each.share = 0;
        all.push_back(each);
    }
    return all;
}

std::vector<ClassState> ClassGuard::state() const {
    std::vector<ClassState> states;
    for (std::size_t i = 0; i < names_.size(); ++i)
        states.push_back({names_[i],
                          i >= shedLevel() ? 0 : admission_->shareOf(static_cast<int>(i)),
                          admission_->arrivalRate(static_cast<int>(i))});
    return states;
}

}  // namespace levee
