// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/queueing_theory.h"

#include <algorithm>

namespace levee::simulator {

double erlangB(int servers, double load) {
    double lost = 1;
    for (int k = 1; k <= servers; ++k) {  // factorials would overflow near 170 servers
        lost = load * lost / (k + load * lost);
    }
    return lost;
}

double erlangC(int servers, double load) {
    const double lost = erlangB(servers, load);
    return lost / (1 - load / servers * (1 - lost));
}

double meanWait(int servers, double load) {
    return erlangC(servers, load) / (servers - load);
}

FiniteQueue finiteQueue(int servers, int places, double load) {
    // Probabilities of n requests being there, up to a common factor that is kept near 1.
    double weight = 1;
    double sum = 1;
    double busy = 0;
    double waiting = 0;
    for (int n = 1; n <= places; ++n) {
        weight *= load / std::min(n, servers);
        sum += weight;
        busy += weight * std::min(n, servers);
        waiting += weight * std::max(0, n - servers);
        if (weight > 1e100) {
            weight /= 1e100;
            sum /= 1e100;
            busy /= 1e100;
            waiting /= 1e100;
        }
    }
    busy /= sum;
    FiniteQueue queue;
    queue.throughput = busy / servers;
    queue.refused = weight / sum;
    queue.meanWait = busy > 0 ? waiting / sum / busy : 0;
    return queue;
}

}  // namespace levee::simulator
