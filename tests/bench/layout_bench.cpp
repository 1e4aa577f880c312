// SPDX-License-Identifier: GPL-3.0-or-later
// layout_bench [NODES]...: how long the map's layout takes on graphs with the shape of a service
// fleet: a few entries, most services called by one to three others, some hubs, a few cycles.
#include <QElapsedTimer>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "dashboard/widgets/canvas/graph_layout.h"
#include "shared/base/random.h"

using namespace levee;

namespace {

LayoutInput fleetOf(int nodes, std::uint64_t seed) {
    Random random(seed);
    const auto below = [&](int count) { return int(random.next() % std::uint64_t(count)); };
    LayoutInput input;
    for (int i = 0; i < nodes; ++i)
        input.nodes.push_back(
            {QStringLiteral("service-%1").arg(i, 5, 10, QLatin1Char('0')), {}, {}});
    for (LayoutNode& node : input.nodes)
        node.size = {180, 184};
    const auto add = [&](int from, int to) {
        input.edges.push_back({input.nodes[from].id, input.nodes[to].id});
    };
    for (int i = 1; i < nodes; ++i) {
        for (int callers = 1 + below(3); callers > 0; --callers)
            add(below(std::max(1, i / 2 + 1)), i);
    }
    for (int back = nodes / 50; back > 0; --back)
        add(nodes / 2 + below(nodes - nodes / 2), below(std::max(1, nodes / 2)));
    return input;
}

double medianMillis(int runs, const auto& work) {
    std::vector<double> times;
    for (int run = 0; run < runs; ++run) {
        QElapsedTimer timer;
        timer.start();
        work();
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(times);
    return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<int> sizes;
    for (int i = 1; i < argc; ++i)
        sizes.push_back(std::max(2, std::atoi(argv[i])));
    if (sizes.empty())
        sizes = {100, 200, 500, 1'000};
    constexpr int kRuns = 5;
    std::printf("| nodes | edges | anew | one node comes | only routes | crossings |\n");
    std::printf("| ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (const int size : sizes) {
        const LayoutInput input = fleetOf(size, 7);
        LayoutInput more = input;
        more.nodes.push_back({QStringLiteral("new"), {180, 184}, {}});
        more.edges.push_back({input.nodes[0].id, QStringLiteral("new")});
        LayoutOptions options;
        options.aspect = 1.6;
        GraphLayout layout;
        const double anew = medianMillis(kRuns, [&] { layout = layoutGraph(input, options); });
        const double kept = medianMillis(kRuns, [&] { layoutGraph(more, layout, options); });
        GraphLayout routed = layout;
        const double routes = medianMillis(kRuns, [&] { routeEdges(input, routed); });
        std::printf("| %d | %zu | %.1f ms | %.1f ms | %.1f ms | %d |\n", size, input.edges.size(),
                    anew, kept, routes, layout.crossings);
        std::fflush(stdout);
    }
    return 0;
}
