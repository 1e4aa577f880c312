// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/waterfall/waterfall_rows.h"

#include <algorithm>
#include <unordered_map>

namespace levee {
namespace {

constexpr double kNano = 1e-9;

class Layout {
public:
    explicit Layout(const Trace& trace) : spans_(trace.spans), children_(trace.spans.size()) {
        std::unordered_map<std::uint64_t, std::size_t> places;
        for (std::size_t i = 0; i < spans_.size(); ++i)
            places.emplace(spans_[i].id, i);
        for (std::size_t i = 0; i < spans_.size(); ++i) {
            const auto parent = places.find(spans_[i].parent);
            const bool isRoot =
                spans_[i].parent == 0 || parent == places.end() || parent->second == i;
            if (isRoot)
                roots_.push_back(i);
            else
                children_[parent->second].push_back(i);
        }
        const auto byStart = [this](std::size_t i) { return spans_[i].startNanos; };
        std::ranges::sort(roots_, {}, byStart);
        for (auto& each : children_)
            std::ranges::sort(each, {}, byStart);
    }

    Waterfall run() {
        if (spans_.empty())
            return {};
        first_ = std::ranges::min(spans_, {}, &TraceSpan::startNanos).startNanos;
        const std::uint64_t last = std::ranges::max(spans_, {}, &TraceSpan::endNanos).endNanos;
        Waterfall waterfall;
        waterfall.seconds = last > first_ ? static_cast<double>(last - first_) * kNano : 0;
        isPlaced_.assign(spans_.size(), false);
        for (const std::size_t root : roots_)
            place(root, waterfall.rows);
        // What only a cycle reaches.
        for (std::size_t i = 0; i < spans_.size(); ++i)
            place(i, waterfall.rows);
        markCritical(waterfall.rows);
        return waterfall;
    }

private:
    void place(std::size_t root, std::vector<WaterfallRow>& rows) {
        std::vector<std::pair<std::size_t, int>> open{{root, 0}};
        while (!open.empty()) {
            const auto [at, depth] = open.back();
            open.pop_back();
            if (isPlaced_[at])
                continue;
            isPlaced_[at] = true;
            const TraceSpan& span = spans_[at];
            rows.push_back({at, depth, static_cast<double>(span.startNanos - first_) * kNano,
                            span.seconds(), std::max(0.0, span.seconds() - covered(at)), false});
            for (auto child = children_[at].rbegin(); child != children_[at].rend(); ++child)
                open.emplace_back(*child, depth + 1);
        }
    }

    /// Seconds of a span that at least one of its children covers.
    double covered(std::size_t at) const {
        const TraceSpan& span = spans_[at];
        std::uint64_t until = span.startNanos;
        std::uint64_t sum = 0;
        for (const std::size_t child : children_[at]) {
            const std::uint64_t from = std::max(until, spans_[child].startNanos);
            const std::uint64_t to = std::min(span.endNanos, spans_[child].endNanos);
            if (to <= from)
                continue;
            sum += to - from;
            until = to;
        }
        return static_cast<double>(sum) * kNano;
    }

    /// From the longest root down: the child that ends last, each time.
    void markCritical(std::vector<WaterfallRow>& rows) const {
        if (roots_.empty())
            return;
        std::size_t at =
            std::ranges::max(roots_, {}, [this](std::size_t i) { return spans_[i].seconds(); });
        for (std::size_t steps = 0; steps < spans_.size(); ++steps) {
            const auto row = std::ranges::find(rows, at, &WaterfallRow::span);
            if (row == rows.end() || row->isCritical)
                return;
            row->isCritical = true;
            if (children_[at].empty())
                return;
            at = std::ranges::max(children_[at], {},
                                  [this](std::size_t i) { return spans_[i].endNanos; });
        }
    }

    const std::vector<TraceSpan>& spans_;
    std::vector<std::vector<std::size_t>> children_;
    std::vector<std::size_t> roots_;
    std::vector<bool> isPlaced_;
    std::uint64_t first_ = 0;
};

}  // namespace

Waterfall layOutWaterfall(const Trace& trace) {
    return Layout(trace).run();
}

}  // namespace levee
