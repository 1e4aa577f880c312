// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "shared/model/snapshot.h"

namespace levee {

class Collector;

/// The collector's targets as the model shows them, by job and URL.
std::vector<TargetState> targetStates(const Collector& collector);

}  // namespace levee
