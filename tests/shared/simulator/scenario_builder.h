// SPDX-License-Identifier: Apache-2.0
// Small scenarios that tests begin with.
#pragma once

#include "shared/simulator/simulation.h"

namespace levee::simulator::test {

struct QueueSpec {
    int servers = 1;
    double load = 0.8;  ///< offered, as a share of the capacity
    ServiceLaw law{.kind = ServiceLaw::Kind::Exponential, .mean = 0.01};
    double duration = 100;
    double timeout = 1e6;  ///< of the client
};

/// One client "user", Poisson, one service "shop" of one instance, behind a gateway.
Scenario queueOf(const QueueSpec& spec);

/// The same with Fixed's limit and queue set.
Scenario limitedQueueOf(const QueueSpec& spec, std::uint32_t limit, std::int32_t queue);

/// Constant service time.
ServiceSpec serviceOf(std::string_view name, int servers, double seconds);

/// Service "shop" of 100 servers and constantly 10 ms; "user" sends evenly 10 a second, the first
/// at 0.1 s: nobody waits, and everything can be reckoned.
Scenario oneByOne(double duration);

/// Runs it and returns the figures of the service from `from` to the end.
Figures figuresOf(const Scenario& scenario, std::string_view algorithm, std::uint64_t seed = 1,
                  double from = 0);

}  // namespace levee::simulator::test
