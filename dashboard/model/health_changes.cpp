// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/health_changes.h"

namespace levee {
namespace {

/// Idle and ok alternate with the traffic of a quiet service: nothing that a person must see.
bool isSameForPeople(Health a, Health b) {
    const auto isQuiet = [](Health h) {
        return h == Health::Ok || h == Health::Idle || h == Health::Unknown;
    };
    return a == b || (isQuiet(a) && isQuiet(b));
}

}  // namespace

void HealthChanges::record(const FleetView& fleet) {
    if (fleet.nodes.empty())
        return;
    ++pictures_;
    for (const FleetNode& entry : fleet.nodes) {
        const auto [found, isNew] = known_.try_emplace(entry.node.name);
        Known& known = found->second;
        const bool isChange =
            isNew ? pictures_ > 1 : !isSameForPeople(known.health, entry.node.health);
        if (isChange)
            known.changedMillis = fleet.millis;
        known.health = entry.node.health;
        known.seenIn = pictures_;
    }
    if (known_.size() > fleet.nodes.size())
        std::erase_if(known_, [&](const auto& entry) { return entry.second.seenIn != pictures_; });
}

std::int64_t HealthChanges::changedAt(const std::string& service) const {
    const auto found = known_.find(service);
    return found == known_.end() ? 0 : found->second.changedMillis;
}

}  // namespace levee
