// SPDX-License-Identifier: Apache-2.0
// Series that a test gives, in the notation of promtool: `redis_up{instance="a"}` with the values
// `0+10x5 100 _x3 stale`, one an interval.
#pragma once

#include <string_view>
#include <vector>

#include "rules/promql/series_source.h"
#include "shared/base/result.h"

namespace levee::trial {

inline constexpr std::size_t kMostValues = 100'000;  ///< of one series

/// `name{label="value", ...}`; only = is possible.
Result<promql::Labels> parseSeriesName(std::string_view text);

/// Numbers; `a+bxn`, `a-bxn` and `axn`, which are n + 1 values; `_` and `_xn`, which are 1 and n
/// missing ones; `stale`, which ends the series. Sample i stands at i * interval.
Result<std::vector<promql::Sample>> parseSeriesValues(std::string_view text,
                                                      promql::Millis interval);

/// Confined to one thread.
class InputSeries final : public promql::SeriesSource {
public:
    void add(promql::Labels labels, std::vector<promql::Sample> samples) {
        series_.push_back({std::move(labels), std::move(samples)});
    }
    void select(std::span<const promql::Matcher> matchers, promql::Millis from, promql::Millis to,
                Depth depth, const Take& take) const override;

private:
    struct Series {
        promql::Labels labels;
        std::vector<promql::Sample> samples;
    };
    std::vector<Series> series_;
};

}  // namespace levee::trial
