// SPDX-License-Identifier: Apache-2.0
// What the guards cost in the path of a request, beside a bare atomic increment and a bare
// compare-and-swap in the same run: `tests/bench/run.sh guards`. The clock is not part of it, since
// the caller passes the time in; it stands beside as `clock`. With two threads the figure is wall
// time over the operations of both, so that 1 thread = 2 threads means no gain from the second.
#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <numbers>

#include "shared/base/random.h"
#include "shared/guard/adaptive_limit.h"
#include "shared/guard/breaker.h"
#include "shared/guard/permit.h"
#include "shared/stats/atomic_histogram.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

const MonotonicTime kStart{1h};
std::atomic<bool> isBroken = false;  ///< something did not do its work: the figures mean nothing

void require(benchmark::State& state, bool holds, const char* what) {
    if (!holds) {
        isBroken = true;
        state.SkipWithError(what);
    }
}

/// Lognormal around 20 ms, so that neither buckets nor branches are the same each time.
const auto kLatencies = [] {
    std::array<Duration, 4096> values;
    Random random(1);
    for (Duration& value : values) {
        const double u = 1 - random.uniform();
        const double normal =
            std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * random.uniform());
        value = fromSeconds(0.02 * std::exp(0.6 * normal));
    }
    return values;
}();

Duration latency(std::uint64_t i) {
    return kLatencies[i % kLatencies.size()];
}

void increment(benchmark::State& state) {
    static std::atomic<std::uint64_t> counter;
    for (auto _ : state) {
        benchmark::DoNotOptimize(counter.fetch_add(1, std::memory_order_relaxed));
    }
}
BENCHMARK(increment)->ThreadRange(1, 2)->UseRealTime();

void compareAndSwap(benchmark::State& state) {
    static std::atomic<std::uint64_t> counter;
    for (auto _ : state) {
        std::uint64_t seen = counter.load(std::memory_order_relaxed);
        while (!counter.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed)) {
        }
    }
}
BENCHMARK(compareAndSwap)->ThreadRange(1, 2)->UseRealTime();

void clock(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(std::chrono::steady_clock::now());
    }
}
BENCHMARK(clock);

std::unique_ptr<PermitLimiter> limiterOfRun;  ///< of the run; all its threads share it

void makeAdaptiveLimiter(const benchmark::State&) {
    limiterOfRun =
        std::make_unique<PermitLimiter>(makeLimit({.minLimit = 1'000}, kInProcess), kStart);
}

/// A permit taken and ended, an adaptive limit inside, a microsecond between two: a window closes
/// every 10,000.
void permit(benchmark::State& state) {
    MonotonicTime now = kStart;
    std::uint64_t i = 0;
    std::uint64_t refused = 0;
    for (auto _ : state) {
        now += 1us;
        if (auto taken = limiterOfRun->tryAcquire(now - latency(i++))) {
            taken->success(now);
        } else {
            ++refused;
        }
    }
    require(state, refused == 0, "a permit was refused far below the limit");
}
BENCHMARK(permit)->Setup(makeAdaptiveLimiter)->ThreadRange(1, 2)->UseRealTime();

void refusal(benchmark::State& state) {
    static PermitLimiter limiter(makeLimit({.kind = LimiterKind::Fixed, .limit = 1}, kInProcess),
                                 kStart);
    static const auto held = limiter.tryAcquire(kStart);
    std::uint64_t granted = 0;
    for (auto _ : state) {
        granted += limiter.tryAcquire(kStart).has_value() ? 1 : 0;
    }
    require(state, held && granted == 0, "a permit was granted above the limit");
}
BENCHMARK(refusal)->ThreadRange(1, 2)->UseRealTime();

/// A permit that comes 100 ms after the one before, and so closes a window.
void permitThatClosesAWindow(benchmark::State& state) {
    PermitLimiter limiter(makeLimit({}, kInProcess), kStart);
    MonotonicTime now = kStart;
    std::uint64_t granted = 0;
    for (auto _ : state) {
        now += 100ms;
        if (auto taken = limiter.tryAcquire(now)) {
            taken->success(now + 1ms);
            ++granted;
        }
    }
    require(state, granted == static_cast<std::uint64_t>(state.iterations()), "refused");
}
BENCHMARK(permitThatClosesAWindow);

void histogramRecord(benchmark::State& state) {
    stats::Histogram histogram;
    std::uint64_t i = 0;
    for (auto _ : state) {
        histogram.record(toSeconds(latency(i++)));
    }
    require(state, histogram.count() == i, "values were lost");
}
BENCHMARK(histogramRecord);

void atomicHistogramRecord(benchmark::State& state) {
    static stats::AtomicHistogram histogram;
    std::uint64_t i = 0;
    for (auto _ : state) {
        histogram.record(toSeconds(latency(i++)));
    }
    require(state, histogram.count() >= i, "values were lost");
}
BENCHMARK(atomicHistogramRecord)->ThreadRange(1, 2)->UseRealTime();

void histogramQuantile(benchmark::State& state) {
    stats::Histogram histogram;
    for (const Duration value : kLatencies) {
        histogram.record(toSeconds(value));
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(histogram.quantile(0.99));
    }
}
BENCHMARK(histogramQuantile);

void breakerResult(benchmark::State& state) {
    Breaker breaker({}, 1, kStart);
    MonotonicTime now = kStart;
    std::uint64_t i = 0;
    for (auto _ : state) {
        now += 100us;
        const auto kind = i++ % 8 == 0 ? CallResult::Kind::Failure : CallResult::Kind::Success;
        breaker.onResult({kind, 20ms}, now - 20ms, now);
    }
    require(state, breaker.state() == BreakerState::Closed, "the breaker tripped");
}
BENCHMARK(breakerResult);

/// One window of 100 ms at 1,000/s, handed to the adaptive limit.
void adaptiveWindow(benchmark::State& state) {
    AdaptiveLimit limit({}, kInProcess);
    WindowSample sample;
    for (std::uint64_t i = 0; i < 100; ++i) {
        sample.latency.record(toSeconds(latency(i)));
    }
    sample.completed = 100;
    sample.maxInFlight = 20;
    sample.inFlight = 20;
    MonotonicTime now = kStart;
    for (auto _ : state) {
        now += sample.length;
        limit.onWindow(sample, now);
    }
    require(state, limit.decision().limit >= 1, "no limit");
}
BENCHMARK(adaptiveWindow);

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
    return isBroken ? 1 : 0;
}
