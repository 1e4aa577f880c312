// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/model/topology.h"

namespace levee {

enum class Confidence { Low, Medium, High };

/// What one service did in the last seconds.
struct ServiceLoad {
    std::string service;
    int instances = 1;
    double demand = 0;           ///< requests/s offered
    double shed = 0;             ///< requests/s of it refused by the service's limit
    double limit = kUnknown;     ///< concurrent requests of all instances together, as learned
    double latency = kUnknown;   ///< seconds an unloaded request takes
    double inFlight = kUnknown;  ///< mean
};

/// How many instances a service needs, and why.
struct Advice {
    std::string service;
    int current = 0;  ///< instances now
    int recommended = 0;
    double demand = kUnknown;    ///< requests/s offered: admitted plus shed
    double capacity = kUnknown;  ///< requests/s of the present instances at the learned limit
    Confidence confidence = Confidence::Low;
    std::string reason;  ///< one sentence with the numbers in it
};

}  // namespace levee
