// SPDX-License-Identifier: Apache-2.0
// Says whether an exposition is sound, for `levee check metrics` and for tests. Pure.
//
// Prometheus' text: what is an error agrees with `promtool check metrics` (2.42): the text rules of
// TextRules::Checker, then what needs more than one line: a second HELP or TYPE of a family, a TYPE
// after its samples, bounds of buckets and quantiles that are no numbers. Warnings are the lint
// rules of metric_lint.h. Differences, all on the strict side: label names `le` and `quantile` may
// not repeat, HELP must be UTF-8, a last comment line needs no line end.
//
// OpenMetrics: the specification's MUSTs, see openmetrics_check.h; no warnings.
#pragma once

#include <string>
#include <string_view>

#include "agent/collect/exposition_parser.h"
#include "shared/base/diagnostic.h"

namespace levee {

/// More errors than this are not looked for.
constexpr std::size_t kMaxExpositionErrors = 100;

/// Every error in the order of the text, up to kMaxExpositionErrors; or, where there is none,
/// warnings in the order of families. Memory is bounded by the text's size; `fileName` goes into
/// each place.
Diagnostics checkExposition(std::string_view text, const std::string& fileName,
                            ExpositionFormat format = ExpositionFormat::PromText);

}  // namespace levee
