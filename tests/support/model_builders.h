// SPDX-License-Identifier: Apache-2.0
// Model values for tests, with every field set to something of its own.
#pragma once

#include "shared/model/snapshot.h"

namespace levee::test {

inline Node makeNode(const std::string& name) {
    Node node;
    node.name = name;
    node.kind = NodeKind::Queue;
    node.health = Health::Degraded;
    node.traffic = {100, 5, 2, 0.010, 0.020, 0.050};
    node.inFlight = 3;
    node.selfTime = 0.004;
    node.instances = 2;
    node.hosts = {"a", "b"};
    node.owner = {"shop", "payments"};
    node.usage = {2, 12, 0.75, 1e8, 0.05, kUnknown};
    node.seenMillis = 1'700'000'000'123;
    return node;
}

inline Edge makeEdge(const std::string& client, const std::string& server) {
    Edge edge;
    edge.client = client;
    edge.server = server;
    edge.serverKind = NodeKind::Cache;
    edge.evidence = kFromTraces | kFromGateway;
    edge.health = Health::Failing;
    edge.traffic = {10, 1, 0, kUnknown, 0.2, 0.3};
    edge.sockets = {4, 0.0021, 0.0008, 1.5, 2e4, 3e5};
    edge.split = {0.001, 0.002, kUnknown, 0.004};
    edge.traces = {0.9, kUnknown};
    edge.seenMillis = 1'700'000'000'456;
    return edge;
}

inline GuardState makeGuard(const std::string& subject) {
    GuardState guard;
    guard.subject = subject;
    guard.rule = "a-rule";
    guard.revision = 7;
    guard.mode = GuardMode::Shadow;
    guard.hasBreaker = true;
    guard.breaker = BreakerState::HalfOpen;
    guard.admitShare = 0.25;
    guard.distanceToTrip = 0.5;
    guard.failureShare = 0.1;
    guard.slowShare = kUnknown;
    guard.reopenInSeconds = 1.5;
    guard.trips = 3;
    guard.hasLimit = true;
    guard.limit = 12;
    guard.inFlight = 11;
    guard.baseline = 0.02;
    guard.queueLimit = 4;
    guard.shedRate = 9;
    guard.tripsSuppressed = 2;
    guard.wouldHaveShed = 40;
    guard.instances = {
        {"10.0.0.1:80", InstanceStatus::Ramp, 0.4, kUnknown, 2, "5 failures in a row", 0.75, 0.03},
        {"10.0.0.2:80", InstanceStatus::Ejected, 0, 12, 1, "slow", kUnknown, 0.3}};
    guard.rate = {50, "header:x-tenant", 2.5, 100, 3, 1000, 4};
    guard.deadline = {2, "x-request-timeout-ms", 0.012, 1.5, 30};
    guard.classes = {{"gold", 1, 20}, {"bulk", 0.25, 5}};
    guard.retryShare = 0.125;
    guard.retriesAllowed = 0.5;
    guard.enforcement = Enforcement::Enforcing;
    guard.enforcementDetail = "read back 12";
    guard.heldBy = Override{5,
                            subject,
                            OverrideKind::Limit,
                            12,
                            0.5,
                            "ana",
                            "INC-42",
                            1'700'000'000'000,
                            1'700'001'800'000,
                            1234,
                            "a-rule",
                            "/etc/levee/rules.d/a.yaml"};
    return guard;
}

inline HostState makeHost() {
    HostState host;
    host.millis = 1'700'000'000'950;
    host.cores = 4;
    host.cpu = {0.5, 0.1, 0.02, 0.01, 0.03, 0.34};
    host.load1 = 1.5;
    host.load5 = 1.25;
    host.load15 = 1;
    host.memoryBytes = 8e9;
    host.memoryAvailableBytes = 6e9;
    host.swapBytes = 1e9;
    host.swapFreeBytes = 5e8;
    host.cpuPressure = {0.2, kUnknown};
    host.memoryPressure = {0.01, 0.005};
    host.ioPressure = {0.3, 0.1};
    host.disks = {{"vda", 1e6, 2e6, 100, 200, 0.6}};
    host.interfaces = {{"eth0", 3e6, 4e6, 3000, 4000, 0, 1}};
    ProcessState process;
    process.service = "payment";
    process.pid = 4711;
    process.program = "node";
    process.cpuCores = 0.75;
    process.rssBytes = 1e8;
    process.threads = 12;
    process.openFiles = 40;
    process.cgroup = "/system.slice/payment.service";
    process.cpuPressure = 0.05;
    process.throttledShare = 0.1;
    process.cgroupCpuCores = 0.8;
    process.cgroupMemoryBytes = 1.5e8;
    host.processes = {process};
    return host;
}

inline AgentSnapshot makeSnapshot() {
    AgentSnapshot snapshot;
    snapshot.sequence = 5;
    snapshot.millis = 1'700'000'001'000;
    snapshot.agent = {"host-1", "0.1.0", 1'700'000'000'000, 7, 0.01, 3e7, true, "pid 12"};
    snapshot.host = makeHost();
    snapshot.nodes = {makeNode("checkout"), makeNode("payment")};
    snapshot.edges = {makeEdge("checkout", "payment"), makeEdge("web", "checkout")};
    snapshot.guards = {makeGuard("checkout->payment"), makeGuard("payment")};
    snapshot.advice = {{"payment", 1, 3, 800, 200, Confidence::Medium, "needs more"}};
    snapshot.targets = {{"shop", "http://h/metrics", true, 0.01, 120, "", 1'700'000'000'900}};
    return snapshot;
}

}  // namespace levee::test
