// SPDX-License-Identifier: Apache-2.0
// What a simulation is told: services, the calls between them, clients, faults, and what is to be
// expected. Plain values; scenario_file.h reads them from YAML and checks the ranges given here.
// Times are seconds from the start of the simulation, rates are per second.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/guard_settings.h"

namespace levee::simulator {

/// How long a server works on one request.
struct ServiceLaw {
    enum class Kind { Constant, Exponential, Lognormal, Bimodal, Pareto };
    Kind kind = Kind::Exponential;
    double mean = 0.02;       ///< all but Bimodal, > 0
    double cv = 1;            ///< Lognormal: standard deviation / mean, > 0
    double fast = 0.001;      ///< Bimodal: seconds of the common requests
    double slow = 0.2;        ///< Bimodal: seconds of the rare ones
    double slowShare = 0.05;  ///< Bimodal: share of the rare ones, (0, 1)
    double shape = 2.5;       ///< Pareto: tail index, > 1

    double meanSeconds() const;
};

/// A call that a service makes for each request, after its own work.
struct CallSpec {
    std::string to;
    double share = 1;  ///< of the requests that make the call, (0, 1]
    /// The calls of a service that are marked so go out together and the slowest counts; the
    /// others follow one another.
    bool parallel = false;
    double timeout = 0;       ///< seconds until the caller gives up; 0: none
    int attempts = 1;         ///< including the first, 1 to 10
    double retryBudget = -1;  ///< retries as a share of calls, 0 to 1; negative: unbounded
    bool required = true;     ///< false: a failed call is replaced by the fallback, no error
    bool hasBreaker = false;  ///< an edge guard with `breaker`
    BreakerSettings breaker;
};

/// What stands in front of a service. The algorithm is chosen by the run, see simulation.h.
struct LimiterSpec {
    enum class Place {
        None,
        Gateway,    ///< windows of 100 ms, a decision is in force up to 100 ms later
        InProcess,  ///< permits in each instance: windows of 10 ms and more, in force at once; what
                    ///< would have to wait is refused
    };
    Place place = Place::Gateway;
    LimiterSettings settings = {};  ///< bounds and queue; the kind is the run's
    bool knowsSelfTime = false;     ///< Gateway: windows carry selfShare, as from spans
    bool usesPriorities = false;    ///< priority admission by the clients' classes
    /// Gateway: so many that limit for themselves in front of one pool of servers (each caller host
    /// its own): 1 to 64. With 1, each instance has its own limiter.
    int gateways = 1;
    /// Requests that cannot be answered within so many seconds of their arrival are not started;
    /// 0: off.
    double deadline = 0;
    /// Gateway only, the agent's defaults: a request that has waited so long for a slot is refused;
    /// one that the service does not answer for so long fails and frees its slot. Seconds; 0:
    /// never.
    double queueTimeout = 0.25;
    double serviceTimeout = 5;
};

struct ServiceSpec {
    std::string name;
    int instances = 1;  ///< 1 to 64; requests are spread at random
    int servers = 4;    ///< per instance, 1 to 10,000
    ServiceLaw law;
    std::uint32_t backlog = 1'000'000;  ///< may wait inside an instance; more fail at once
    /// Whether a request keeps its server while its calls are under way (a thread pool) or not (an
    /// event loop).
    bool holdsServer = true;
    std::vector<CallSpec> calls;
    LimiterSpec limiter;
};

/// The rate from `at` on: a step, or a ramp from the point before.
struct RatePoint {
    double at = 0;
    double rate = 0;  ///< requests per second
    bool ramp = false;
};

struct ArrivalSpec {
    enum class Law {
        Poisson,
        Even,
        Bursts,    ///< groups of burstSize at once; the groups are Poisson
        Diurnal,   ///< Poisson, a sine between low and high with the period
        Recorded,  ///< recorded[k] requests evenly in second k, over again at the end
    };
    Law law = Law::Poisson;
    std::vector<RatePoint> rates = {};  ///< ascending, the first at 0
    int burstSize = 10;
    double low = 0;
    double high = 0;
    double period = 86'400;
    std::vector<std::uint32_t> recorded = {};
};

struct PriorityShare {
    int level = 0;     ///< 0 is the most important
    double share = 1;  ///< of this client's requests
};

struct ClientSpec {
    std::string name;
    std::string to;
    ArrivalSpec arrivals;
    double timeout = 1;       ///< seconds until the client gives up; the work goes on, as waste
    int attempts = 1;         ///< including the first, 1 to 10
    double backoff = 0.05;    ///< seconds before the first retry, doubled each time, with jitter
    double retryBudget = -1;  ///< as in CallSpec
    bool retriesRefused = true;
    std::vector<PriorityShare> priorities;
};

struct FaultSpec {
    enum class Kind {
        Servers,      ///< value: factor on the number of servers, rounded, 0 to 100
        Slow,         ///< value: factor on the service time
        Errors,       ///< value: share of requests that fail at once, in 1 ms, without a server
        Crash,        ///< everything under way fails; until the end all calls fail at once
        Stall,        ///< nothing moves until the end; what was under way goes on then
        ClockJump,    ///< value: seconds by which the guards' monotonic clock jumps, > 0, at once
        LoseWindows,  ///< the gateway's windows do not arrive
    };
    Kind kind = Kind::Slow;
    std::string service = {};
    int instance = -1;  ///< from 0; negative: all
    double at = 0;
    double seconds = 0;
    double value = 1;
    double every = 0;  ///< again after so many seconds; 0: once
};

/// A part of the run that figures are taken over, [from, to).
struct Interval {
    double from = 0;
    double to = 0;
    bool operator==(const Interval&) const = default;
};

/// One bound on one figure. The names of the figures stand in figures.h.
struct Expectation {
    std::string subject;  ///< a service, or a client
    int level = -1;       ///< only requests of this priority; negative: all
    std::string figure;
    Interval interval;
    /// When given (to > from): the figure is divided by the same figure over this interval.
    Interval relativeTo;
    double least = -1e300;
    double most = 1e300;
    /// Algorithms that have to meet it; empty: Levee's own only.
    std::vector<std::string> algorithms;
    double seedShare = 1;  ///< of the seeds that have to meet it, (0, 1]
    int line = 0;          ///< in the file
};

inline constexpr std::string_view kOwnAlgorithm = "levee";

struct Scenario {
    std::string name;
    std::string description;
    double duration = 60;
    int seeds = 3;
    std::vector<ServiceSpec> services;
    std::vector<ClientSpec> clients;
    std::vector<FaultSpec> faults;
    std::vector<Expectation> expectations;
    std::vector<std::string> algorithms;  ///< run without --algorithm; empty: Levee's own
};

}  // namespace levee::simulator
