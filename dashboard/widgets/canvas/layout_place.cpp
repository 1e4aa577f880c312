// SPDX-License-Identifier: GPL-3.0-or-later
// Brandes and Koepf, "Fast and Simple Horizontal Coordinate Assignment" (2001), turned by 90
// degrees. Compaction is done on the graph of blocks by two longest-path passes, which avoids the
// known fault of the paper's class shifts.
#include <algorithm>
#include <array>
#include <limits>

#include "dashboard/widgets/canvas/layout_stages.h"

namespace levee::layout {
namespace {

using Layers = std::vector<std::vector<int>>;

/// One of the four runs: layers and orders may be turned around, signs are turned back at the end.
struct Run {
    Layers layers;
    const std::vector<std::vector<int>>* neighbours;
    std::vector<int> position;
};

/// Marks segments (upper, lower) that cross a segment between two virtual nodes: long edges stay
/// straight, short ones give way.
class Conflicts {
public:
    explicit Conflicts(const WorkGraph& graph) : marked_(graph.nodes.size()) {
        std::vector<int> position(graph.nodes.size());
        for (const auto& layer : graph.layers) {
            for (int i = 0; i < int(layer.size()); ++i)
                position[layer[i]] = i;
        }
        for (std::size_t i = 1; i < graph.layers.size(); ++i)
            scan(graph, position, graph.layers[i - 1], graph.layers[i]);
    }
    bool has(int a, int b) const {
        const auto& list = marked_[std::min(a, b)];
        return std::find(list.begin(), list.end(), std::max(a, b)) != list.end();
    }

private:
    static int innerUpper(const WorkGraph& graph, int node) {
        if (!graph.nodes[node].isVirtual() || graph.up[node].empty())
            return -1;
        const int upper = graph.up[node].front();
        return graph.nodes[upper].isVirtual() ? upper : -1;
    }

    void scan(const WorkGraph& graph, const std::vector<int>& position,
              const std::vector<int>& upper, const std::vector<int>& lower) {
        int low = 0;
        std::size_t next = 0;
        for (std::size_t i = 0; i < lower.size(); ++i) {
            const int inner = innerUpper(graph, lower[i]);
            if (inner < 0 && i + 1 < lower.size())
                continue;
            const int high = inner < 0 ? int(upper.size()) - 1 : position[inner];
            for (; next <= i; ++next)
                markOutside(graph, position, lower[next], low, high);
            low = high;
        }
    }

    void markOutside(const WorkGraph& graph, const std::vector<int>& position, int node, int low,
                     int high) {
        for (const int upper : graph.up[node]) {
            const bool bothVirtual =
                graph.nodes[upper].isVirtual() && graph.nodes[node].isVirtual();
            if ((position[upper] < low || position[upper] > high) && !bothVirtual)
                marked_[std::min(upper, node)].push_back(std::max(upper, node));
        }
    }

