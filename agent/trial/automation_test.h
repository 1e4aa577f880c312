// SPDX-License-Identifier: Apache-2.0
// A test of automations as values: which series come, what shall be done when.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/trial/input_series.h"
#include "shared/base/diagnostic.h"
#include "shared/base/time.h"

namespace levee::trial {

struct AutomationExpectation {
    Duration at{};
    std::optional<std::vector<std::string>> firing;   ///< exactly these automations
    std::optional<std::vector<std::string>> inForce;  ///< exactly these actions, as describe() says
    SourcePlace place;
};

struct AutomationTest {
    std::string name;
    std::string automation;  ///< "": all that the files have
    InputSeries series;
    std::vector<AutomationExpectation> expect;
    SourcePlace place;
};

}  // namespace levee::trial
