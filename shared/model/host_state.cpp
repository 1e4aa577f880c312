// SPDX-License-Identifier: Apache-2.0
#include "shared/model/host_state.h"

#include <cmath>

namespace levee {
namespace {

void add(double& sum, double value) {
    if (!std::isnan(value))
        sum = std::isnan(sum) ? value : sum + value;
}
void raise(double& worst, double value) {
    if (std::isnan(worst) || value > worst)
        worst = value;
}

}  // namespace

ResourceUsage usageOf(const HostState& host, const std::string& service) {
    ResourceUsage usage;
    for (const ProcessState& process : host.processes) {
        if (process.service != service)
            continue;
        ++usage.processes;
        usage.threads += process.threads;
        add(usage.cpuCores, process.cpuCores);
        add(usage.rssBytes, process.rssBytes);
        raise(usage.cpuPressure, process.cpuPressure);
        raise(usage.throttledShare, process.throttledShare);
    }
    return usage;
}

}  // namespace levee
