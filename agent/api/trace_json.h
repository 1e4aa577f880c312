// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/model/trace.h"

namespace levee {

/// Kept traces as a JSON array, and one with its spans as an object: `levee get traces -o json`
/// and `levee describe trace -o json`. Field names are those of the model in snake_case.
std::string tracesJson(const std::vector<TraceSummary>& traces);
std::string traceJson(const Trace& trace);

}  // namespace levee
