// SPDX-License-Identifier: Apache-2.0
// What the files of /proc/PID and of a cgroup say. Pure functions of their text; a text that is not
// what the kernel writes gives nothing. Views point into the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace levee::host {

/// /proc/PID/stat
struct ProcessStat {
    int pid = 0;
    std::string_view command;  ///< at most 15 bytes; may hold blanks and brackets
    int parent = 0;
    std::uint64_t cpuTicks = 0;  ///< user and system
    int threads = 0;
    std::uint64_t startTicks = 0;  ///< since boot
    std::uint64_t rssPages = 0;
};
std::optional<ProcessStat> parseProcessStat(std::string_view text);

/// /proc/PID/schedstat: nanoseconds that the main thread waited in the run queue.
std::optional<std::uint64_t> parseRunDelay(std::string_view text);

/// /proc/PID/cgroup: the process's path in the unified hierarchy, or in that of a v1 `controller`.
std::optional<std::string_view> parseCgroupPath(std::string_view text, std::string_view controller);
inline constexpr std::string_view kUnified = "";

/// /proc/self/mountinfo: where the unified hierarchy, or a v1 controller's, is mounted.
std::optional<std::string_view> parseCgroupMount(std::string_view text,
                                                 std::string_view controller);

/// cpu.stat of a cgroup, v1 or v2. What a version does not tell is 0.
struct CgroupCpu {
    std::uint64_t usageMicros = 0;  ///< v2 only; v1 has it in cpuacct.usage
    std::uint64_t throttledMicros = 0;
};
CgroupCpu parseCgroupCpu(std::string_view text);

/// A file that holds one number: cpuacct.usage, memory.current, memory.usage_in_bytes.
std::optional<std::uint64_t> parseNumber(std::string_view text);

/// The unit of a path like "/system.slice/payment.service": "payment". "" for sessions, users'
/// services, containers and all that systemd did not start as a service of the system.
std::string_view unitOf(std::string_view cgroupPath);

/// What the program of a command line (its words end in NUL) is called: the name of its file; for
/// an interpreter that of the script, module or archive it runs. "" when there is none.
std::string_view programOf(std::string_view commandLine);

}  // namespace levee::host
