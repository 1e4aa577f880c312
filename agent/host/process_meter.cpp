// SPDX-License-Identifier: Apache-2.0
#include "agent/host/process_meter.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "agent/host/growth.h"

namespace levee::host {
namespace {

constexpr double kNanos = 1e9;

}  // namespace

void ProcessMeter::open(int pid, Process& process) {
    const std::string folder = proc_ + '/' + std::to_string(pid);
    process.stat = KeptFile(folder + "/stat");
    process.schedule = KeptFile(folder + "/schedstat");
    process.membership = KeptFile(folder + "/cgroup").read(buffer_).value_or("");
}

CgroupMeter& ProcessMeter::cgroupOf(const Process& process) {
    auto& meter = cgroups_[process.membership];
    if (meter == nullptr)
        meter = std::make_unique<CgroupMeter>(mounts_, process.membership);
    return *meter;
}

/// False when the process is gone.
bool ProcessMeter::readProcess(Process& process, double seconds, ProcessState& state) {
    const auto text = process.stat.read(buffer_);
    const auto stat = text ? parseProcessStat(*text) : std::nullopt;
    if (!stat)
        return false;
    state.threads = stat->threads;
    state.rssBytes =
        static_cast<double>(stat->rssPages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    if (process.cpuTicks)
        state.cpuCores = rateOf(stat->cpuTicks, *process.cpuTicks, seconds) /
                         static_cast<double>(::sysconf(_SC_CLK_TCK));
    process.cpuTicks = stat->cpuTicks;
    const auto schedule = process.schedule.read(buffer_);
    const auto delay = schedule ? parseRunDelay(*schedule) : std::nullopt;
    if (delay && process.delayNanos)
        state.cpuPressure = shareOf(*delay, *process.delayNanos, seconds, kNanos);
    process.delayNanos = delay;
    return true;
}

int ProcessMeter::openFiles(int pid) const {
    const std::string folder = proc_ + '/' + std::to_string(pid) + "/fd";
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0)
        return -1;
    // Since Linux 6.2 the size of the directory is their number.
    if (status.st_size > 0)
        return static_cast<int>(status.st_size);
    DIR* files = ::opendir(folder.c_str());
    if (files == nullptr)
        return -1;
    int count = -2;  // . and ..
    while (::readdir(files) != nullptr)
        ++count;
    ::closedir(files);
    return count;
}

std::vector<ProcessState> ProcessMeter::read(std::vector<Watched> watched, MonotonicTime now) {
    const double seconds = readAt_ == MonotonicTime{} ? 0 : toSeconds(now - readAt_);
    readAt_ = now;
    ++reading_;
    std::ranges::sort(watched, [](const Watched& a, const Watched& b) {
        return std::tie(a.service, a.pid) < std::tie(b.service, b.pid);
    });
    leftOut_ = watched.size() > kMostProcesses ? watched.size() - kMostProcesses : 0;
    watched.resize(watched.size() - leftOut_);
    std::vector<ProcessState> states;
    for (const Watched& each : watched) {
        const auto [place, isNew] = processes_.try_emplace(each.pid);
        Process& process = place->second;
        if (isNew)
            open(each.pid, process);
        ProcessState state;
        if (!readProcess(process, seconds, state))
            continue;  // forgotten below
        process.reading = reading_;
        state.service = each.service;
        state.pid = each.pid;
        state.program = each.traits->program;
        state.cgroup = each.traits->cgroup;
        state.openFiles = openFiles(each.pid);
        CgroupMeter& cgroup = cgroupOf(process);
        if (cgroup.readAt() != reading_)
            cgroup.read(seconds, reading_);
        const CgroupFigures& figures = cgroup.figures();
        if (!std::isnan(figures.cpuPressure))
            state.cpuPressure = figures.cpuPressure;
        state.throttledShare = figures.throttledShare;
        state.cgroupCpuCores = figures.cpuCores;
        state.cgroupMemoryBytes = figures.memoryBytes;
        states.push_back(std::move(state));
    }
    std::erase_if(processes_, [this](const auto& p) { return p.second.reading != reading_; });
    std::erase_if(cgroups_, [this](const auto& c) { return c.second->readAt() != reading_; });
    return states;
}

}  // namespace levee::host
