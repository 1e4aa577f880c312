// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/config/agent_config.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee::discover {

using TargetGroups = std::vector<StaticTargets>;

/// What one look brought.
struct Found {
    TargetGroups groups;
    std::string problem;  ///< with a part, which has its former targets here; "" when all is well
};

/// Where targets come from. Confined to its thread, which may wait in both calls.
class TargetSource {
public:
    virtual ~TargetSource() = default;

    /// Looks once: all targets that there are, or an Error. Gives up when `stop` becomes readable.
    virtual Result<Found> look(int stop) = 0;
    /// Waits until it is worth looking again, or until `stop` becomes readable.
    virtual void wait(int stop) = 0;
};

/// `stop` is readable, at the latest after `longest`.
void waitForStop(int stop, Duration longest);

/// "file", "http", "dns", "docker", "kubernetes": the value of the label `kind`.
std::string_view kindOf(const DiscoveryConfig& config);

std::unique_ptr<TargetSource> makeSource(const DiscoveryConfig& config);

/// More targets than anybody may have are an Error: no part of an answer is used.
Status checkCount(const TargetGroups& groups);

/// As Prometheus makes label names of anything: what is no letter, digit or _ becomes _.
std::string sanitizedLabelName(std::string_view text);

/// "10.0.0.1:80", "[::1]:80".
std::string hostPort(const std::string& host, const std::string& port);

}  // namespace levee::discover
