// SPDX-License-Identifier: Apache-2.0
// fleet_server [--services N] [--edges N] [--hosts N] [--agents N]: a fleet that does not exist,
// told by agents' real protocol. Prints one address a line, then "ready". Each second every number
// changes, and now and then a service's health. A line "quiet" on stdin holds the numbers still
// (each second still comes), "busy" lets them go on; the end of stdin ends the program.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/random.h"
#include "tests/support/fake_agent_server.h"

using namespace levee;

namespace {

struct Size {
    int services = 5'000;
    int edges = 20'000;
    int hosts = 500;
    int agents = 5;
};

constexpr int kTeams = 25;

std::int64_t wallMillis() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string numbered(const char* prefix, int number, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%s%0*d", prefix, digits, number);
    return text;
}

class Fleet {
public:
    explicit Fleet(const Size& size) : size_(size), snapshots_(std::size_t(size.agents)) {
        for (int s = 0; s < size.services; ++s)
            names_.push_back(numbered("team-", s % kTeams, 2) + "/" + numbered("service-", s, 4));
        for (int a = 0; a < size.agents; ++a) {
            AgentSnapshot& snapshot = snapshots_[std::size_t(a)];
            snapshot.agent.host = numbered("agent-", a, 2);
            snapshot.agent.version = "bench";
            snapshot.agent.gatewayUp = true;
        }
        addNodes();
        addEdges();
        for (AgentSnapshot& snapshot : snapshots_) {
            std::ranges::sort(snapshot.nodes, {}, &Node::name);
            std::ranges::sort(snapshot.edges, {},
                              [](const Edge& e) { return std::pair(e.client, e.server); });
        }
    }

    /// The next second; with `isQuiet` the same numbers again.
    void step(bool isQuiet) {
        const std::int64_t now = wallMillis();
        for (AgentSnapshot& snapshot : snapshots_) {
            ++snapshot.sequence;
            snapshot.millis = now;
            if (isQuiet)
                continue;
            for (Node& node : snapshot.nodes)
                change(node.traffic, node.health);
            for (Edge& edge : snapshot.edges)
                change(edge.traffic, edge.health);
        }
    }
    const AgentSnapshot& of(int agent) const { return snapshots_[std::size_t(agent)]; }

private:
    int below(int count) { return int(random_.next() % std::uint64_t(count)); }
    AgentSnapshot& homeOf(int service) { return snapshots_[std::size_t(service % size_.agents)]; }

    void addNodes() {
        for (int s = 0; s < size_.services; ++s) {
            Node node;
            node.name = names_[std::size_t(s)];
            node.kind = s % 17 == 5   ? NodeKind::Database
                        : s % 23 == 7 ? NodeKind::Cache
                                      : NodeKind::Service;
            node.health = s % 97 == 13  ? Health::Failing
                          : s % 61 == 7 ? Health::Degraded
                                        : Health::Ok;
            node.hosts = {numbered("host-", s % size_.hosts, 3)};
            node.instances = 1 + s % 4;
            node.traffic.requestRate = 10 + below(400);
            homeOf(s).nodes.push_back(std::move(node));
        }
    }

    /// Callers have smaller numbers than what they call, as a fleet has entries and stores.
    void addEdges() {
        std::vector<std::pair<int, int>> pairs;
        for (int s = 1; s < size_.services; ++s)
            pairs.emplace_back(below(s), s);
        while (int(pairs.size()) < size_.edges) {
            const int to = 1 + below(size_.services - 1);
            pairs.emplace_back(below(to), to);
        }
        std::ranges::sort(pairs);
        const auto twice = std::ranges::unique(pairs);
        pairs.erase(twice.begin(), twice.end());
        for (const auto& [from, to] : pairs) {
            Edge edge;
            edge.client = names_[std::size_t(from)];
            edge.server = names_[std::size_t(to)];
            edge.health = to % 97 == 13 ? Health::Failing : Health::Ok;
            edge.traffic.requestRate = 5 + below(200);
            homeOf(from).edges.push_back(std::move(edge));
        }
    }

    void change(Traffic& traffic, Health& health) {
        traffic.requestRate = std::max(1.0, traffic.requestRate * (0.9 + 0.2 * random_.uniform()));
        traffic.errorRate = traffic.requestRate * (health == Health::Failing ? 0.3 : 0.001);
        traffic.p50 = 0.01 + 0.01 * random_.uniform();
        traffic.p95 = traffic.p50 * 3;
        traffic.p99 = traffic.p50 * 5;
        // About one change of health in ten seconds.
        if (below(250'000) == 0)
            health = health == Health::Ok ? Health::Degraded : Health::Ok;
    }

    Size size_;
    Random random_{17};
    std::vector<std::string> names_;
    std::vector<AgentSnapshot> snapshots_;
};

Size parse(int argc, char** argv) {
    Size size;
    for (int i = 1; i + 1 < argc; i += 2) {
        const int value = std::max(1, std::atoi(argv[i + 1]));
        const std::string name = argv[i];
        if (name == "--services")
            size.services = std::max(2, value);
        else if (name == "--edges")
            size.edges = value;
        else if (name == "--hosts")
            size.hosts = value;
        else if (name == "--agents")
            size.agents = value;
    }
    return size;
}

/// Waits until `untilMillis` or a line; false at the end of stdin.
bool listen(std::int64_t untilMillis, bool& isQuiet) {
    while (true) {
        const auto left = int(std::max<std::int64_t>(0, untilMillis - wallMillis()));
        pollfd fd{STDIN_FILENO, POLLIN, 0};
        const int ready = poll(&fd, 1, left);
        if (ready == 0)
            return true;
        char text[64] = {};
        const ssize_t count = ready > 0 ? read(STDIN_FILENO, text, sizeof text - 1) : -1;
        if (count <= 0)
            return false;
        isQuiet = std::strstr(text, "quiet") != nullptr;
    }
}

}  // namespace

int main(int argc, char** argv) {
    const Size size = parse(argc, argv);
    Fleet fleet(size);
    fleet.step(false);
    std::vector<std::unique_ptr<test::FakeAgentServer>> agents;
    for (int a = 0; a < size.agents; ++a) {
        agents.push_back(std::make_unique<test::FakeAgentServer>());
        agents.back()->publish(fleet.of(a));
        std::printf("%s\n", agents.back()->address().c_str());
    }
    std::printf("ready\n");
    std::fflush(stdout);
    bool isQuiet = false;
    std::int64_t next = wallMillis() + 1'000;
    while (listen(next, isQuiet)) {
        fleet.step(isQuiet);
        for (int a = 0; a < size.agents; ++a)
            agents[std::size_t(a)]->publish(fleet.of(a));
        next += 1'000;
    }
    return 0;
}
