// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/exemplar_store.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "agent/ingest/hex_id.h"
#include "agent/ingest/name_table.h"

namespace levee::ingest {
namespace {

std::uint64_t bytesOf(const Trace& trace) {
    std::uint64_t bytes = sizeof(Trace) + trace.spans.capacity() * sizeof(TraceSpan);
    for (const TraceSpan& span : trace.spans)
        bytes += span.service.capacity() + span.name.capacity() + span.peer.capacity();
    return bytes;
}

/// The span that stands for the trace in a list: the earliest root, else the earliest of all.
const TraceSpan& headOf(const std::vector<TraceSpan>& spans) {
    const auto root = std::ranges::find(spans, std::uint64_t{0}, &TraceSpan::parent);
    return root == spans.end() ? spans.front() : *root;
}

void summarise(Trace& trace) {
    std::ranges::stable_sort(trace.spans, {}, &TraceSpan::startNanos);
    TraceSummary& summary = trace.summary;
    const TraceSpan& head = headOf(trace.spans);
    summary.service = head.service;
    summary.name = head.name;
    summary.startMillis = static_cast<std::int64_t>(trace.spans.front().startNanos / 1'000'000);
    summary.spans = static_cast<int>(trace.spans.size());
    summary.seconds = 0;
    summary.failed = false;
    for (const TraceSpan& span : trace.spans) {
        summary.seconds = std::max(summary.seconds, span.seconds());
        summary.failed = summary.failed || span.failed;
    }
}

/// One trace out of two parts of it.
std::shared_ptr<const Trace> joined(const Trace& known, const Trace& more, std::size_t limit) {
    auto both = std::make_shared<Trace>(known);
    std::unordered_set<std::uint64_t> ids;
    for (const TraceSpan& span : known.spans)
        ids.insert(span.id ^ static_cast<std::uint64_t>(span.kind) << 60U);
    for (const TraceSpan& span : more.spans) {
        if (!ids.insert(span.id ^ static_cast<std::uint64_t>(span.kind) << 60U).second)
            continue;  // the same export again
        if (both->spans.size() < limit)
            both->spans.push_back(span);
        else
            ++both->summary.spansLeftOut;
    }
    both->summary.spansLeftOut += more.summary.spansLeftOut;
    summarise(*both);
    return both;
}

}  // namespace

Trace traceOf(const CollectedTrace& collected) {
    Trace trace;
    trace.summary.id = hexOf(collected.id);
    trace.summary.spansLeftOut = static_cast<int>(collected.leftOut);
    trace.spans.reserve(collected.spans.size());
    std::string_view text = collected.text;
    const auto next = [&text](std::size_t size) {
        std::string part = cleanName(text.substr(0, size));
        text.remove_prefix(size);
        return part;
    };
    for (const CollectedTrace::Span& span : collected.spans) {
        TraceSpan& out = trace.spans.emplace_back();
        out.id = span.id;
        out.parent = span.parent;
        out.service = next(span.serviceBytes);
        out.name = next(span.nameBytes);
        out.peer = next(span.peerBytes);
        out.kind = span.kind;
        out.failed = span.failed;
        out.startNanos = span.startNanos;
        out.endNanos = span.endNanos;
    }
    summarise(trace);
    return trace;
}

ExemplarStore::Sightings ExemplarStore::sightingsOf(const Trace& trace) {
    Sightings all;
    std::unordered_map<std::uint64_t, const TraceSpan*> callers;
    for (const TraceSpan& span : trace.spans)
        if (span.kind == SpanKind::Client || span.kind == SpanKind::Producer)
            callers.emplace(span.id, &span);
    const auto see = [&all](std::string subject, double seconds, bool failed) {
        Sighting& seen = all[std::move(subject)];
        seen.seconds = std::max(seen.seconds, seconds);
        seen.failed = seen.failed || failed;
    };
    for (const TraceSpan& span : trace.spans) {
        if (span.kind == SpanKind::Client || span.kind == SpanKind::Producer) {
            if (!span.peer.empty())
                see(span.service + "->" + span.peer, span.seconds(), span.failed);
            continue;
        }
        if (span.kind != SpanKind::Server && span.kind != SpanKind::Consumer)
            continue;
        see(span.service, span.seconds(), span.failed);
        if (span.kind == SpanKind::Consumer && !span.peer.empty()) {
            see(span.peer + "->" + span.service, span.seconds(), span.failed);
            continue;
        }
        // A Zipkin SERVER span has its caller's own id; any other names it as its parent.
        auto caller = callers.find(span.id);
        if (caller == callers.end())
            caller = callers.find(span.parent);
        if (caller != callers.end())
            see(caller->second->service + "->" + span.service, caller->second->seconds(),
                caller->second->failed || span.failed);
        else if (span.parent == 0)
            see(std::string(kUserText) + "->" + span.service, span.seconds(), span.failed);
    }
    return all;
}

void ExemplarStore::add(const std::vector<std::unique_ptr<CollectedTrace>>& traces,
                        MonotonicTime now) {
    const std::lock_guard lock(mutex_);
    for (auto trace = traces_.begin(); trace != traces_.end();) {
        const auto next = std::next(trace);
        if (trace->second.at + limits_.keepFor <= now)
            remove(trace);
        trace = next;
    }
    std::erase_if(boards_, [](const auto& entry) {
        return entry.second.slowest.empty() && entry.second.failed.empty();
    });
    for (const auto& collected : traces)
        if (!collected->spans.empty())
            judge(std::make_shared<Trace>(traceOf(*collected)), now);
}

void ExemplarStore::judge(std::shared_ptr<const Trace> trace, MonotonicTime now) {
    const std::string id = trace->summary.id;
    if (const auto known = traces_.find(id); known != traces_.end()) {
        trace = joined(*known->second.trace, *trace, limits_.spansPerTrace);
        remove(known);
    }
    const Sightings sightings = sightingsOf(*trace);
    const bool isKept = std::ranges::any_of(
        sightings, [this](const auto& seen) { return isWanted(seen.first, seen.second); });
    const std::uint64_t bytes = bytesOf(*trace);
    if (!isKept || bytes > limits_.bytes)
        return;
    while (traces_.size() >= limits_.traces || bytes_ + bytes > limits_.bytes)
        removeOldest();
    const auto kept = traces_.emplace(id, Kept{std::move(trace), now, bytes}).first;
    bytes_ += bytes;
    for (const auto& [subject, seen] : sightings)
        if (isWanted(subject, seen))
            put(boards_[subject], seen, kept, now);
    if (kept->second.held == 0)
        remove(kept);
}

bool ExemplarStore::isWanted(const std::string& subject, const Sighting& seen) const {
    const auto board = boards_.find(subject);
    if (board == boards_.end())
        return boards_.size() < limits_.subjects;
    const auto& slowest = board->second.slowest;
    return seen.failed || slowest.size() < limits_.slowest || seen.seconds > slowest.back().seconds;
}

void ExemplarStore::put(Board& board, const Sighting& seen, Traces::iterator trace,
                        MonotonicTime now) {
    const auto place = std::ranges::find_if(
        board.slowest, [&seen](const Place& known) { return known.seconds < seen.seconds; });
    board.slowest.insert(place, {trace, seen.seconds, now});
    ++trace->second.held;
    if (seen.failed) {
        board.failed.insert(board.failed.begin(), {trace, seen.seconds, now});
        ++trace->second.held;
    }
    if (board.failed.size() > limits_.failed)
        dropLast(board.failed, trace);
    if (board.slowest.size() > limits_.slowest)
        dropLast(board.slowest, trace);
}

void ExemplarStore::dropLast(std::vector<Place>& places, Traces::iterator beingAdded) {
    const auto trace = places.back().trace;
    places.pop_back();
    if (--trace->second.held == 0 && trace != beingAdded) {
        bytes_ -= trace->second.bytes;
        traces_.erase(trace);
    }
}

void ExemplarStore::remove(Traces::iterator trace) {
    for (auto& [subject, board] : boards_)
        for (auto* places : {&board.slowest, &board.failed})
            std::erase_if(*places, [&](const Place& place) { return place.trace == trace; });
    bytes_ -= trace->second.bytes;
    traces_.erase(trace);
}

void ExemplarStore::removeOldest() {
    remove(
        std::ranges::min_element(traces_, {}, [](const auto& entry) { return entry.second.at; }));
}

std::vector<TraceSummary> ExemplarStore::list(std::string_view subject, std::size_t limit) const {
    std::vector<TraceSummary> all;
    const std::lock_guard lock(mutex_);
    std::map<const Trace*, std::vector<std::string>> keptFor;
    for (const auto& [name, board] : boards_)
        for (const auto* places : {&board.slowest, &board.failed})
            for (const Place& place : *places) {
                auto& names = keptFor[place.trace->second.trace.get()];
                if (names.empty() || names.back() != name)
                    names.push_back(name);
            }
    for (auto& [trace, names] : keptFor) {
        if (!subject.empty() && !std::ranges::binary_search(names, subject))
            continue;
        all.push_back(trace->summary);
        all.back().keptFor = std::move(names);
    }
    std::ranges::sort(all, [](const TraceSummary& a, const TraceSummary& b) {
        return a.seconds != b.seconds ? a.seconds > b.seconds : a.id < b.id;
    });
    all.resize(std::min(all.size(), limit));
    return all;
}

std::shared_ptr<const Trace> ExemplarStore::find(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = traces_.lower_bound(id);
    if (id.empty() || found == traces_.end() || !found->first.starts_with(id))
        return nullptr;
    const auto next = std::next(found);
    const bool isUnique =
        found->first == id || next == traces_.end() || !next->first.starts_with(id);
    return isUnique ? found->second.trace : nullptr;
}

std::size_t ExemplarStore::size() const {
    const std::lock_guard lock(mutex_);
    return traces_.size();
}

std::uint64_t ExemplarStore::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

}  // namespace levee::ingest
