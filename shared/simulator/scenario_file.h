// SPDX-License-Identifier: Apache-2.0
// YAML text to scenarios, strictly: every mistake at once, with its place. The format is described
// in README.md, "Scenario files".
//
// A text has one document for each scenario, or for each table of scenarios (matrix.h). Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/diagnostic.h"
#include "shared/simulator/scenario.h"
#include "shared/simulator/simulation.h"

namespace levee::simulator {

inline constexpr std::string_view kScenarioKind = "Scenario";
inline constexpr std::size_t kMostServices = 64;  ///< and as many clients
inline constexpr std::size_t kMostCalls = 32;     ///< of one service
inline constexpr std::size_t kMostFaults = 256;
inline constexpr std::size_t kMostExpectations = 256;  ///< one for each figure
inline constexpr std::size_t kMostRatePoints = 1'000;
inline constexpr std::size_t kMostRecorded = 40'000;  ///< seconds of a recording
/// First attempts of all clients in one run: some minutes of computing.
inline constexpr double kMostRequests = 500e6;

struct ScenarioFile {
    /// Those without errors, in the order of the text; a matrix in the order of matrix.h.
    std::vector<Scenario> scenarios;
    Diagnostics diagnostics;
};

/// The first service that lacks a limit that `algorithm` cannot find by itself (fixed, codel);
/// nullptr when all is there.
const ServiceSpec* serviceWithoutLimit(const Scenario& scenario, const Algorithm& algorithm);

/// `fileName` is used in places only. A finding that only some scenarios of a matrix have names the
/// first of them.
ScenarioFile parseScenarios(std::string_view text, const std::string& fileName);

}  // namespace levee::simulator
