// SPDX-License-Identifier: Apache-2.0
// Takes single instances of a service out when they are worse than the others, and lets them back
// in gradually. It sees every call with the instance that got it, and says which share of the calls
// each instance shall get, of what it would get were all well.
//
// Out goes
// - at once, who fails `consecutiveFailures` calls in a row (in its ramp, three);
// - at the end of a window, of those with `minimumCalls` in it, who is worse than the others, by
// the
//   share of good calls or by the median latency (outlier.h).
//
// Never too many: at most `maxEjectedShare` of the instances, but one in a group of two or more,
// and never more than half. One counts as out until half of its share is back. Where no more may
// go, the worst of a window goes first and the rest stays in, which is told once. And where every
// instance that is in is bad (its failures in a row are at the limit, or half of at least
// `minimumCalls` calls failed), ejecting helps nobody: all come back in, and none goes until one of
// them has more good calls than bad ones in a window.
//
// Back: after `ejectFor` times the ejections so far, at most `maxEjectFor`, with 10 % of chance in
// it, the share rises from 10 % to all within `ramp`. The count falls by one for each `ejectFor`
// that an instance was in and well. Results of calls that began before it came back are ignored.
//
// An instance with fewer than `minimumCalls` in each window is judged by its failures in a row
// alone; a longer window helps.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/random.h"
#include "shared/guard/call_result.h"
#include "shared/guard/guard_event.h"
#include "shared/guard/outlier.h"
#include "shared/model/guard_settings.h"

namespace levee {

/// An instance and the share of calls it shall get, of what it would get were all well. A value.
struct InstanceShare {
    std::string instance;
    double share = 1;

    bool operator==(const InstanceShare&) const = default;
};

/// The instances of one service behind one edge. Confined to one thread. `now` must not run
/// backwards. Memory: about 3 kB for each instance, at most kMostInstances of them.
class Ejection {
public:
    static constexpr std::size_t kMostInstances = 1'000;

    Ejection(const EjectionSettings& settings, std::uint64_t seed, MonotonicTime now);

    /// One that is known keeps its state. False, and counted: there are kMostInstances already.
    bool add(const std::string& instance, MonotonicTime now);
    /// Forgets it; the others keep their state, but one may have to come back in.
    void remove(std::string_view instance, MonotonicTime now);
    std::uint64_t refused() const { return refused_; }  ///< calls of add that were

    /// Calls of unknown instances are ignored.
    void onResult(std::string_view instance, const CallResult& result, MonotonicTime startedAt,
                  MonotonicTime now);
    /// Does what the time demands. Call it often: each 100 ms.
    void onTick(MonotonicTime now);
    /// Takes other settings and keeps state and counts; switched off, all come back in.
    void reconfigure(const EjectionSettings& settings, MonotonicTime now);

    std::vector<InstanceShare> shares() const;                      ///< those below 1, by name
    std::vector<InstanceState> instances(MonotonicTime now) const;  ///< by name
    bool isGroupBad() const { return isGroupBad_; }                 ///< every one is: nobody is out
    /// What happened since the last call, oldest first.
    std::vector<GuardEvent> takeEvents() { return std::exchange(events_, {}); }

private:
    struct Instance {
        InstanceStatus status = InstanceStatus::In;
        double share = 1;
        MonotonicTime until{};                  ///< end of Ejected
        MonotonicTime since{};                  ///< of status, and of being well
        std::optional<MonotonicTime> backAt{};  ///< when calls came again
        int ejections = 0;
        std::string reason{};
        double goodShare = kUnknown;
        double median = kUnknown;

        std::uint32_t inARow = 0;  ///< failures
        InstanceWindow window{};
    };
    using Instances = std::map<std::string, Instance, std::less<>>;
    using Entry = Instances::value_type;

    std::size_t mostOut() const;
    std::size_t countOut() const;
    bool isBad(const Instance& instance) const;
    bool isEveryOneBad() const;
    std::uint32_t inARowLimit(const Instance& instance) const;

    void judge(MonotonicTime now);
    void review(MonotonicTime now);
    /// Ejects it, or says why not.
    void consider(Entry& entry, std::string text, Decision why, MonotonicTime now);
    void eject(Entry& entry, std::string text, Decision why, MonotonicTime now);
    void keepIn(const Entry& entry, const std::string& text, Decision why, MonotonicTime now);
    void giveUp(MonotonicTime now);
    void letIn(Instance& instance, MonotonicTime now);
    void letInWhoIsTooMany(MonotonicTime now);
    void advance(Entry& entry, MonotonicTime now);
    void report(EventSeverity severity, std::string text, Decision why = {});

    EjectionSettings settings_;
    Random random_;
    Instances instances_;
    MonotonicTime windowEnd_;
    bool isGroupBad_ = false;
    std::optional<MonotonicTime> keptInToldAt_;
    std::uint64_t refused_ = 0;
    std::vector<GuardEvent> events_;
};

}  // namespace levee
