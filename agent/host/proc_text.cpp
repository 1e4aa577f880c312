// SPDX-License-Identifier: Apache-2.0
#include "agent/host/proc_text.h"

#include <algorithm>

#include "agent/host/words.h"

namespace levee::host {
namespace {

constexpr std::uint64_t kSector = 512;  // of /proc/diskstats, whatever the device's own is

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// "sda1" is a part of "sda", "nvme0n1p2" of "nvme0n1"; "md12" is none of "md1".
bool isPartOf(std::string_view device, std::string_view whole) {
    if (whole.empty() || !device.starts_with(whole))
        return false;
    auto rest = device.substr(whole.size());
    if (isDigit(whole.back())) {
        if (!rest.starts_with('p'))
            return false;
        rest.remove_prefix(1);
    }
    return !rest.empty() && std::ranges::all_of(rest, isDigit);
}

bool isNoDisk(std::string_view device) {
    return device.starts_with("loop") || device.starts_with("ram") || device.starts_with("fd") ||
           device.starts_with("sr");
}

}  // namespace

std::optional<CpuTicks> parseCpuTicks(std::string_view text) {
    CpuTicks ticks;
    bool isThere = false;
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        Words words(line);
        const auto key = words.next();
        if (!key.starts_with("cpu"))
            break;
        if (key != "cpu") {
            ++ticks.cores;
            continue;
        }
        std::uint64_t nice = 0;
        std::uint64_t soft = 0;
        isThere = words.number(ticks.user) && words.number(nice) && words.number(ticks.system) &&
                  words.number(ticks.idle);
        // Each of these came with a later kernel than the one before.
        (void)(words.number(ticks.ioWait) && words.number(ticks.interrupt) && words.number(soft) &&
               words.number(ticks.steal));
        ticks.user += nice;
        ticks.interrupt += soft;
    }
    return isThere ? std::optional(ticks) : std::nullopt;
}

std::optional<LoadAverages> parseLoad(std::string_view text) {
    LoadAverages load;
    Words words(text);
    const bool isWhole =
        words.number(load.one) && words.number(load.five) && words.number(load.fifteen);
    return isWhole ? std::optional(load) : std::nullopt;
}

std::optional<MemoryBytes> parseMemory(std::string_view text) {
    MemoryBytes memory;
    std::uint64_t reclaimable = 0;
    bool saysAvailable = false;
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        Words words(line);
        const auto key = words.next();
        std::uint64_t kibibytes = 0;
        if (!words.number(kibibytes))
            continue;
        const std::uint64_t bytes = kibibytes * 1024;
        if (key == "MemTotal:")
            memory.total = bytes;
        else if (key == "MemFree:" || key == "Buffers:" || key == "Cached:")
            reclaimable += bytes;
        else if (key == "MemAvailable:")
            memory.available = bytes, saysAvailable = true;
        else if (key == "SwapTotal:")
            memory.swap = bytes;
        else if (key == "SwapFree:")
            memory.swapFree = bytes;
    }
    if (!saysAvailable)
        memory.available = reclaimable;
    return memory.total > 0 ? std::optional(memory) : std::nullopt;
}

std::optional<PressureMicros> parsePressure(std::string_view text) {
    PressureMicros pressure;
    bool isThere = false;
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        const auto total = line.rfind("total=");
        std::uint64_t micros = 0;
        if (total == std::string_view::npos || !Words(line.substr(total + 6)).number(micros))
            continue;
        if (line.starts_with("some "))
            pressure.some = micros, isThere = true;
        else if (line.starts_with("full "))
            pressure.full = micros;
    }
    return isThere ? std::optional(pressure) : std::nullopt;
}

void parseDisks(std::string_view text, std::vector<DiskCounters>& disks) {
    disks.clear();
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        Words words(line);
        words.skip(2);  // device numbers
        DiskCounters disk;
        disk.device = words.next();
        std::uint64_t readSectors = 0;
        std::uint64_t writtenSectors = 0;
        bool isWhole = words.number(disk.reads);
        words.skip(1);
        isWhole = isWhole && words.number(readSectors);
        words.skip(1);
        isWhole = isWhole && words.number(disk.writes);
        words.skip(1);
        isWhole = isWhole && words.number(writtenSectors);
        words.skip(2);
        isWhole = isWhole && words.number(disk.busyMillis);
        // A device comes before its parts.
        const bool isPart = std::ranges::any_of(
            disks, [&](const DiskCounters& known) { return isPartOf(disk.device, known.device); });
        if (!isWhole || isPart || isNoDisk(disk.device))
            continue;
        disk.readBytes = readSectors * kSector;
        disk.writtenBytes = writtenSectors * kSector;
        disks.push_back(disk);
    }
}

void parseInterfaces(std::string_view text, std::vector<InterfaceCounters>& interfaces) {
    interfaces.clear();
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        const auto colon = line.rfind(':');  // an alias has one in its name: "eth0:1:"
        if (colon == std::string_view::npos)
            continue;
        InterfaceCounters each;
        each.name = Words(line.substr(0, colon)).next();
        Words words(line.substr(colon + 1));
        std::uint64_t receiveErrors = 0;
        std::uint64_t receiveDrops = 0;
        bool isWhole = words.number(each.receivedBytes) && words.number(each.receivedPackets) &&
                       words.number(receiveErrors) && words.number(receiveDrops);
        words.skip(4);
        isWhole = isWhole && words.number(each.sentBytes) && words.number(each.sentPackets) &&
                  words.number(each.errors) && words.number(each.drops);
        each.errors += receiveErrors;
        each.drops += receiveDrops;
        if (isWhole && each.receivedPackets + each.sentPackets > 0)
            interfaces.push_back(each);
    }
}

}  // namespace levee::host
