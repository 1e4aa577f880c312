// SPDX-License-Identifier: Apache-2.0
// The automations of the rules in force, run: each second it is looked whether their conditions
// hold; what they hold is held by the override book, under their name and with an expiry, so that
// everything that is true of what a person holds is true of it; what they tell goes to webhooks.
//
// A person comes first: what one holds is left alone, and what one takes over or clears is not
// taken back before the next firing. Where something else is in the way it is tried again at each
// look while the firing lasts.
//
// After a restart of the agent what the overrides say is taken up again, or ended where the rule is
// gone. Firings that hold nothing, and cooldowns, do not outlive the agent.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/control/automation.h"
#include "agent/control/condition.h"
#include "agent/control/override_book.h"
#include "agent/control/rule_book.h"
#include "shared/model/automation_state.h"
#include "shared/model/event.h"

namespace levee {

/// Since the start of the agent.
struct AutomationCounters {
    std::uint64_t readTrue = 0;  ///< looks, by what was seen
    std::uint64_t readFalse = 0;
    std::uint64_t readAbsent = 0;
    std::uint64_t readFailed = 0;
    std::uint64_t firings = 0;
    std::uint64_t shadowFirings = 0;
    std::uint64_t refusals = 0;  ///< actions that could not be held when they should begin
};

/// setRules(), states() and counters() are thread-safe and wait for nobody; the rest is for one
/// thread, its own once start() was called, which waits for the disk and for the series.
class AutomationBook {
public:
    struct Parts {
        OverrideBook& overrides;
        const TimeSource& time;
        std::function<ConditionReading(const promql::Expression&)> read;
        std::function<void(AutomationNotice)> notify;  ///< never waits
        std::function<void(Event)> announce;
    };

    explicit AutomationBook(Parts parts);
    ~AutomationBook();
    AutomationBook(const AutomationBook&) = delete;
    AutomationBook& operator=(const AutomationBook&) = delete;

    void setRules(std::shared_ptr<const ActiveRules> rules);
    void start();
    void stop();
    /// One look at all of them.
    void look();

    std::vector<AutomationState> states()
        const;  ///< in the order of the rules, as of the last look
    AutomationCounters counters() const;

private:
    struct Effect {
        enum class State { Waiting, InForce, Yielded };
        State state = State::Waiting;
        std::int64_t id = 0;  ///< of the override
        MonotonicTime until{};
        std::string detail;
        bool isTold = false;  ///< that it could not be held
    };
    struct Running {
        Automation rule;
        AutomationClock clock;
        ConditionReading reading;
        std::vector<Effect> effects;  ///< while firing in mode enforce, one for each action
        MonotonicTime firedAt{};
        std::int64_t firings = 0;
    };

    void run();
    void takeRules(const ActiveRules& rules, MonotonicTime now);
    void takeUp(MonotonicTime now);
    void lookAt(Running& running, const std::vector<Override>& held, MonotonicTime now);
    void begin(Running& running, MonotonicTime now);
    void keep(Running& running, const std::vector<Override>& held, MonotonicTime now);
    void end(Running& running, const std::string& why, MonotonicTime now);
    void hold(const Running& running, const AutomationAction& action, Effect& effect,
              MonotonicTime now);
    void release(const Automation& rule, const AutomationAction& action, const Effect& effect,
                 const std::string& why);
    void clearLeftOver();
    void tell(const Running& running, bool isFiring, const std::string& reason);
    void announce(const Running& running, EventSeverity severity, std::string text,
                  std::string counterfactual = {});
    void count(ConditionState state);
    void show(MonotonicTime now);

    const Parts parts_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::shared_ptr<const ActiveRules> next_;  // guarded by mutex_, as the next four
    bool isStopping_ = false;
    std::vector<AutomationState> shown_;
    AutomationCounters counters_;
    std::thread thread_;

    // Of the looking thread.
    std::vector<Running> running_;
    std::vector<OverrideChange> leftOver_;  ///< to be cleared, once the disk lets it
    std::int64_t revision_ = 0;
    bool isTakenUp_ = false;
};

}  // namespace levee
