// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "dashboard/client/fleet_view.h"

namespace levee {

/// When each service last came or changed its health, by the agents' clock. What the first picture
/// holds counts as old. Memory is bounded by the fleet: what is gone is forgotten. Not thread-safe;
/// GUI thread only.
class HealthChanges {
public:
    void record(const FleetView& fleet);
    /// 0: not since the first picture, or not known.
    std::int64_t changedAt(const std::string& service) const;

private:
    struct Known {
        Health health = Health::Unknown;
        std::int64_t changedMillis = 0;
        std::uint64_t seenIn = 0;
    };
    std::unordered_map<std::string, Known> known_;
    std::uint64_t pictures_ = 0;
};

}  // namespace levee
