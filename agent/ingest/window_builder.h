// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/ingest/name_table.h"
#include "agent/ingest/span_record.h"
#include "agent/ingest/trace_window.h"

namespace levee::ingest {

/// One call for an edge. Nothing in a latency: that side did not tell.
struct EdgeObservation {
    NameId client = kNoName;
    NameId server = kNoName;
    NodeKind serverKind = NodeKind::Service;
    std::uint32_t requests = 1;  ///< this and below: times the weight of the spans
    std::uint32_t failures = 0;
    std::uint32_t attempts = 1;
    std::uint32_t weight = 1;
    bool matched = false;    ///< both halves are there
    bool unmatched = false;  ///< the other half did not come
    std::optional<double> clientSeconds{};
    std::optional<double> serverSeconds{};
};

/// Adds observations up to one window. Edges beyond the limit go to "(other)". Confined to the
/// intake thread.
class WindowBuilder {
public:
    WindowBuilder(NameTable& names, std::size_t edgeLimit) : names_(names), edgeLimit_(edgeLimit) {}

    void add(const EdgeObservation& seen);
    void addSplit(NameId client, NameId server, const SplitSums& split);
    void addSpan(NameId name, bool failed, double seconds, std::uint32_t weight);
    void addSelfTime(NameId name, double seconds, std::uint32_t weight);
    /// A SERVER or CONSUMER half whose caller did not come, or a caller's half that nobody answered
    /// and that does not name whom it called.
    void addOrphan(NameId service, bool isCaller, std::uint32_t weight);
    void addSource(NameId name, const ServiceSource& source);

    /// The window so far, sorted; the builder starts anew.
    TraceWindow take(MonotonicTime start, MonotonicTime end);

    std::uint64_t overflowed() const { return overflowed_; }

private:
    struct EdgeSum {
        NodeKind serverKind = NodeKind::External;
        std::uint64_t requests = 0;
        std::uint64_t failures = 0;
        std::uint64_t attempts = 0;
        stats::Histogram clientLatency;
        stats::Histogram serverLatency;
        std::uint64_t seen = 0;
        std::uint64_t matched = 0;
        std::uint64_t unmatched = 0;
        SplitSums split;
    };
    /// Halves of one service without a partner, and with.
    struct Halves {
        std::uint64_t calledOrphans = 0;
        std::uint64_t callerOrphans = 0;
        std::uint64_t calledMatched = 0;
        std::uint64_t callerMatched = 0;
    };
    struct ServiceSum {
        std::uint64_t requests = 0;
        std::uint64_t failures = 0;
        stats::Histogram latency;
        stats::Histogram selfTime;
        absl::flat_hash_set<std::string> instances;
        absl::flat_hash_set<std::string> hosts;
        Owner owner;
    };
    EdgeSum& edge(NameId client, NameId server);
    ServiceSum& service(NameId id);
    NodeKind clientKindOf(NameId client) const;
    EdgeWindow describe(NameId client, NameId server, const EdgeSum& sum) const;

    NameTable& names_;
    const std::size_t edgeLimit_;
    absl::flat_hash_map<std::uint64_t, std::unique_ptr<EdgeSum>> edges_;  ///< client << 32 | server
    absl::flat_hash_map<NameId, std::unique_ptr<ServiceSum>> services_;
    absl::flat_hash_map<NameId, NodeKind> queues_;  ///< nodes that call but send no spans
    absl::flat_hash_map<NameId, Halves> halves_;
    std::uint64_t overflowed_ = 0;
};

}  // namespace levee::ingest
