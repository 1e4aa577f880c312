// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_history.h"

#include <algorithm>

#include "shared/wire/convert_topology.h"
#include "shared/wire/enum_wire.h"

namespace levee::wire {
namespace {

void toWire(const LatencyFacet& value, v1::LatencyFacet& message) {
    message.set_unknown(value.isUnknown);
    message.set_outcome(enumToWire<v1::RequestOutcome>(value.outcome));
    message.set_status(value.status);
    message.set_instance(value.instance);
    message.set_class_name(value.className);
    message.set_retried(value.isRetried);
    message.set_queued(value.isQueued);
    message.set_breaker(enumToWire<v1::BreakerState>(value.breaker));
    message.set_held(value.isHeld);
    message.set_revision(value.revision);
}

LatencyFacet fromWire(const v1::LatencyFacet& message) {
    LatencyFacet value;
    value.isUnknown = message.unknown();
    value.outcome = enumFromWire(message.outcome(), Outcome::Timeout);
    value.status = static_cast<std::uint16_t>(std::min<std::uint32_t>(message.status(), 0xFFFF));
    value.instance = message.instance();
    value.className = message.class_name();
    value.isRetried = message.retried();
    value.isQueued = message.queued();
    value.breaker = enumFromWire(message.breaker(), BreakerState::ForcedClosed);
    value.isHeld = message.held();
    value.revision = message.revision();
    return value;
}

/// The tables of slices mostly are the same: on the wire a stream has one for all.
void toWire(const LatencyStream& value, v1::LatencyStream& message) {
    message.set_subject(value.subject);
    message.set_from_traces(value.isFromTraces);
    std::vector<LatencyFacet> table;
    const auto placeOf = [&](const LatencyFacet& facet) {
        const auto found = std::find(table.begin(), table.end(), facet);
        const auto place = static_cast<std::uint32_t>(found - table.begin());
        if (found == table.end()) {
            toWire(facet, *message.add_facets());
            table.push_back(facet);
        }
        return place;
    };
    for (const LatencySlice& slice : value.slices) {
        v1::LatencySlice& added = *message.add_slices();
        added.set_millis(slice.millis);
        std::vector<std::int64_t> places(slice.facets.size(), -1);
        for (const LatencyCell& cell : slice.cells) {
            std::int64_t& place = places.at(cell.facet);
            if (place < 0)
                place = placeOf(slice.facets[cell.facet]);
            added.add_buckets(cell.bucket);
            added.add_facets(static_cast<std::uint32_t>(place));
            added.add_counts(cell.count);
        }
    }
}

LatencySlice fromWire(const v1::LatencySlice& message, const std::vector<LatencyFacet>& table) {
    LatencySlice slice;
    slice.millis = message.millis();
    if (message.facets_size() != message.buckets_size() ||
        message.counts_size() != message.buckets_size())
        return slice;
    std::vector<int> places(table.size(), -1);
    for (int i = 0; i < message.buckets_size(); ++i) {
        const std::uint32_t facet = message.facets(i);
        if (message.buckets(i) >= kLatencyBuckets || facet >= table.size())
            continue;
        if (places[facet] < 0) {
            if (slice.facets.size() > 0xFF)
                continue;
            places[facet] = static_cast<int>(slice.facets.size());
            slice.facets.push_back(table[facet]);
        }
        slice.cells.push_back({static_cast<std::uint8_t>(message.buckets(i)),
                               static_cast<std::uint8_t>(places[facet]), message.counts(i)});
    }
    return slice;
}

}  // namespace

void toWire(const Footprint& value, v1::Footprint& message) {
    message.set_cpu_cores(value.cpuCores);
    message.set_memory_bytes(value.memoryBytes);
    message.set_cpu_pressure(value.cpuPressure);
    message.set_rtt_seconds(value.rtt);
    message.set_min_rtt_seconds(value.minRtt);
    message.set_retransmission_rate(value.retransmissionRate);
}

Footprint fromWire(const v1::Footprint& message) {
    Footprint value;
    value.cpuCores = message.cpu_cores();
    value.memoryBytes = message.memory_bytes();
    value.cpuPressure = message.cpu_pressure();
    value.rtt = message.rtt_seconds();
    value.minRtt = message.min_rtt_seconds();
    value.retransmissionRate = message.retransmission_rate();
    return value;
}

void toWire(const SeriesPoint& value, v1::SeriesPoint& message) {
    message.set_millis(value.millis);
    toWire(value.traffic, *message.mutable_traffic());
    toWire(value.footprint, *message.mutable_footprint());
}

SeriesPoint fromWire(const v1::SeriesPoint& message) {
    SeriesPoint value;
    value.millis = message.millis();
    value.traffic = fromWire(message.traffic());
    if (message.has_footprint())
        value.footprint = fromWire(message.footprint());
    return value;
}

void toWire(const LatencyMap& value, v1::LatencyReply& message) {
    message.set_slice_millis(value.sliceMillis);
    message.set_kept_from_millis(value.keptFromMillis);
    message.set_until_millis(value.untilMillis);
    message.set_streams_left_out(value.streamsLeftOut);
    for (const LatencyStream& stream : value.streams)
        toWire(stream, *message.add_streams());
}

LatencyMap fromWire(const v1::LatencyReply& message) {
    LatencyMap value;
    value.sliceMillis = message.slice_millis();
    value.keptFromMillis = message.kept_from_millis();
    value.untilMillis = message.until_millis();
    value.streamsLeftOut = message.streams_left_out();
    for (const v1::LatencyStream& stream : message.streams()) {
        LatencyStream& added = value.streams.emplace_back();
        added.subject = stream.subject();
        added.isFromTraces = stream.from_traces();
        std::vector<LatencyFacet> table;
        for (const v1::LatencyFacet& facet : stream.facets())
            table.push_back(fromWire(facet));
        for (const v1::LatencySlice& slice : stream.slices())
            added.slices.push_back(fromWire(slice, table));
    }
    return value;
}

}  // namespace levee::wire
