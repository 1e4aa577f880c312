// SPDX-License-Identifier: Apache-2.0
// The part of promtool's unit-test files that our oracles use: plain samples, one expression with
// one number as its answer. See tests/data/promql.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/base/time.h"

namespace levee::test {

struct PromtoolSeries {
    std::string metric;
    std::string bound;                          ///< of the label le; empty without it
    std::vector<std::optional<double>> values;  ///< empty where a sample is missing
};

struct PromtoolExpectation {
    std::string expression;
    Duration at;
    std::optional<double> value;  ///< none: the expression has no answer
};

struct PromtoolFile {
    Duration interval;
    std::vector<PromtoolSeries> series;
    std::vector<PromtoolExpectation> expectations;
};

/// Throws what yaml-cpp and std::stod throw on a file that is not of this form.
PromtoolFile readPromtoolFile(const std::string& path);
/// "62s" or "500ms".
Duration promtoolDuration(const std::string& text);

}  // namespace levee::test
