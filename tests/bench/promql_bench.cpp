// SPDX-License-Identifier: Apache-2.0
// What expressions cost over a history of 1,000 series with 600 samples each, and what a scrape of
// all of them costs: the time for which either holds the lock of LiveHistory.
#include <benchmark/benchmark.h>

#include "agent/collect/sample_history.h"
#include "rules/promql/evaluator.h"
#include "rules/promql/parser.h"

using namespace levee;

namespace {

constexpr int kSeries = 1000;
constexpr promql::Millis kStart = 1'700'000'000'000;
constexpr promql::Millis kSeconds = 600;

ScrapeResult scrape(double value) {
    static const auto kNames = [] {
        std::vector<std::shared_ptr<const Series>> all;
        for (int i = 0; i < kSeries; ++i)
            all.push_back(Series::make("requests_total", {{"instance", std::to_string(i)},
                                                          {"job", std::to_string(i % 20)}}));
        return all;
    }();
    ScrapeResult result;
    result.state.key = "t";
    result.state.health = TargetHealth::Up;
    for (const auto& series : kNames)
        result.kept.push_back({series, value, std::nullopt});
    return result;
}

SampleHistory& history() {
    static SampleHistory filled = [] {
        SampleHistory made;
        for (promql::Millis second = 0; second <= kSeconds; ++second)
            made.apply(scrape(static_cast<double>(second)), kStart + second * 1000);
        return made;
    }();
    return filled;
}

void evaluation(benchmark::State& state, const std::string& text) {
    const auto parsed = promql::parseExpression(text);
    for (auto _ : state) {
        const auto value =
            promql::evaluate(*parsed.expression, history(), kStart + kSeconds * 1000);
        if (!value || value->vector.empty())
            state.SkipWithError("no answer");
        benchmark::DoNotOptimize(value);
    }
}

void applyScrape(benchmark::State& state) {
    promql::Millis now = kStart + (kSeconds + 1) * 1000;
    for (auto _ : state) {
        history().apply(scrape(1), now);
        now += 1000;
    }
    state.counters["bytes a series"] = static_cast<double>(history().counters().bytes) / kSeries;
}

void parse(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(promql::parseExpression(
            "sum by (job) (rate(requests_total{code=~\"5..\"}[5m])) / 5 > 0.05"));
}

}  // namespace

BENCHMARK(parse);
BENCHMARK_CAPTURE(evaluation, instant, "requests_total > 5");
BENCHMARK_CAPTURE(evaluation, one_series, "rate(requests_total{instance=\"7\"}[5m])");
BENCHMARK_CAPTURE(evaluation, rate_1m, "sum by (job) (rate(requests_total[1m]))");
BENCHMARK_CAPTURE(evaluation, rate_10m, "sum by (job) (rate(requests_total[10m]))");
BENCHMARK(applyScrape);
BENCHMARK_MAIN();
