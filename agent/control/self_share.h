// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "shared/base/time.h"
#include "shared/stats/decaying_average.h"

namespace levee {

/// How much of a service's latency is its own work and waiting, and how much the calls that it
/// makes. The gateway tells at once: the time in requests less the time in the service's calls.
/// Calls that nobody's request caused, or that ran side by side, would make the own part too small,
/// so traces have the last word: without recent ones nothing is known, and a quarter of what they
/// say is the least. Confined to the control thread.
class SelfShare {
public:
    /// Seconds that requests spent at the service in the last window, and its calls elsewhere.
    void add(const std::string& service, double work, double calls, MonotonicTime now);
    /// Self time over whole time of the service's spans, (0, 1].
    void addTraced(const std::string& service, double share, MonotonicTime now);

    /// (0, 1]; NaN: not known.
    double shareOf(const std::string& service, MonotonicTime now) const;

private:
    struct Service {
        stats::DecayingAverage work{std::chrono::seconds(1)};
        stats::DecayingAverage calls{std::chrono::seconds(1)};
        double traced = 1;
        std::optional<MonotonicTime> tracedAt;
    };
    std::map<std::string, Service> services_;  ///< only those with a listener here
};

}  // namespace levee
