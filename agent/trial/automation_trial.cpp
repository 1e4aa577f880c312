// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/automation_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agent/control/automation.h"
#include "agent/control/condition.h"
#include "shared/base/suggestion.h"
#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee::trial {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLook = 1s;  // as often as the agent

std::string listed(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    return fmt::format("[{}]", fmt::join(words, ", "));
}

class Trial {
public:
    Trial(const AutomationTest& test, const RuleSet& rules) : test_(test) {
        for (const Automation& rule : rules.automations) {
            names_.push_back(rule.name);
            if (rule.mode != GuardMode::Off &&
                (test.automation.empty() || test.automation == rule.name))
                all_.push_back({rule, AutomationClock(rule), {}});
        }
        result_.name = test.name;
        result_.place = test.place;
        result_.subject = test.automation;
    }

    TrialResult run() {
        std::vector<const AutomationExpectation*> order;
        for (const AutomationExpectation& each : test_.expect)
            order.push_back(&each);
        std::stable_sort(order.begin(), order.end(),
                         [](const auto* a, const auto* b) { return a->at < b->at; });
        Duration next{};
        for (const AutomationExpectation* expectation : order) {
            for (; next <= expectation->at; next += kLook)
                look(next);
            judge(*expectation);
        }
        return std::move(result_);
    }

private:
    struct Running {
        const Automation& rule;
        AutomationClock clock;
        ConditionReading reading;

        bool isFiring() const { return clock.phase() == AutomationPhase::Firing; }
    };

    void look(Duration at) {
        const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(at).count();
        for (Running& each : all_) {
            each.reading = readCondition(*each.rule.condition, test_.series, millis);
            const auto moved = each.clock.look(each.reading.state, MonotonicTime(1h) + at);
            if (!moved)
                continue;
            Event event;
            event.kind = EventKind::Automation;
            event.millis = millis;
            event.subject = each.rule.name;
            event.text = fmt::format("{} {}: {}", each.rule.name,
                                     *moved == AutomationEvent::HeldForLong ? "fired"
                                     : *moved == AutomationEvent::TimeIsUp
                                         ? "ended, its time was up"
                                         : "ended, its condition does not hold",
                                     words(each.reading));
            result_.events.push_back(std::move(event));
        }
    }

    static std::string words(const ConditionReading& reading) {
        if (reading.state == ConditionState::Absent || reading.state == ConditionState::Failed)
            return reading.detail;
        return std::isnan(reading.value) && reading.state != ConditionState::True
                   ? std::string("it does not hold")
                   : describe(reading);
    }

    void judge(const AutomationExpectation& expectation) {
        std::vector<std::string> firing;
        std::vector<std::string> inForce;
        for (const Running& each : all_) {
            if (!each.isFiring())
                continue;
            firing.push_back(each.rule.name);
            for (const AutomationAction& action : each.rule.actions)
                inForce.push_back(describe(action));
        }
        if (expectation.firing)
            judge(expectation, "firing", *expectation.firing, firing);
        if (expectation.inForce)
            judge(expectation, "in force", *expectation.inForce, inForce);
    }

    void judge(const AutomationExpectation& expectation, const char* what,
               const std::vector<std::string>& wanted, const std::vector<std::string>& is) {
        Verdict verdict;
        verdict.expected =
            fmt::format("{} {} at {}", what, listed(wanted), formatDuration(expectation.at));
        verdict.place = expectation.place;
        verdict.isMet = listed(wanted) == listed(is);
        verdict.seen = fmt::format("{} {}", what, listed(is));
        for (const Running& each : all_)
            verdict.seen += fmt::format("; {} was {}, {}", each.rule.name, name(each.clock.phase()),
                                        words(each.reading));
        if (all_.empty())
            verdict.seen += "; " + nobody();
        result_.verdicts.push_back(std::move(verdict));
    }

    std::string nobody() const {
        if (std::find(names_.begin(), names_.end(), test_.automation) != names_.end())
            return test_.automation + " is off";
        const std::string near = nearestWord(test_.automation, names_);
        return fmt::format("no automation{}{} in these files{}",
                           test_.automation.empty() ? "" : " ", test_.automation,
                           near.empty() ? "" : ", is " + near + " meant?");
    }

    const AutomationTest& test_;
    std::vector<std::string> names_;
    std::vector<Running> all_;
    TrialResult result_;
};

}  // namespace

TrialResult runTrial(const AutomationTest& test, const RuleSet& rules) {
    return Trial(test, rules).run();
}

}  // namespace levee::trial
