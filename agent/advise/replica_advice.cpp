// SPDX-License-Identifier: Apache-2.0
#include "agent/advise/replica_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

constexpr double kUtilisation = 0.8;
constexpr Duration kMemory = std::chrono::minutes(10);
constexpr double kMostInstances = 10'000;

/// Instances for a demand; rounds to a millionth first, so that 1.0000001 is not two.
int instancesFor(double demand, double capacityOfOne) {
    const double exact = std::round(demand / (kUtilisation * capacityOfOne) * 1e6) / 1e6;
    return static_cast<int>(std::clamp(std::ceil(exact), 1.0, kMostInstances));
}

/// Three significant digits, never in scientific form.
std::string number(double value) {
    return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

}  // namespace

std::vector<Advice> ReplicaAdvisor::advise(const std::vector<ServiceLoad>& loads,
                                           MonotonicTime now) {
    std::vector<Advice> advice;
    for (const ServiceLoad& load : loads) {
        Memory& memory =
            memory_.try_emplace(load.service, Memory{now, {}, MonotonicTime::min()}).first->second;
        while (!memory.peaks.empty() && now - memory.peaks.front().first > kMemory)
            memory.peaks.pop_front();
        while (!memory.peaks.empty() && memory.peaks.back().second <= load.demand)
            memory.peaks.pop_back();
        memory.peaks.emplace_back(now, load.demand);
        if (load.shed > 0 || load.inFlight >= 0.9 * load.limit)
            memory.pressedAt = now;
        advice.push_back(adviseOne(load, memory, now));
    }
    std::sort(advice.begin(), advice.end(),
              [](const Advice& a, const Advice& b) { return a.service < b.service; });
    return advice;
}

Advice ReplicaAdvisor::adviseOne(const ServiceLoad& load, Memory& memory, MonotonicTime now) const {
    const int instances = std::max(1, load.instances);
    Advice advice;
    advice.service = load.service;
    advice.current = instances;
    advice.recommended = instances;
    advice.demand = load.demand;
    const bool isKnown = load.limit > 0 && load.latency > 0;
    if (!isKnown) {
        advice.reason = fmt::format(
            "{} requests/s, but the concurrency limit is not learned yet: "
            "keep {}",
            number(load.demand), instances);
        return advice;
    }
    const double ofOne = load.limit / instances / load.latency;
    advice.capacity = ofOne * instances;
    const bool isPressed =
        memory.pressedAt != MonotonicTime::min() && now - memory.pressedAt < kMemory;
    const std::string capacity =
        fmt::format("an instance does {} requests/s (limit {} / {} ms unloaded)", number(ofOne),
                    number(load.limit / instances), number(load.latency * 1e3));
    const int neededNow = instancesFor(load.demand, ofOne);
    if (neededNow > instances && isPressed) {
        advice.recommended = neededNow;
        advice.confidence = load.shed > 0 ? Confidence::High : Confidence::Medium;
        advice.reason = fmt::format(
            "{} requests/s are offered{} and {}: {} instances at 80% each", number(load.demand),
            load.shed > 0 ? ", " + number(load.shed) + "/s refused," : "", capacity, neededNow);
        return advice;
    }
    const double peak = memory.peaks.front().second;
    const int neededAtPeak = instancesFor(peak, ofOne);
    const bool isWatched = now - memory.since >= kMemory;
    if (neededAtPeak < instances && isPressed && isWatched) {
        advice.recommended = neededAtPeak;
        advice.confidence = Confidence::Medium;
        advice.reason = fmt::format("the peak of ten minutes was {} requests/s and {}: {} suffice",
                                    number(peak), capacity, neededAtPeak);
        return advice;
    }
    advice.confidence = isPressed ? Confidence::High : Confidence::Low;
    advice.reason =
        isPressed
            ? fmt::format("{} requests/s are offered and {}: {} is right", number(load.demand),
                          capacity, instances)
            : fmt::format("{} requests/s are offered and nothing presses on the limit: keep {}",
                          number(load.demand), instances);
    return advice;
}

}  // namespace levee
