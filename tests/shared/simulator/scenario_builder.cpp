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
    service.limiter.queueTimeout = 0;  // the textbook's customers are patient
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

ServiceSpec serviceOf(std::string_view name, int servers, double seconds) {
    ServiceSpec service;
    service.name = name;
    service.servers = servers;
    service.law = {.kind = ServiceLaw::Kind::Constant, .mean = seconds};
    return service;
}

Scenario oneByOne(double duration) {
    Scenario scenario = queueOf({.servers = 100, .duration = duration});
    scenario.services[0] = serviceOf("shop", 100, 0.01);
    scenario.clients[0].arrivals = {.law = ArrivalSpec::Law::Even, .rates = {{0, 10, false}}};
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
