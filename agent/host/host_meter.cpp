// SPDX-License-Identifier: Apache-2.0
#include "agent/host/host_meter.h"

#include <algorithm>
#include <utility>

#include "agent/host/growth.h"

namespace levee::host {
namespace {

constexpr double kMicros = 1e6;
constexpr double kMillis = 1e3;

/// What stands for a device that is gone is forgotten.
template <typename Pasts>
void forget(Pasts& pasts, std::uint64_t reading) {
    std::erase_if(pasts, [reading](const auto& past) { return past.second.reading != reading; });
}

}  // namespace

HostMeter::HostMeter(const std::string& proc)
    : stat_(proc + "/stat"),
      load_(proc + "/loadavg"),
      memory_(proc + "/meminfo"),
      cpuPressure_(proc + "/pressure/cpu"),
      memoryPressure_(proc + "/pressure/memory"),
      ioPressure_(proc + "/pressure/io"),
      disks_(proc + "/diskstats"),
      // Not net/dev: that follows the thread, and each thread is a process of its own there.
      interfaces_(proc + "/self/net/dev") {}

HostState HostMeter::read(MonotonicTime now) {
    const double seconds = readAt_ == MonotonicTime{} ? 0 : toSeconds(now - readAt_);
    readAt_ = now;
    ++reading_;
    devicesLeftOut_ = 0;
    HostState state;
    readCpu(state);
    readMemory(state);
    state.cpuPressure = readPressure(cpuPressure_, cpuPressurePast_, seconds);
    state.memoryPressure = readPressure(memoryPressure_, memoryPressurePast_, seconds);
    state.ioPressure = readPressure(ioPressure_, ioPressurePast_, seconds);
    readDisks(state, seconds);
    readInterfaces(state, seconds);
    return state;
}

void HostMeter::readCpu(HostState& state) {
    if (const auto text = load_.read(buffer_)) {
        if (const auto load = parseLoad(*text)) {
            state.load1 = load->one;
            state.load5 = load->five;
            state.load15 = load->fifteen;
        }
    }
    const auto text = stat_.read(buffer_);
    const auto now = text ? parseCpuTicks(*text) : std::nullopt;
    if (now)
        state.cores = now->cores;
    const auto past = std::exchange(cpuPast_, now);
    if (!now || !past || now->total() <= past->total())
        return;
    const auto ticks = static_cast<double>(now->total() - past->total());
    // The kernel's figure for waiting is known to run backwards at times.
    const auto share = [ticks](std::uint64_t after, std::uint64_t before) {
        return after > before ? static_cast<double>(after - before) / ticks : 0;
    };
    state.cpu.user = share(now->user, past->user);
    state.cpu.system = share(now->system, past->system);
    state.cpu.interrupt = share(now->interrupt, past->interrupt);
    state.cpu.steal = share(now->steal, past->steal);
    state.cpu.ioWait = share(now->ioWait, past->ioWait);
    state.cpu.idle = share(now->idle, past->idle);
}

void HostMeter::readMemory(HostState& state) {
    const auto text = memory_.read(buffer_);
    const auto memory = text ? parseMemory(*text) : std::nullopt;
    if (!memory)
        return;
    state.memoryBytes = static_cast<double>(memory->total);
    state.memoryAvailableBytes = static_cast<double>(memory->available);
    state.swapBytes = static_cast<double>(memory->swap);
    state.swapFreeBytes = static_cast<double>(memory->swapFree);
}

Pressure HostMeter::readPressure(const KeptFile& file, std::optional<PressureMicros>& past,
                                 double seconds) {
    const auto text = file.read(buffer_);
    const auto now = text ? parsePressure(*text) : std::nullopt;
    const auto before = std::exchange(past, now);
    Pressure pressure;
    if (!now || !before)
        return pressure;
    pressure.some = shareOf(now->some, before->some, seconds, kMicros);
    if (now->full && before->full)
        pressure.full = shareOf(*now->full, *before->full, seconds, kMicros);
    return pressure;
}

void HostMeter::readDisks(HostState& state, double seconds) {
    const auto text = disks_.read(buffer_);
    parseDisks(text.value_or(""), diskNow_);
    for (const DiskCounters& now : diskNow_) {
        if (state.disks.size() >= kMostDevices) {
            ++devicesLeftOut_;
            continue;
        }
        DiskState& disk = state.disks.emplace_back();
        disk.device = now.device;
        const auto [place, isNew] = diskPast_.try_emplace(disk.device);
        const DiskCounters& past = place->second.counters;
        if (!isNew) {
            disk.readBytesRate = rateOf(now.readBytes, past.readBytes, seconds);
            disk.writtenBytesRate = rateOf(now.writtenBytes, past.writtenBytes, seconds);
            disk.readRate = rateOf(now.reads, past.reads, seconds);
            disk.writeRate = rateOf(now.writes, past.writes, seconds);
            disk.busyShare = shareOf(now.busyMillis, past.busyMillis, seconds, kMillis);
        }
        place->second = {now, reading_};
    }
    forget(diskPast_, reading_);
    std::ranges::sort(state.disks, {}, &DiskState::device);
}

void HostMeter::readInterfaces(HostState& state, double seconds) {
    const auto text = interfaces_.read(buffer_);
    parseInterfaces(text.value_or(""), interfaceNow_);
    for (const InterfaceCounters& now : interfaceNow_) {
        if (state.interfaces.size() >= kMostDevices) {
            ++devicesLeftOut_;
            continue;
        }
        InterfaceState& each = state.interfaces.emplace_back();
        each.name = now.name;
        const auto [place, isNew] = interfacePast_.try_emplace(each.name);
        const InterfaceCounters& past = place->second.counters;
        if (!isNew) {
            each.receivedBytesRate = rateOf(now.receivedBytes, past.receivedBytes, seconds);
            each.sentBytesRate = rateOf(now.sentBytes, past.sentBytes, seconds);
            each.receivedPacketRate = rateOf(now.receivedPackets, past.receivedPackets, seconds);
            each.sentPacketRate = rateOf(now.sentPackets, past.sentPackets, seconds);
            each.errorRate = rateOf(now.errors, past.errors, seconds);
            each.dropRate = rateOf(now.drops, past.drops, seconds);
        }
        place->second = {now, reading_};
    }
    forget(interfacePast_, reading_);
    std::ranges::sort(state.interfaces, {}, &InterfaceState::name);
}

}  // namespace levee::host
