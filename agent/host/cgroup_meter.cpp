// SPDX-License-Identifier: Apache-2.0
#include "agent/host/cgroup_meter.h"

#include <algorithm>
#include <utility>

#include "agent/host/growth.h"
#include "agent/host/proc_text.h"
#include "agent/host/process_text.h"

namespace levee::host {
namespace {

constexpr double kMicros = 1e6;

/// A file of the process's cgroup in one hierarchy; closed when it has none but the root there.
KeptFile fileIn(const std::string& mount, std::string_view membership, std::string_view controller,
                const char* name) {
    const auto path = parseCgroupPath(membership, controller);
    if (mount.empty() || !path || *path == "/" || !path->starts_with('/'))
        return {};
    return KeptFile(mount + std::string(*path) + '/' + name);
}

double rate(std::optional<std::uint64_t> now, std::optional<std::uint64_t>& past, double seconds) {
    const auto before = std::exchange(past, now);
    return now && before ? rateOf(*now, *before, seconds) : kUnknown;
}

}  // namespace

CgroupMounts CgroupMounts::ofThisHost() {
    CgroupMounts mounts;
    std::string buffer;
    const auto text = KeptFile("/proc/self/mountinfo").read(buffer);
    const auto find = [&](std::string_view controller) {
        return std::string(parseCgroupMount(text.value_or(""), controller).value_or(""));
    };
    mounts.unified = find(kUnified);
    mounts.cpu = find("cpu");
    mounts.cpuacct = find("cpuacct");
    mounts.memory = find("memory");
    return mounts;
}

CgroupMeter::CgroupMeter(const CgroupMounts& mounts, std::string_view membership)
    : cpu_(fileIn(mounts.unified, membership, kUnified, "cpu.stat")),
      throttle_(fileIn(mounts.cpu, membership, "cpu", "cpu.stat")),
      usage_(fileIn(mounts.cpuacct, membership, "cpuacct", "cpuacct.usage")),
      pressure_(fileIn(mounts.unified, membership, kUnified, "cpu.pressure")),
      memory_(fileIn(mounts.unified, membership, kUnified, "memory.current")) {
    // Beside v1 the unified hierarchy has its files without the memory controller's.
    if (!memory_.isOpen())
        memory_ = fileIn(mounts.memory, membership, "memory", "memory.usage_in_bytes");
}

std::optional<std::uint64_t> CgroupMeter::usage() {
    if (const auto text = cpu_.read(buffer_))
        return parseCgroupCpu(*text).usageMicros;
    const auto text = usage_.read(buffer_);
    const auto nanos = text ? parseNumber(*text) : std::nullopt;
    return nanos ? std::optional(*nanos / 1000) : std::nullopt;
}

std::optional<std::uint64_t> CgroupMeter::throttled() {
    // A quota is v1's where the cpu controller is mounted there.
    for (const KeptFile* file : {&throttle_, &cpu_}) {
        if (const auto text = file->read(buffer_))
            return parseCgroupCpu(*text).throttledMicros;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> CgroupMeter::stalled() {
    const auto text = pressure_.read(buffer_);
    const auto pressure = text ? parsePressure(*text) : std::nullopt;
    return pressure ? std::optional(pressure->some) : std::nullopt;
}

void CgroupMeter::read(double seconds, std::uint64_t reading) {
    reading_ = reading;
    figures_.cpuCores = rate(usage(), usageMicros_, seconds) / kMicros;
    figures_.cpuPressure = std::min(rate(stalled(), stalledMicros_, seconds) / kMicros, 1.0);
    figures_.throttledShare = std::min(rate(throttled(), throttledMicros_, seconds) / kMicros, 1.0);
    const auto text = memory_.read(buffer_);
    const auto bytes = text ? parseNumber(*text) : std::nullopt;
    figures_.memoryBytes = bytes ? static_cast<double>(*bytes) : kUnknown;
}

}  // namespace levee::host
