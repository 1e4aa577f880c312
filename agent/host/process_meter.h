// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/host/cgroup_meter.h"
#include "agent/host/kept_file.h"
#include "agent/host/process_text.h"
#include "agent/host/service_names.h"
#include "shared/base/time.h"
#include "shared/model/host_state.h"

namespace levee::host {

/// Reads what the processes of services, and the cgroups they are in, use. The files of a process
/// stay open as long as it is watched. Confined to one thread.
class ProcessMeter {
public:
    static constexpr std::size_t kMostProcesses = 64;

    /// Not owned: `traits` must outlive the call of read().
    struct Watched {
        int pid = 0;
        std::string service;
        const ProcessTraits* traits = nullptr;
    };

    explicit ProcessMeter(CgroupMounts mounts = CgroupMounts::ofThisHost(),
                          std::string proc = "/proc")
        : mounts_(std::move(mounts)), proc_(std::move(proc)) {}

    /// By service, pid; at most kMostProcesses. Rates are those since the call before, and unknown
    /// for who was not watched then.
    std::vector<ProcessState> read(std::vector<Watched> watched, MonotonicTime now);
    std::uint64_t processesLeftOut() const { return leftOut_; }  ///< by the last reading

private:
    struct Process {
        KeptFile stat;
        KeptFile schedule;
        std::string membership;  ///< what /proc/PID/cgroup says
        std::optional<std::uint64_t> cpuTicks;
        std::optional<std::uint64_t> delayNanos;
        std::uint64_t reading = 0;
    };
    CgroupMeter& cgroupOf(const Process& process);
    void open(int pid, Process& process);
    bool readProcess(Process& process, double seconds, ProcessState& state);
    int openFiles(int pid) const;

    const CgroupMounts mounts_;
    const std::string proc_;
    std::map<int, Process> processes_;
    std::map<std::string, std::unique_ptr<CgroupMeter>> cgroups_;  ///< by /proc/PID/cgroup
    std::string buffer_;
    MonotonicTime readAt_{};
    std::uint64_t reading_ = 0;
    std::uint64_t leftOut_ = 0;
};

}  // namespace levee::host
