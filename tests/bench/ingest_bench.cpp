// SPDX-License-Identifier: Apache-2.0
// Spans a second on one core, from protobuf bytes to updated edges, in one run:
//   decode    bytes -> span records
//   edges     bytes -> span records -> paired, counted on edges, self times, a window each second,
//             slow and failed traces collected and kept
//   json      the same kind of spans in OTLP's JSON form -> span records
//   walk      the floor: a pass over the same bytes that only visits every span and attribute
//   ingest_bench [SECONDS]
// The traffic: batches of 240 spans per service as the SDK exports them, two thirds INTERNAL.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <vector>

#include "agent/ingest/exemplar_store.h"
#include "agent/ingest/otlp_decoder.h"
#include "agent/ingest/otlp_json_decoder.h"
#include "agent/ingest/span_pairing.h"
#include "agent/ingest/trace_buffer.h"
#include "tests/bench/span_bodies.h"

using namespace levee;
using namespace levee::ingest;

namespace {

constexpr std::uint64_t kTraces = 20'000;

std::uint64_t walk(protozero::pbf_reader message, int depth) {
    // request 1, resource spans 2, scope spans 2, span 9, attribute
    static constexpr protozero::pbf_tag_type kInner[] = {1, 2, 2, 9};
    std::uint64_t fields = 0;
    while (message.next()) {
        ++fields;
        if (depth < 4 && message.tag() == kInner[depth] &&
            message.wire_type() == protozero::pbf_wire_type::length_delimited)
            fields += walk(message.get_message(), depth + 1);
        else
            message.skip();
    }
    return fields;
}

std::uint64_t residentBytes() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmRSS:"))
            return std::stoull(line.substr(6)) * 1024;
    return 0;
}

double cpuSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Nanoseconds of CPU a span, `work` run over all bodies until `seconds` have passed.
template <typename Work>
double measure(const char* name, double seconds, const std::vector<std::string>& bodies,
               Work work) {
    std::uint64_t spans = 0;
    const double start = cpuSeconds();
    do {
        for (const std::string& body : bodies)
            work(body);
        spans += kTraces * 12;
    } while (cpuSeconds() - start < seconds);
    const double nanos = (cpuSeconds() - start) * 1e9 / static_cast<double>(spans);
    std::printf("%-8s %7.1f ns/span  %6.2f million spans/s a core  RSS %4llu MiB\n", name, nanos,
                1e3 / nanos, static_cast<unsigned long long>(residentBytes() >> 20U));
    return nanos;
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
    const std::vector<std::string> bodies = bench::makeBodies(kTraces);
    std::uint64_t bytes = 0;
    for (const std::string& body : bodies)
        bytes += body.size();
    std::printf("%zu bodies, %.0f bytes a span\n", bodies.size(),
                static_cast<double>(bytes) / static_cast<double>(kTraces * 12));
    std::uint64_t fields = 0;
    SpanBatch batch;
    const double floor = measure("walk", seconds, bodies, [&](const std::string& body) {
        fields += walk(protozero::pbf_reader(body.data(), body.size()), 0);
    });
    const double decode = measure("decode", seconds, bodies, [&](const std::string& body) {
        if (!decodeTraces(body, {}, batch))
            std::abort();
    });
    const std::vector<std::string> json(kTraces * bench::kSpansPerTrace / bench::kBatch,
                                        bench::makeJsonBody());
    measure("json", seconds, json, [&](const std::string& body) {
        if (!decodeOtlpJson(body, {}, batch) || batch.spans.size() != bench::kBatch)
            std::abort();
    });
    MonotonicTime now{std::chrono::hours(1)};
    PairingOptions limits;
    limits.selfTime.spans = 4'000'000;  // nothing is dropped: all of the work is measured
    SpanPairing pairing(limits, now);
    TraceBufferLimits collecting;
    collecting.collectFor = std::chrono::seconds(1);  // so that a short run judges traces as well
    TraceBuffer collected(collecting);
    ExemplarStore exemplars({});
    std::uint64_t requests = 0;
    std::uint64_t round = 0;
    MonotonicTime windowEnd = now + std::chrono::seconds(1);
    const double edges = measure("edges", seconds, bodies, [&](const std::string& body) {
        if (!decodeTraces(body, {}, batch))
            std::abort();
        // Every round gets traces of its own: the stored bodies are used over and over.
        for (SpanRecord& span : batch.spans) {
            span.trace.high += round;
            span.trace.low += round << 32U;
        }
        pairing.add(batch, now);
        collected.add(batch, now);
        now += std::chrono::microseconds(240);  // as if a million spans a second came in
        round += &body == &bodies.back() ? 1 : 0;
        if (now < windowEnd)
            return;
        windowEnd = now + std::chrono::seconds(1);
        pairing.sweep(now);
        exemplars.add(collected.take(now), now);
        for (const EdgeWindow& edge : pairing.takeWindow(now).edges)
            requests += edge.requests;
    });
    const PairingCounters counters = pairing.counters();
    std::printf(
        "edges/walk %.2f  decode/walk %.2f  paired %llu dropped %llu requests %llu (%llu)\n",
        edges / floor, decode / floor, static_cast<unsigned long long>(counters.paired),
        static_cast<unsigned long long>(counters.droppedFull + counters.selfTimeDropped),
        static_cast<unsigned long long>(requests), static_cast<unsigned long long>(fields % 2));
    std::printf("collected %llu spans (%.2f %% of traces now), kept %zu traces\n",
                static_cast<unsigned long long>(collected.spans()), 100 * collected.share(),
                exemplars.size());
    return 0;
}
