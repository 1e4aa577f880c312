// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/host/kept_file.h"
#include "agent/host/proc_text.h"
#include "shared/base/time.h"
#include "shared/model/host_state.h"

namespace levee::host {

/// Reads the host's own condition: CPU, load, memory, pressure, disks, network. The files stay
/// open. Confined to one thread.
class HostMeter {
public:
    static constexpr std::size_t kMostDevices = 32;  ///< disks, and as many interfaces

    explicit HostMeter(const std::string& proc = "/proc");

    /// All but millis and processes. Shares and rates are those since the call before.
    HostState read(MonotonicTime now);
    /// Disks and interfaces of the last reading beyond kMostDevices.
    std::uint64_t devicesLeftOut() const { return devicesLeftOut_; }

private:
    struct DiskPast {
        DiskCounters counters;
        std::uint64_t reading = 0;
    };
    struct InterfacePast {
        InterfaceCounters counters;
        std::uint64_t reading = 0;
    };
    void readCpu(HostState& state);
    void readMemory(HostState& state);
    Pressure readPressure(const KeptFile& file, std::optional<PressureMicros>& past,
                          double seconds);
    void readDisks(HostState& state, double seconds);
    void readInterfaces(HostState& state, double seconds);

    const KeptFile stat_;
    const KeptFile load_;
    const KeptFile memory_;
    const KeptFile cpuPressure_;
    const KeptFile memoryPressure_;
    const KeptFile ioPressure_;
    const KeptFile disks_;
    const KeptFile interfaces_;
    std::string buffer_;
    MonotonicTime readAt_{};
    std::uint64_t reading_ = 0;
    std::uint64_t devicesLeftOut_ = 0;
    std::optional<CpuTicks> cpuPast_;
    std::optional<PressureMicros> cpuPressurePast_;
    std::optional<PressureMicros> memoryPressurePast_;
    std::optional<PressureMicros> ioPressurePast_;
    std::vector<DiskCounters> diskNow_;
    std::vector<InterfaceCounters> interfaceNow_;
    std::map<std::string, DiskPast, std::less<>> diskPast_;
    std::map<std::string, InterfacePast, std::less<>> interfacePast_;
};

}  // namespace levee::host
