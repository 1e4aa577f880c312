// SPDX-License-Identifier: Apache-2.0
// A discrete-event simulation of services, clients and the guards between them: first come first
// served queues, any service-time law, calls, retries, faults, and the very guards of shared/guard
// in the loop, fed as the gateway or an in-process permit would feed them. The scenario, the
// algorithm and the seed decide everything: two runs give the same bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/simulator/figures.h"
#include "shared/simulator/scenario.h"

namespace levee::simulator {

/// What guards a run has. "none": neither limiters nor breakers; "levee": the adaptive limiter;
/// "fixed" and the rest by the name of their LimiterKind. "fixed" limits the services whose
/// settings name a limit.
struct Algorithm {
    std::string name;
    bool isGuarded = true;  ///< false: no limiter and no breaker
    LimiterKind kind = LimiterKind::Adaptive;
};
std::optional<Algorithm> algorithmNamed(std::string_view name);
std::vector<std::string_view> algorithmNames();

/// Confined to one thread.
class Simulation {
public:
    /// Figures are taken over the intervals given. REQUIRES: a checked scenario.
    Simulation(const Scenario& scenario, const Algorithm& algorithm, std::uint64_t seed,
               std::vector<Interval> intervals);
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// To the end of the scenario, or until `until`; may be called again with a later time.
    void run();
    void runUntil(double until);

    /// Of a service or a client. REQUIRES: a known subject, an interval that was asked for.
    Figures figures(std::string_view subject, const Interval& interval, int level = -1) const;
    /// Of a service, a point each 100 ms; empty for scenarios longer than an hour.
    const std::vector<TracePoint>& trace(std::string_view service) const;
    std::uint64_t events() const;  ///< handled so far: for speed and for determinism checks

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

/// Seconds from `step` until goodput and limit stay where they are at the end of the trace: the
/// first time after which the one-second mean of goodRate is within 10 % of `goodRate` for the
/// rest. NaN: never.
double settleSeconds(const std::vector<TracePoint>& trace, double step, double until,
                     double goodRate);

}  // namespace levee::simulator
