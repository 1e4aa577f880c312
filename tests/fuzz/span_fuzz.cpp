// SPDX-License-Identifier: Apache-2.0
// Fuzz target: bytes -> decoder -> pairing -> window, built once for each format
// (LEVEE_FUZZ_FORMAT is a SpanFormat). With libFuzzer it is the fuzzer; without, span_replay.cpp
// feeds it the stored corpus and damaged copies of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/ingest/span_format.h"
#include "agent/ingest/span_pairing.h"

using namespace levee;
using namespace levee::ingest;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static SpanBatch batch;
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    if (!decodeSpans(SpanFormat::LEVEE_FUZZ_FORMAT, body, {}, batch)) {
        if (!batch.spans.empty() || !batch.services.empty())
            std::abort();
        return 0;
    }
    PairingOptions limits;
    limits.waiting = 64;
    limits.remembered = 64;
    limits.names = 16;
    limits.edges = 16;
    limits.selfTime.spans = 64;
    MonotonicTime now{std::chrono::hours(1)};
    SpanPairing pairing(limits, now);
    pairing.add(batch, now);
    pairing.add(batch, now);  // the same export again
    if (pairing.waiting() > limits.waiting)
        std::abort();
    for (int i = 0; i < 4; ++i) {
        now += std::chrono::seconds(10);
        pairing.sweep(now);
        const TraceWindow window = pairing.takeWindow(now);
        if (window.edges.size() > limits.edges + 1)
            std::abort();
    }
    if (pairing.waiting() != 0)
        std::abort();
    return 0;
}
