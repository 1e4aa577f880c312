// SPDX-License-Identifier: Apache-2.0
// How the agent's host and the processes of the services on it fare. Plain values, immutable once
// published. Shares are 0 to 1, rates per second, over the interval since the reading before; a
// figure that this kernel does not give, or the first reading cannot, is kUnknown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/topology.h"

namespace levee {

/// Where the time of all cores went; the shares and `idle` add up to 1.
struct CpuShares {
    double user = kUnknown;  ///< nice included
    double system = kUnknown;
    double interrupt = kUnknown;  ///< hard and soft
    double steal = kUnknown;
    double ioWait = kUnknown;
    double idle = kUnknown;

    /// What was worked on: neither idle nor waiting for a disk.
    double used() const { return user + system + interrupt + steal; }
};

/// Pressure stall information: the share of the time in which some, or all, tasks waited.
struct Pressure {
    double some = kUnknown;
    double full = kUnknown;
};

struct DiskState {
    std::string device;  ///< "vda"; whole devices only
    double readBytesRate = kUnknown;
    double writtenBytesRate = kUnknown;
    double readRate = kUnknown;  ///< completed reads
    double writeRate = kUnknown;
    double busyShare = kUnknown;  ///< of the time, something was in flight
};

struct InterfaceState {
    std::string name;
    double receivedBytesRate = kUnknown;
    double sentBytesRate = kUnknown;
    double receivedPacketRate = kUnknown;
    double sentPacketRate = kUnknown;
    double errorRate = kUnknown;  ///< both ways
    double dropRate = kUnknown;   ///< both ways
};

/// One process of a service on this host.
struct ProcessState {
    std::string service;  ///< the node on the map
    int pid = 0;
    std::string program;         ///< "node", "redis-server"
    double cpuCores = kUnknown;  ///< 1: one core busy all the time
    double rssBytes = kUnknown;
    int threads = 0;
    int openFiles = -1;  ///< -1: may not be read
    std::string cgroup;  ///< its path; "" or "/": none of its own
    /// The share of the time in which it wanted a core and had none: `some` of its cgroup's
    /// cpu.pressure; without a cgroup of its own, the main thread's wait in the run queue.
    double cpuPressure = kUnknown;
    double throttledShare = kUnknown;  ///< of the time, its cgroup's CPU quota was used up
    double cgroupCpuCores = kUnknown;  ///< of all that is in its cgroup
    double cgroupMemoryBytes = kUnknown;
};

struct HostState {
    std::int64_t millis = 0;  ///< wall time of the reading; 0: none, the section is off
    int cores = 0;
    CpuShares cpu;
    double load1 = kUnknown;
    double load5 = kUnknown;
    double load15 = kUnknown;
    double memoryBytes = kUnknown;
    double memoryAvailableBytes = kUnknown;
    double swapBytes = kUnknown;
    double swapFreeBytes = kUnknown;
    Pressure cpuPressure;
    Pressure memoryPressure;
    Pressure ioPressure;
    std::vector<DiskState> disks;            ///< by device
    std::vector<InterfaceState> interfaces;  ///< by name
    std::vector<ProcessState> processes;     ///< by service, pid
};

/// What the processes of one service on this host use together: CPU, memory and threads are sums,
/// pressure and throttling the worst of any.
ResourceUsage usageOf(const HostState& host, const std::string& service);

}  // namespace levee
