// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/promql/signal_reading.h"

namespace levee::cli {

/// A line for each element of each signal, or what is missing.
std::string signalTable(const std::vector<promql::SignalReading>& readings);
/// A list of {pack, name, unit, help, normal, elements: [{labels, value}], leftOut, problem}; a
/// value that JSON has no number for is null.
std::string signalsJson(const std::vector<promql::SignalReading>& readings);
/// "83%", "1.2GiB", "12ms", "yes", by the unit of the signal.
std::string signalValue(double value, const std::string& unit);

}  // namespace levee::cli
