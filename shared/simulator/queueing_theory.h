// SPDX-License-Identifier: Apache-2.0
// Textbook results that the simulation is checked against (Erlang 1917; Kleinrock, Queueing
// Systems I, 1975). `servers` >= 1; `load` is the offered load in erlangs, rate * mean service.
#pragma once

namespace levee::simulator {

/// Probability that an arrival finds all servers busy and is lost: M/G/c/c.
double erlangB(int servers, double load);
/// Probability that an arrival has to wait: M/M/c. REQUIRES: load < servers.
double erlangC(int servers, double load);
/// Mean wait in the queue in units of the mean service time: M/M/c. REQUIRES: load < servers.
double meanWait(int servers, double load);

/// M/M/c/K: at most `places` requests in service and waiting, the rest refused.
struct FiniteQueue {
    double throughput = 0;  ///< share of the servers' capacity
    double refused = 0;     ///< share of the arrivals
    double meanWait = 0;    ///< of the admitted, in units of the mean service time
};
/// REQUIRES: places >= servers.
FiniteQueue finiteQueue(int servers, int places, double load);

}  // namespace levee::simulator
