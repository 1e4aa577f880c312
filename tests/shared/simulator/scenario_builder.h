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

/// Runs it and returns the figures of the service from `from` to the end.
Figures figuresOf(const Scenario& scenario, std::string_view algorithm, std::uint64_t seed = 1,
                  double from = 0);

}  // namespace levee::simulator::test
