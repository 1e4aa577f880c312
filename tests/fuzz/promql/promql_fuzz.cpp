// SPDX-License-Identifier: Apache-2.0
// Fuzz target: bytes -> parser -> evaluator over a few series. With libFuzzer it is the fuzzer;
// without, promql_replay.cpp feeds it the oracle's expressions, the refused ones and damaged copies
// of both.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/promql/evaluator.h"
#include "rules/promql/needed_series.h"
#include "rules/promql/parser.h"

using namespace levee;
using namespace levee::promql;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr Millis kNow = 1'700'000'000'000;

/// Three series of whatever name the selector asks for.
class AnySource final : public SeriesSource {
public:
    void select(std::span<const Matcher> matchers, Millis from, Millis to, Depth /*depth*/,
                const Take& take) const override {
        const std::string name(exactName(matchers));
        for (const char* bound : {"1", "2", "+Inf"}) {
            Labels labels{{"instance", bound}, {"job", "api"}, {"le", bound}};
            setLabel(labels, kMetricName, name.empty() ? "up" : name);
            const std::array<Sample, 3> samples{Sample{from, 1}, {to - 1, 3}, {to, 2}};
            if (matchAll(matchers, labels) && !take(std::move(labels), samples))
                return;
        }
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ParsedExpression parsed = parseExpression(text);
    if ((parsed.expression == nullptr) != hasErrors(parsed.diagnostics))
        std::abort();
    for (const Diagnostic& diagnostic : parsed.diagnostics) {
        if (diagnostic.place.line < 1 || diagnostic.place.column < 1)
            std::abort();
    }
    if (parsed.expression == nullptr)
        return 0;
    if (parsed.expression->depth > kMaxDepth)
        std::abort();
    for (const NeededSeries& needed : neededSeries(*parsed.expression)) {
        if (needed.reach < 0 || needed.reach > kMaxReach + kLookback)
            std::abort();
    }
    const auto value = evaluate(*parsed.expression, AnySource(), kNow);
    const auto again = evaluate(*parsed.expression, AnySource(), kNow);
    if (value.isOk() != again.isOk() ||
        (value.isOk() && value->vector.size() != again->vector.size()))
        std::abort();
    return 0;
}
