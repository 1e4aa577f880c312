// SPDX-License-Identifier: Apache-2.0
// What the files of /proc say about the host as a whole. Pure functions of their text; a text that
// is not what the kernel writes gives nothing. Counters count since boot. Views point into the
// text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace levee::host {

/// /proc/stat: ticks of all cores together. What an old kernel does not count is 0.
struct CpuTicks {
    std::uint64_t user = 0;  ///< nice included
    std::uint64_t system = 0;
    std::uint64_t idle = 0;
    std::uint64_t ioWait = 0;
    std::uint64_t interrupt = 0;  ///< hard and soft
    std::uint64_t steal = 0;
    int cores = 0;

    std::uint64_t total() const { return user + system + idle + ioWait + interrupt + steal; }
};
std::optional<CpuTicks> parseCpuTicks(std::string_view text);

/// /proc/loadavg
struct LoadAverages {
    double one = 0;
    double five = 0;
    double fifteen = 0;
};
std::optional<LoadAverages> parseLoad(std::string_view text);

/// /proc/meminfo, in bytes. Kernels before 3.14 do not say what is available: then it is what is
/// free or used for buffers and files.
struct MemoryBytes {
    std::uint64_t total = 0;
    std::uint64_t available = 0;
    std::uint64_t swap = 0;
    std::uint64_t swapFree = 0;
};
std::optional<MemoryBytes> parseMemory(std::string_view text);

/// /proc/pressure/* and a cgroup's *.pressure: microseconds stalled. CPU has no `full` on kernels
/// before 5.13.
struct PressureMicros {
    std::uint64_t some = 0;
    std::optional<std::uint64_t> full;
};
std::optional<PressureMicros> parsePressure(std::string_view text);

/// A line of /proc/diskstats.
struct DiskCounters {
    std::string_view device;
    std::uint64_t reads = 0;
    std::uint64_t readBytes = 0;
    std::uint64_t writes = 0;
    std::uint64_t writtenBytes = 0;
    std::uint64_t busyMillis = 0;
};
/// Replaces `disks` by those of the text that are whole devices; loop, RAM, floppy and CD devices
/// are none.
void parseDisks(std::string_view text, std::vector<DiskCounters>& disks);

/// A line of /proc/net/dev.
struct InterfaceCounters {
    std::string_view name;
    std::uint64_t receivedBytes = 0;
    std::uint64_t receivedPackets = 0;
    std::uint64_t sentBytes = 0;
    std::uint64_t sentPackets = 0;
    std::uint64_t errors = 0;  ///< both ways
    std::uint64_t drops = 0;   ///< both ways
};
/// Replaces `interfaces` by those of the text that ever carried anything.
void parseInterfaces(std::string_view text, std::vector<InterfaceCounters>& interfaces);

}  // namespace levee::host
