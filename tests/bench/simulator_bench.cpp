// SPDX-License-Identifier: Apache-2.0
// How long a simulated hour at 1,000 requests a second takes on one core:
//   simulator_bench [SECONDS]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "shared/simulator/simulation.h"

using namespace levee;
using namespace levee::simulator;

namespace {

constexpr double kRate = 1000;

/// Services "s0" -> "s1" -> ..., the last with the capacity of kRate / load.
Scenario chainOf(int length, double load, double seconds) {
    Scenario scenario;
    scenario.duration = seconds;
    for (int k = 0; k < length; ++k) {
        ServiceSpec service;
        service.name = "s" + std::to_string(k);
        service.law = {.kind = ServiceLaw::Kind::Lognormal, .mean = 0.02, .cv = 0.3};
        service.servers = static_cast<int>(kRate * service.law.mean / load);
        service.holdsServer = false;
        if (k + 1 < length) {
            CallSpec call;
            call.to = "s" + std::to_string(k + 1);
            call.timeout = 0.5;
            call.hasBreaker = true;
            service.calls.push_back(call);
        }
        scenario.services.push_back(service);
    }
    ClientSpec client;
    client.name = "user";
    client.to = "s0";
    client.arrivals.rates = {{0, kRate, false}};
    client.timeout = 1;
    scenario.clients.push_back(client);
    return scenario;
}

void measure(const char* what, const Scenario& scenario, const char* algorithm) {
    const auto begin = std::chrono::steady_clock::now();
    const Interval all{0, scenario.duration};
    Simulation simulation(scenario, *algorithmNamed(algorithm), 1, {all});
    simulation.run();
    const double took =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const Figures f = simulation.figures("user", all);
    std::printf("%-34s %-6s %9llu requests %9llu events  %5.2f s an hour  %5.1f M events/s\n", what,
                algorithm, static_cast<unsigned long long>(f.offered),
                static_cast<unsigned long long>(simulation.events()),
                took * 3600 / scenario.duration,
                static_cast<double>(simulation.events()) / took / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 3600;
    if (!(seconds > 0)) {
        std::fprintf(stderr, "simulator_bench [SECONDS]: \"%s\" is no positive number\n", argv[1]);
        return 2;
    }
    measure("one service at 0.8", chainOf(1, 0.8, seconds), "none");
    measure("one service at 0.8", chainOf(1, 0.8, seconds), "levee");
    measure("one service at 1.4", chainOf(1, 1.4, seconds), "levee");
    Scenario retrying = chainOf(1, 1.4, seconds);
    retrying.clients[0].attempts = 3;
    retrying.clients[0].timeout = 0.1;
    measure("one service at 1.4, three attempts", retrying, "levee");
    Scenario pooled = chainOf(1, 1.4, seconds);
    pooled.services[0].limiter.gateways = 64;
    measure("one service at 1.4, 64 gateways", pooled, "levee");
    Scenario inProcess = chainOf(1, 1.4, seconds);
    inProcess.services[0].limiter.place = LimiterSpec::Place::InProcess;
    measure("one service at 1.4, in process", inProcess, "levee");
    measure("five services in a row at 0.8", chainOf(5, 0.8, seconds), "levee");
    return 0;
}