    std::vector<std::vector<int>> marked_;
};

/// Joins each node with a median neighbour of the layer before it. Returns the root of each block.
std::vector<int> alignBlocks(const Run& run, const Conflicts& conflicts) {
    const std::size_t count = run.position.size();
    std::vector<int> root(count);
    std::vector<int> align(count);
    for (std::size_t i = 0; i < count; ++i)
        root[i] = align[i] = int(i);
    for (std::size_t l = 1; l < run.layers.size(); ++l) {
        int last = -1;
        for (const int node : run.layers[l]) {
            std::vector<int> medians = (*run.neighbours)[node];
            std::sort(medians.begin(), medians.end(),
                      [&](int a, int b) { return run.position[a] < run.position[b]; });
            const std::size_t size = medians.size();
            for (std::size_t m = (size - 1) / 2; size > 0 && m <= size / 2; ++m) {
                const int upper = medians[m];
                if (align[node] != node || last >= run.position[upper] ||
                    conflicts.has(upper, node))
                    continue;
                align[upper] = node;
                root[node] = root[upper];
                align[node] = root[node];
                last = run.position[upper];
            }
        }
    }
    return root;
}

double separation(const WorkGraph& graph, int a, int b, const LayoutOptions& options) {
    const WorkNode& first = graph.nodes[a];
    const WorkNode& second = graph.nodes[b];
    const double gap = first.isVirtual() || second.isVirtual() ? options.laneGap : options.rowGap;
    return first.height / 2 + gap + second.height / 2;
}

struct BlockEdge {
    int block;
    double gap;
};

/// Packs the blocks as near to the start as their order allows, then pulls each towards the end as
/// far as it costs nothing.
std::vector<double> compact(const WorkGraph& graph, const Run& run, const std::vector<int>& root,
                            const LayoutOptions& options) {
    const std::size_t count = root.size();
    std::vector<std::vector<BlockEdge>> before(count);
    std::vector<std::vector<BlockEdge>> after(count);
    std::vector<int> waiting(count, 0);
    for (const auto& layer : run.layers) {
        for (std::size_t i = 1; i < layer.size(); ++i) {
            const double gap = separation(graph, layer[i - 1], layer[i], options);
            before[root[layer[i]]].push_back({root[layer[i - 1]], gap});
            after[root[layer[i - 1]]].push_back({root[layer[i]], gap});
            ++waiting[root[layer[i]]];
        }
    }
    std::vector<int> order;
    for (std::size_t n = 0; n < count; ++n) {
        if (root[n] == int(n) && waiting[n] == 0)
            order.push_back(int(n));
    }
    std::vector<double> place(count, 0);
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (const BlockEdge& edge : before[order[i]])
            place[order[i]] = std::max(place[order[i]], place[edge.block] + edge.gap);
        for (const BlockEdge& edge : after[order[i]]) {
            if (--waiting[edge.block] == 0)
                order.push_back(edge.block);
        }
    }
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        double limit = std::numeric_limits<double>::infinity();
        for (const BlockEdge& edge : after[*it])
            limit = std::min(limit, place[edge.block] - edge.gap);
        if (limit != std::numeric_limits<double>::infinity())
            place[*it] = std::max(place[*it], limit);
    }
    std::vector<double> result(count);
    for (std::size_t n = 0; n < count; ++n)
        result[n] = place[root[n]];
    return result;
}

Run makeRun(const WorkGraph& graph, bool fromRight, bool fromBottom) {
    Run run{graph.layers, fromRight ? &graph.down : &graph.up,
            std::vector<int>(graph.nodes.size())};
    if (fromRight)
        std::reverse(run.layers.begin(), run.layers.end());
    for (auto& layer : run.layers) {
        if (fromBottom)
            std::reverse(layer.begin(), layer.end());
        for (int i = 0; i < int(layer.size()); ++i)
            run.position[layer[i]] = i;
    }
    return run;
}

std::pair<double, double> extent(const WorkGraph& graph, const std::vector<double>& y) {
    std::pair<double, double> range{std::numeric_limits<double>::infinity(),
                                    -std::numeric_limits<double>::infinity()};
    for (std::size_t n = 0; n < y.size(); ++n) {
        range.first = std::min(range.first, y[n] - graph.nodes[n].height / 2);
        range.second = std::max(range.second, y[n] + graph.nodes[n].height / 2);
    }
    return range;
}

/// Moves the four assignments to the extent of the smallest: those that grow downwards share its
/// top, the others its bottom.
void alignToSmallest(const WorkGraph& graph, std::array<std::vector<double>, 4>& runs) {
    std::pair<double, double> best{0, std::numeric_limits<double>::infinity()};
    for (const auto& run : runs) {
        const auto range = extent(graph, run);
        if (range.second - range.first < best.second - best.first)
            best = range;
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto range = extent(graph, runs[i]);
        const double shift = i % 2 == 0 ? best.first - range.first : best.second - range.second;
        for (double& y : runs[i])
            y += shift;
    }
}

}  // namespace

void placeRows(WorkGraph& graph, const LayoutOptions& options) {
    if (graph.nodes.empty())
        return;
    const Conflicts conflicts(graph);
    std::array<std::vector<double>, 4> runs;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const bool fromBottom = i % 2 == 1;
        const Run run = makeRun(graph, i / 2 == 1, fromBottom);
        runs[i] = compact(graph, run, alignBlocks(run, conflicts), options);
        if (fromBottom) {
            for (double& y : runs[i])
                y = -y;
        }
    }
    alignToSmallest(graph, runs);
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
        std::array<double, 4> y{runs[0][n], runs[1][n], runs[2][n], runs[3][n]};
        std::sort(y.begin(), y.end());
        graph.nodes[n].y = (y[1] + y[2]) / 2;
    }
}

}  // namespace levee::layout
