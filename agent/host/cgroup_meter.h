// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/host/kept_file.h"
#include "shared/model/topology.h"

namespace levee::host {

/// Where the hierarchies of cgroups are mounted; "" for one that is not. A host has v2 (unified),
/// v1, or both side by side.
struct CgroupMounts {
    std::string unified{};
    std::string cpu{};      ///< v1
    std::string cpuacct{};  ///< v1
    std::string memory{};   ///< v1

    static CgroupMounts ofThisHost();
};

/// What all processes of one cgroup use together. Figures of the root cgroup are the host's, not a
/// service's: they are left unknown.
struct CgroupFigures {
    double cpuCores = kUnknown;
    double cpuPressure = kUnknown;     ///< `some`
    double throttledShare = kUnknown;  ///< of the time
    double memoryBytes = kUnknown;
};

/// Reads one cgroup's files, which stay open. Confined to one thread.
class CgroupMeter {
public:
    /// `membership`: what /proc/PID/cgroup says of a process in it.
    CgroupMeter(const CgroupMounts& mounts, std::string_view membership);

    /// Rates and shares over the `seconds` since the call before; unknown at the first.
    void read(double seconds, std::uint64_t reading);
    const CgroupFigures& figures() const { return figures_; }
    std::uint64_t readAt() const { return reading_; }

private:
    std::optional<std::uint64_t> usage();
    std::optional<std::uint64_t> throttled();
    std::optional<std::uint64_t> stalled();

    KeptFile cpu_;       ///< cpu.stat of v2
    KeptFile throttle_;  ///< cpu.stat of v1
    KeptFile usage_;     ///< cpuacct.usage of v1
    KeptFile pressure_;
    KeptFile memory_;
    CgroupFigures figures_;
    std::optional<std::uint64_t> usageMicros_;
    std::optional<std::uint64_t> throttledMicros_;
    std::optional<std::uint64_t> stalledMicros_;
    std::uint64_t reading_ = 0;
    std::string buffer_;
};

}  // namespace levee::host
