// SPDX-License-Identifier: Apache-2.0
// The values that only scenario files have. As in rules/lang/scalar_reader.h: nothing and a finding
// at the value's place when the text cannot be read.
#pragma once

#include <optional>
#include <string>

#include "rules/lang/findings.h"
#include "rules/lang/yaml_node.h"
#include "shared/simulator/figure_unit.h"
#include "shared/simulator/scenario.h"

namespace levee::simulator {

inline constexpr double kMostRate = 10'000'000;  ///< requests per second

/// `constant 20ms`, `exponential 20ms`, `lognormal 20ms cv 0.3`, `bimodal 1ms 200ms at 5%`,
/// `pareto 20ms shape 2.5`. Times 1 us to 1 h.
std::optional<ServiceLaw> readLaw(const YamlNode& node, const std::string& path,
                                  Findings& findings);

/// `400/s`, or `5x` for so many times `capacity` (requests per second). 0 to kMostRate.
std::optional<double> readLoad(const YamlNode& node, const std::string& path, double capacity,
                               Findings& findings);
/// A load from the start on (`5x`), a step (`5x from 10s`) or the end of a ramp (`5x by 30s`).
std::optional<RatePoint> readRatePoint(const YamlNode& node, const std::string& path,
                                       double capacity, Findings& findings);

/// `poisson`, `even` or `bursts of 10` into `arrivals`. False with a finding.
bool readArrivalLaw(const YamlNode& node, const std::string& path, ArrivalSpec& arrivals,
                    Findings& findings);

/// A plain decimal number, not in quotes, `minimum` to `maximum`.
std::optional<double> readNumber(const YamlNode& node, const std::string& path, double minimum,
                                 double maximum, Findings& findings);

/// Inclusive.
struct Bounds {
    double least = -1e300;
    double most = 1e300;
};
/// `>= 95%`, `<= 1.3`, `0.95..1.05`, in the unit.
std::optional<Bounds> readBounds(const YamlNode& node, const std::string& path, FigureUnit unit,
                                 Findings& findings);

}  // namespace levee::simulator
