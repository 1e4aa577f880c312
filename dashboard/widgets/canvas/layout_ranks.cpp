// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "dashboard/widgets/canvas/layout_stages.h"

namespace levee::layout {
namespace {

/// Edges out of and into each node, as indices into graph.edges.
struct Incidence {
    std::vector<std::vector<int>> out;
    std::vector<std::vector<int>> in;
};

Incidence incidenceOf(const WorkGraph& graph) {
    Incidence incidence{std::vector<std::vector<int>>(graph.nodes.size()),
                        std::vector<std::vector<int>>(graph.nodes.size())};
    for (int e = 0; e < int(graph.edges.size()); ++e) {
        incidence.out[graph.edges[e].from].push_back(e);
        incidence.in[graph.edges[e].to].push_back(e);
    }
    return incidence;
}

enum class Mark : char { White, Open, Done };

/// Walks from `root` without recursion and reverses each edge that leads to an open node.
void reverseBackEdges(WorkGraph& graph, const Incidence& incidence, int root,
                      std::vector<Mark>& marks) {
    std::vector<std::pair<int, std::size_t>> path{{root, 0}};
    marks[root] = Mark::Open;
    while (!path.empty()) {
        auto& [node, next] = path.back();
        if (next == incidence.out[node].size()) {
            marks[node] = Mark::Done;
            path.pop_back();
            continue;
        }
        WorkEdge& edge = graph.edges[incidence.out[node][next++]];
        const int target = edge.to;
        if (marks[target] == Mark::Open) {
            std::swap(edge.from, edge.to);
            edge.reversed = true;
        } else if (marks[target] == Mark::White) {
            marks[target] = Mark::Open;
            path.emplace_back(target, 0);
        }
    }
}

/// Longest path from the sources, in topological order.
std::vector<int> rankByLongestPath(WorkGraph& graph, const Incidence& incidence) {
    const int count = int(graph.nodes.size());
    std::vector<int> waiting(count);
    std::vector<int> order;
    order.reserve(count);
    for (int n = 0; n < count; ++n) {
        waiting[n] = int(incidence.in[n].size());
        if (waiting[n] == 0)
            order.push_back(n);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (const int e : incidence.out[order[i]]) {
            const int target = graph.edges[e].to;
            graph.nodes[target].rank =
                std::max(graph.nodes[target].rank, graph.nodes[order[i]].rank + 1);
            if (--waiting[target] == 0)
                order.push_back(target);
        }
    }
    return order;
}

/// The rank in the node's free range at which its edges are shortest in sum.
int bestRank(const WorkGraph& graph, const Incidence& incidence, int node) {
    int low = std::numeric_limits<int>::min();
    int high = std::numeric_limits<int>::max();
    for (const int e : incidence.in[node])
        low = std::max(low, graph.nodes[graph.edges[e].from].rank + 1);
    for (const int e : incidence.out[node])
        high = std::min(high, graph.nodes[graph.edges[e].to].rank - 1);
    const std::size_t in = incidence.in[node].size();
    const std::size_t out = incidence.out[node].size();
    if (out > in)
        return high;
    return in > out ? low : graph.nodes[node].rank;
}

/// Longest way from each node to a sink, in edges.
std::vector<int> depthsBehind(const WorkGraph& graph, const Incidence& incidence,
                              const std::vector<int>& order) {
    std::vector<int> depth(graph.nodes.size(), 0);
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        for (const int e : incidence.out[*it])
            depth[*it] = std::max(depth[*it], depth[graph.edges[e].to] + 1);
    }
    return depth;
}

/// Fills ranks up to `most` nodes, from the left; what has the longest way behind it goes first
/// (Coffman and Graham's idea), so that a picture with many leaves grows wide instead of tall.
void boundRanks(WorkGraph& graph, const Incidence& incidence, const std::vector<int>& order,
                int most) {
    const std::vector<int> depth = depthsBehind(graph, incidence, order);
    std::vector<int> queue = order;
    std::stable_sort(queue.begin(), queue.end(), [&](int a, int b) {
        if (graph.nodes[a].rank != graph.nodes[b].rank)
            return graph.nodes[a].rank < graph.nodes[b].rank;
        return depth[a] > depth[b];
    });
    std::vector<int> used;
    for (const int node : queue) {
        int rank = graph.nodes[node].rank;
        for (const int e : incidence.in[node])
            rank = std::max(rank, graph.nodes[graph.edges[e].from].rank + 1);
        while (rank < int(used.size()) && used[rank] >= most)
            ++rank;
        if (rank >= int(used.size()))
            used.resize(std::size_t(rank) + 1, 0);
        ++used[rank];
        graph.nodes[node].rank = rank;
    }
}

}  // namespace

void breakCycles(WorkGraph& graph) {
    const Incidence incidence = incidenceOf(graph);
    std::vector<Mark> marks(graph.nodes.size(), Mark::White);
    // Sources first: an edge back to where traffic enters is the one that should look reversed.
    for (const bool sourcesOnly : {true, false}) {
        for (int n = 0; n < int(graph.nodes.size()); ++n) {
            if (marks[n] == Mark::White && (!sourcesOnly || incidence.in[n].empty()))
                reverseBackEdges(graph, incidence, n, marks);
        }
    }
}

void assignRanks(WorkGraph& graph, int most) {
    const Incidence incidence = incidenceOf(graph);
    const std::vector<int> order = rankByLongestPath(graph, incidence);
    constexpr int kRounds = 8;
    for (int round = 0; round < kRounds; ++round) {
        bool moved = false;
        for (auto it = order.rbegin(); it != order.rend(); ++it) {
            const int rank = bestRank(graph, incidence, *it);
            moved |= rank != graph.nodes[*it].rank;
            graph.nodes[*it].rank = rank;
        }
        if (!moved)
            break;
    }
    int lowest = std::numeric_limits<int>::max();
    for (const WorkNode& node : graph.nodes)
        lowest = std::min(lowest, node.rank);
    for (WorkNode& node : graph.nodes)
        node.rank -= lowest;
    boundRanks(graph, incidence, order, most);
}

}  // namespace levee::layout
