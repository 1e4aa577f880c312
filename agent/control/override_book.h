// SPDX-License-Identifier: Apache-2.0
// What people, and automations, hold over the rules, and the only way to do so: checked, stored
// with its audit entry, announced, ended. A person takes the place of an automation without asking;
// an automation takes nobody's.
//
// The guard itself lets go when the time is over (it is told until when, on the monotonic clock),
// so neither a slow disk nor this book can make a hold outlive its expiry. The book ends it on disk
// and in the audit, and warns five minutes and one minute before.
//
// After a restart of the agent what is left is the least of
//   - what was left when it was last saved (each second while something is held), and
//   - the rest by the boot clock, where the host was not booted since: it counts on while no agent
//     runs, and nobody can set it; after a boot, the rest by the wall clock in its place.
// So no restart and no jump of the wall clock lets a hold outlive its expiry; a wall clock that
// jumped ahead over a boot may end it early, which is the safe side.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/control/override_request.h"
#include "agent/runtime/boot_time.h"
#include "agent/store/rule_store.h"
#include "shared/base/time.h"
#include "shared/model/event.h"
#include "shared/model/guard_state.h"

namespace levee {

/// An override and when it ends.
struct ActiveOverride {
    Override value;
    MonotonicTime until;
};
using ActiveOverrides = std::vector<ActiveOverride>;  ///< by subject

/// Whose time changes, or ends. id 0: whichever holds the subject.
struct OverrideChange {
    std::string subject;
    std::int64_t id = 0;
    Duration ttl{};  ///< extend: from now; zero: the default
    std::string author;
    std::string reason;
    bool byAutomation = false;  ///< clear: only where the author holds it
};

/// Thread-safe; calls wait for the disk, so not for the control thread.
class OverrideBook {
public:
    struct Parts {
        RuleStore& store;
        const TimeSource& time;
        std::function<BootTime()> bootTime;
        /// The guards as they were last published.
        std::function<std::vector<GuardState>()> guards;
        /// The file on disk that a rule stands in, or "".
        std::function<std::string(const std::string& rule)> fileOf;
        /// Each new set; inside the lock that orders them.
        std::function<void(std::shared_ptr<const ActiveOverrides>)> enforce;
        std::function<void(Event)> announce;
    };

    OverrideBook(Parts parts, OverrideConfig config);
    ~OverrideBook();
    OverrideBook(const OverrideBook&) = delete;
    OverrideBook& operator=(const OverrideBook&) = delete;

    /// Holds again what was held when the agent ended and is not over. Once, before start().
    Status load();
    /// A thread that calls onTick() while something is held.
    void start();
    void stop();
    void configure(const OverrideConfig& config);
    OverrideConfig config() const;

    Result<Override> set(const OverrideRequest& request);
    Result<Override> extend(const OverrideChange& change);
    Result<Override> clear(const OverrideChange& change);
    std::vector<Override> list() const;

    /// Warns, ends, and saves what is left. What cannot be written is tried again the next time.
    void onTick();

private:
    struct Held {
        StoredOverride stored;
        MonotonicTime until;
        bool isWarnedOf5 = false;
        bool isWarnedOf1 = false;
        bool isOver = false;  ///< ended, but not yet on disk
    };

    void run();
    Status makeRoom(const OverrideRequest& request, std::string& replaced);
    Held hold(Override value, Duration ttl) const;
    Result<Held*> find(const OverrideChange& change);
    std::int64_t remainingMillis(const StoredOverride& stored) const;
    Override shown(const Held& held, MonotonicTime now) const;
    void publish();
    void warn(Held& held, MonotonicTime now);
    bool end(Held& held);
    void announce(EventSeverity severity, const Held& held, std::string text);

    const Parts parts_;
    mutable std::mutex mutex_;
    OverrideConfig config_;
    std::vector<Held> held_;  ///< by subject
    std::condition_variable wake_;
    bool isStopping_ = false;
    std::thread thread_;
};

}  // namespace levee
