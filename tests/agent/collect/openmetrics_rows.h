// SPDX-License-Identifier: Apache-2.0
// The OpenMetrics 1.0 specification, one row for each sentence with MUST that a single exposition
// can follow or break, in our own words. Not here, because one exposition cannot show it: HTTP, TLS
// and push, protobuf, what changes from one exposition to the next (counters never fall, Created
// follows a reset, states and names stay), and whether a sum is the true one.
#pragma once

#include <string>
#include <vector>

namespace levee::test {

struct OpenMetricsRow {
    const char* sentence;
    std::string text;
    const char* verdict;  ///< "ok", or "LINE:COLUMN code" of every error
};

const std::vector<OpenMetricsRow>& openMetricsRows();

}  // namespace levee::test
