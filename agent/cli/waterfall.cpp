// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/waterfall.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "agent/cli/table.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

constexpr std::size_t kDeepest = 20;  // beyond, lines are indented no further

/// A span at its place, by its tree's own clock: nanoseconds, which may lie before the first.
struct Line {
    const TraceSpan* span = nullptr;
    std::size_t depth = 0;
    double start = 0;
    double end = 0;
    bool isMoved = false;
};

class Tree {
public:
    explicit Tree(const Trace& trace) : trace_(trace) {
        std::multimap<std::uint64_t, const TraceSpan*> byId;
        for (const TraceSpan& span : trace.spans)
            byId.emplace(span.id, &span);
        for (const TraceSpan& span : trace.spans)
            children_.emplace(parentOf(span, byId), &span);
    }

    std::vector<Line> lines() {
        place(nullptr, 0, 0, nullptr);
        // What names each other as parents hangs below no root.
        for (const TraceSpan& span : trace_.spans)
            if (!shown_[&span])
                show(span, 0, 0, nullptr);
        return std::move(lines_);
    }

private:
    using ById = std::multimap<std::uint64_t, const TraceSpan*>;

    /// The span above: the caller of the same id (Zipkin), else the parent; among spans that share
    /// that id the SERVER's, which is the nearer one. nullptr: none was seen.
    static const TraceSpan* parentOf(const TraceSpan& span, const ById& byId) {
        const auto [first, last] = byId.equal_range(span.id);
        if (span.kind == SpanKind::Server)
            for (auto other = first; other != last; ++other)
                if (other->second->kind == SpanKind::Client)
                    return other->second;
        const TraceSpan* best = nullptr;
        const auto [from, to] = byId.equal_range(span.parent);
        for (auto other = from; span.parent != 0 && other != to; ++other)
            if (other->second != &span &&
                (best == nullptr || other->second->kind == SpanKind::Server))
                best = other->second;
        return best;
    }

    void place(const TraceSpan* parent, std::size_t depth, double shift, const Line* above) {
        const auto [first, last] = children_.equal_range(parent);
        for (auto child = first; child != last; ++child)
            if (!shown_[child->second])
                show(*child->second, depth, shift, above);
    }

    void show(const TraceSpan& span, std::size_t depth, double shift, const Line* above) {
        shown_[&span] = true;
        const std::uint64_t origin = trace_.spans.front().startNanos;  // the earliest
        const double length = span.seconds() * 1e9;
        Line line{&span, depth, static_cast<double>(span.startNanos - origin) + shift, 0, false};
        if (above != nullptr && span.kind == SpanKind::Server &&
            (line.start < above->start || line.start + length > above->end)) {
            const double middle = (above->start + above->end - length) / 2;
            shift += middle - line.start;
            line.start = middle;
            line.isMoved = true;
        }
        line.end = line.start + length;
        lines_.push_back(line);
        place(&span, depth + 1, shift, &line);
    }

    const Trace& trace_;
    std::multimap<const TraceSpan*, const TraceSpan*> children_;  ///< nullptr: the roots
    std::map<const TraceSpan*, bool> shown_;
    std::vector<Line> lines_;
};

std::string bar(double from, double to, std::size_t width) {
    const auto cells = static_cast<double>(width);
    constexpr double kRounding = 1e-9;
    const auto first =
        static_cast<std::size_t>(std::clamp(std::floor(from * cells + kRounding), 0.0, cells - 1));
    const auto last = static_cast<std::size_t>(
        std::clamp(std::ceil(to * cells - kRounding), static_cast<double>(first) + 1, cells));
    return std::string(first, '.') + std::string(last - first, '#') +
           std::string(width - last, '.');
}

std::string labelOf(const Line& line) {
    const TraceSpan& span = *line.span;
    std::string label(2 * std::min(line.depth, kDeepest), ' ');
    label += span.service + ": " + span.name;
    if (!span.peer.empty())
        label += " -> " + span.peer;
    return label;
}

}  // namespace

std::string waterfall(const Trace& trace, std::size_t width) {
    if (trace.spans.empty())
        return "no spans\n";
    const std::vector<Line> lines = Tree(trace).lines();
    double start = lines.front().start;
    double end = lines.front().end;
    for (const Line& line : lines) {
        start = std::min(start, line.start);
        end = std::max(end, line.end);
    }
    const double whole = std::max(end - start, 1.0);
    Table table({{"SPAN"},
                 {"KIND"},
                 {"AT", Table::Align::Right},
                 {"TOOK", Table::Align::Right},
                 {""},
                 {"WHEN"}});
    for (const Line& line : lines)
        table.add({labelOf(line), std::string(name(line.span->kind)),
                   formatLatency((line.start - start) * 1e-9), formatLatency(line.span->seconds()),
                   std::string(line.span->failed ? "FAILED" : "") + (line.isMoved ? "~" : ""),
                   bar((line.start - start) / whole, (line.end - start) / whole, width)});
    return table.text();
}

}  // namespace levee::cli
