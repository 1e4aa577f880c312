// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace levee::test {

/// Rules as a configuration has them, one list a row: what is held against Prometheus.
std::vector<std::string> relabelRows();

}  // namespace levee::test
