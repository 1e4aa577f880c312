// SPDX-License-Identifier: Apache-2.0
#include "tests/shared/simulator/scenario_builder.h"

namespace levee::simulator::test {

Scenario queueOf(const QueueSpec& spec) {
    Scenario scenario;
    scenario.name = "queue";
    scenario.duration = spec.duration;
    ServiceSpec service;
    service.name = "shop";
    service.servers = spec.servers;
    service.law = spec.law;
    ClientSpec client;
    client.name = "user";
    client.to = "shop";
    client.timeout = spec.timeout;
    client.arrivals.rates = {{0, spec.load * spec.servers / spec.law.meanSeconds(), false}};
    scenario.services.push_back(service);
    scenario.clients.push_back(client);
    return scenario;
}

Scenario limitedQueueOf(const QueueSpec& spec, std::uint32_t limit, std::int32_t queue) {
    Scenario scenario = queueOf(spec);
    scenario.services[0].limiter.settings.limit = limit;
    scenario.services[0].limiter.settings.queue = queue;
    return scenario;
}

Figures figuresOf(const Scenario& scenario, std::string_view algorithm, std::uint64_t seed,
                  double from) {
    const Interval interval{from, scenario.duration};
    Simulation simulation(scenario, *algorithmNamed(algorithm), seed, {interval});
    simulation.run();
    return simulation.figures(scenario.services.front().name, interval);
}

}  // namespace levee::simulator::test
