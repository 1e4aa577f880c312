// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>

#include "dashboard/widgets/canvas/layout_stages.h"

namespace levee::layout {
namespace {

std::vector<int> positionsIn(const WorkGraph& graph) {
    std::vector<int> position(graph.nodes.size());
    for (const auto& layer : graph.layers) {
        for (int i = 0; i < int(layer.size()); ++i)
            position[layer[i]] = i;
    }
    return position;
}

/// Counts inversions in the targets of a layer's edges with a Fenwick tree: O(edges log nodes).
int crossingsAfter(const WorkGraph& graph, const std::vector<int>& position, std::size_t layer) {
    const int width = int(graph.layers[layer + 1].size());
    std::vector<int> tree(width + 1, 0);
    int seen = 0;
    int crossings = 0;
    std::vector<int> targets;
    for (const int node : graph.layers[layer]) {
        targets.clear();
        for (const int below : graph.down[node])
            targets.push_back(position[below]);
        std::sort(targets.begin(), targets.end());
        for (const int target : targets) {
            int notAfter = 0;
            for (int i = target + 1; i > 0; i -= i & -i)
                notAfter += tree[i];
            crossings += seen - notAfter;
        }
        for (const int target : targets) {
            for (int i = target + 1; i <= width; i += i & -i)
                ++tree[i];
        }
        seen += int(targets.size());
    }
    return crossings;
}

/// The median of Gansner et al.: with an even number, weighted to the side where the neighbours lie
/// closer together. Negative: no neighbours, the node keeps its place.
double medianOf(const std::vector<int>& neighbours, const std::vector<int>& position) {
    std::vector<int> places;
    places.reserve(neighbours.size());
    for (const int n : neighbours)
        places.push_back(position[n]);
    std::sort(places.begin(), places.end());
    const std::size_t size = places.size();
    if (size == 0)
        return -1;
    const std::size_t mid = size / 2;
    if (size % 2 == 1)
        return places[mid];
    if (size == 2)
        return (places[0] + places[1]) / 2.0;
    const double left = places[mid - 1] - places[0];
    const double right = places[size - 1] - places[mid];
    if (left + right == 0)
        return (places[mid - 1] + places[mid]) / 2.0;
    return (places[mid - 1] * right + places[mid] * left) / (left + right);
}

void sortByMedian(std::vector<int>& layer, const std::vector<std::vector<int>>& neighbours,
                  std::vector<int>& position) {
    std::vector<std::pair<double, int>> movable;
    for (const int node : layer) {
        const double median = medianOf(neighbours[node], position);
        if (median >= 0)
            movable.emplace_back(median, node);
    }
    std::stable_sort(movable.begin(), movable.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::size_t next = 0;
    for (int& place : layer) {
        if (!neighbours[place].empty())
            place = movable[next++].second;
    }
    for (int i = 0; i < int(layer.size()); ++i)
        position[layer[i]] = i;
}

/// Crossings between the edges of two neighbours of one layer, `first` above `second`.
int pairCrossings(const std::vector<int>& first, const std::vector<int>& second,
                  const std::vector<int>& position) {
    int crossings = 0;
    for (const int a : first) {
        for (const int b : second)
            crossings += position[a] > position[b];
    }
    return crossings;
}

/// Exchanges neighbours as long as that removes crossings.
void transpose(WorkGraph& graph, std::vector<int>& position) {
    constexpr int kRounds = 6;
    bool improved = true;
    for (int round = 0; round < kRounds && improved; ++round) {
        improved = false;
        for (auto& layer : graph.layers) {
            for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
                const int a = layer[i];
                const int b = layer[i + 1];
                const int now = pairCrossings(graph.up[a], graph.up[b], position) +
                                pairCrossings(graph.down[a], graph.down[b], position);
                const int then = pairCrossings(graph.up[b], graph.up[a], position) +
                                 pairCrossings(graph.down[b], graph.down[a], position);
                if (then >= now)
                    continue;
                std::swap(layer[i], layer[i + 1]);
                std::swap(position[a], position[b]);
                improved = true;
            }
        }
    }
}

void connect(WorkGraph& graph, int from, int to) {
    graph.down[from].push_back(to);
    graph.up[to].push_back(from);
}

int addVirtual(WorkGraph& graph, int rank) {
    WorkNode node;
    node.rank = rank;
    graph.nodes.push_back(node);
    graph.up.emplace_back();
    graph.down.emplace_back();
    return int(graph.nodes.size()) - 1;
}

/// Appends nodes to their layers in the order in which a walk from `root` meets them, so that what
/// belongs together starts together.
void collect(WorkGraph& graph, int root, std::vector<char>& seen) {
    std::vector<int> stack{root};
    seen[root] = 1;
    while (!stack.empty()) {
        const int node = stack.back();
        stack.pop_back();
        graph.layers[graph.nodes[node].rank].push_back(node);
        for (const auto* side : {&graph.up[node], &graph.down[node]}) {
            for (auto it = side->rbegin(); it != side->rend(); ++it) {
                if (!seen[*it]) {
                    seen[*it] = 1;
                    stack.push_back(*it);
                }
            }
        }
    }
}

}  // namespace

void splitLongEdges(WorkGraph& graph) {
    graph.up.assign(graph.nodes.size(), {});
    graph.down.assign(graph.nodes.size(), {});
    for (WorkEdge& edge : graph.edges) {
        int last = edge.from;
        const int end = graph.nodes[edge.to].rank;
        for (int rank = graph.nodes[edge.from].rank + 1; rank < end; ++rank) {
            const int node = addVirtual(graph, rank);
            edge.chain.push_back(node);
            connect(graph, last, node);
            last = node;
        }
        connect(graph, last, edge.to);
    }
    int ranks = 0;
    for (const WorkNode& node : graph.nodes)
        ranks = std::max(ranks, node.rank + 1);
    graph.layers.assign(ranks, {});
    std::vector<char> seen(graph.nodes.size(), 0);
    for (const bool sourcesOnly : {true, false}) {
        for (int n = 0; n < int(graph.nodes.size()); ++n) {
            if (!seen[n] && (!sourcesOnly || graph.up[n].empty()))
                collect(graph, n, seen);
        }
    }
}

int countCrossings(const WorkGraph& graph) {
    const std::vector<int> position = positionsIn(graph);
    int crossings = 0;
    for (std::size_t layer = 0; layer + 1 < graph.layers.size(); ++layer)
        crossings += crossingsAfter(graph, position, layer);
    return crossings;
}

int orderLayers(WorkGraph& graph, int sweeps) {
    std::vector<int> position = positionsIn(graph);
    auto best = graph.layers;
    int bestCrossings = countCrossings(graph);
    int barren = 0;
    for (int sweep = 0; sweep < sweeps && bestCrossings > 0 && barren < 4; ++sweep) {
        if (sweep % 2 == 0) {
            for (std::size_t i = 1; i < graph.layers.size(); ++i)
                sortByMedian(graph.layers[i], graph.up, position);
        } else {
            for (std::size_t i = graph.layers.size() - 1; i-- > 0;)
                sortByMedian(graph.layers[i], graph.down, position);
        }
        transpose(graph, position);
        const int crossings = countCrossings(graph);
        ++barren;
        if (crossings < bestCrossings) {
            best = graph.layers;
            bestCrossings = crossings;
            barren = 0;
        }
    }
    graph.layers = std::move(best);
    return bestCrossings;
}

}  // namespace levee::layout
