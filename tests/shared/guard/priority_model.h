// SPDX-License-Identifier: Apache-2.0
// Requests of several classes in front of one limited service: Poisson arrivals of users of three
// classes -> priority admission -> a gateway (slots, a queue ordered by class and bounded by class)
// -> first come, first served workers. The cut and the limit are in force one window after they
// were decided, as at the gateway. Deterministic: the seed decides everything.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <vector>

#include "shared/base/random.h"
#include "shared/guard/limit.h"
#include "shared/guard/priority_admission.h"

namespace levee::test {

constexpr int kClasses = 3;

struct PriorityModelSettings {
    int workers = 20;
    double serviceSeconds = 0.02;  ///< mean of an exponential law, or constant
    bool isConstant = false;
    double load = 1;                                  ///< of workers / serviceSeconds
    std::array<double, kClasses> mix{0.1, 0.3, 0.6};  ///< shares of the arrivals
    int users = 1000;                                 ///< of each class
    /// Share of each class's arrivals that come from its user 0, the rest evenly from the others.
    double heavyShare = 0;
    int burst = 1;          ///< so many requests arrive at once
    bool isQueued = true;   ///< false: nobody waits; the classes have slotsOf()
    bool isOrdered = true;  ///< false: the gateway's queue knows no classes
    bool isShared = false;  ///< the gateway draws lots by shareOf() instead of hashing users
    std::uint64_t seed = 1;
};

/// What happened between two calls of takeReport().
struct PriorityReport {
    std::array<double, kClasses> success{};  ///< not shed, refused or late, of the arrivals
    std::array<double, kClasses> goodput{};  ///< share of the nominal capacity
    double total = 0;                        ///< sum of goodput
    double passed = 0;     ///< of the admission, as a share of the nominal capacity
    double leastMass = 0;  ///< 5 % and 95 % quantile over the windows of what the cut lets through,
    double mostMass = 0;   ///< as a share of the nominal capacity
    /// Users of the class that pass at one of these cuts and not at the other, as a share.
    std::array<double, kClasses> changing{};
    double p99 = 0;  ///< seconds from arrival to answer, of class 0
};

class PriorityModel {
public:
    PriorityModel(const PriorityModelSettings& settings, PriorityAdmission& admission,
                  Limit& limit);

    void run(double seconds);
    PriorityReport takeReport();
    void setLoad(double load) { settings_.load = load; }
    void setMix(const std::array<double, kClasses>& mix) { settings_.mix = mix; }
    void setWorkers(int workers) { settings_.workers = workers; }
    MonotonicTime time() const { return MonotonicTime(fromSeconds(3600 + now_)); }

private:
    struct Request {
        int level = 0;
        double arrived = 0;
        double dispatched = 0;
    };
    struct Completion {
        double at = 0;
        Request request;
        bool operator>(const Completion& other) const { return at > other.at; }
    };
    double exponential(double mean);
    void arrive();
    void arriveOne();
    double massOf(const PriorityCut& cut) const;
    bool passes(int level, std::uint64_t key);
    bool isTaken(int level) const;
    void enqueue(const Request& request);
    void dispatch();
    void complete();
    void closeWindow();

    PriorityModelSettings settings_;
    PriorityAdmission& admission_;
    Limit& limit_;
    double nominal_;
    Random random_;
    double now_ = 0;
    double nextArrival_ = 0;
    double nextWindow_ = 0.1;

    PriorityCut cut_;
    LimitDecision decided_;
    LimitDecision enforced_;
    std::array<std::deque<Request>, kClasses> waiting_;
    std::deque<Request> atService_;
    std::priority_queue<Completion, std::vector<Completion>, std::greater<>> running_;
    std::uint32_t inFlight_ = 0;
    double busySeconds_ = 0;
    double trackedAt_ = 0;
    WindowSample window_;
    std::uint64_t dispatchedCount_ = 0;

    double reportStart_ = 0;
    std::array<double, kClasses> arrivals_{};
    std::array<double, kClasses> good_{};
    std::array<double, kClasses> failed_{};  ///< shed, refused, or answered too late
    double passed_ = 0;
    std::vector<PriorityCut> cuts_;  ///< one a window
    stats::Histogram total_;
};

}  // namespace levee::test
