// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_host.h"

namespace levee::wire {

void toWire(const CpuShares& value, v1::CpuShares& message) {
    message.set_user(value.user);
    message.set_system(value.system);
    message.set_interrupt(value.interrupt);
    message.set_steal(value.steal);
    message.set_io_wait(value.ioWait);
    message.set_idle(value.idle);
}

CpuShares fromWire(const v1::CpuShares& message) {
    CpuShares value;
    value.user = message.user();
    value.system = message.system();
    value.interrupt = message.interrupt();
    value.steal = message.steal();
    value.ioWait = message.io_wait();
    value.idle = message.idle();
    return value;
}

void toWire(const Pressure& value, v1::Pressure& message) {
    message.set_some(value.some);
    message.set_full(value.full);
}

Pressure fromWire(const v1::Pressure& message) {
    Pressure value;
    value.some = message.some();
    value.full = message.full();
    return value;
}

void toWire(const DiskState& value, v1::DiskState& message) {
    message.set_device(value.device);
    message.set_read_bytes_rate(value.readBytesRate);
    message.set_written_bytes_rate(value.writtenBytesRate);
    message.set_read_rate(value.readRate);
    message.set_write_rate(value.writeRate);
    message.set_busy_share(value.busyShare);
}

DiskState fromWire(const v1::DiskState& message) {
    DiskState value;
    value.device = message.device();
    value.readBytesRate = message.read_bytes_rate();
    value.writtenBytesRate = message.written_bytes_rate();
    value.readRate = message.read_rate();
    value.writeRate = message.write_rate();
    value.busyShare = message.busy_share();
    return value;
}

void toWire(const InterfaceState& value, v1::InterfaceState& message) {
    message.set_name(value.name);
    message.set_received_bytes_rate(value.receivedBytesRate);
    message.set_sent_bytes_rate(value.sentBytesRate);
    message.set_received_packet_rate(value.receivedPacketRate);
    message.set_sent_packet_rate(value.sentPacketRate);
    message.set_error_rate(value.errorRate);
    message.set_drop_rate(value.dropRate);
}

InterfaceState fromWire(const v1::InterfaceState& message) {
    InterfaceState value;
    value.name = message.name();
    value.receivedBytesRate = message.received_bytes_rate();
    value.sentBytesRate = message.sent_bytes_rate();
    value.receivedPacketRate = message.received_packet_rate();
    value.sentPacketRate = message.sent_packet_rate();
    value.errorRate = message.error_rate();
    value.dropRate = message.drop_rate();
    return value;
}

void toWire(const ProcessState& value, v1::ProcessState& message) {
    message.set_service(value.service);
    message.set_pid(value.pid);
    message.set_program(value.program);
    message.set_cpu_cores(value.cpuCores);
    message.set_rss_bytes(value.rssBytes);
    message.set_threads(value.threads);
    message.set_open_files(value.openFiles);
    message.set_cgroup(value.cgroup);
    message.set_cpu_pressure(value.cpuPressure);
    message.set_throttled_share(value.throttledShare);
    message.set_cgroup_cpu_cores(value.cgroupCpuCores);
    message.set_cgroup_memory_bytes(value.cgroupMemoryBytes);
}

ProcessState fromWire(const v1::ProcessState& message) {
    ProcessState value;
    value.service = message.service();
    value.pid = message.pid();
    value.program = message.program();
    value.cpuCores = message.cpu_cores();
    value.rssBytes = message.rss_bytes();
    value.threads = message.threads();
    value.openFiles = message.open_files();
    value.cgroup = message.cgroup();
    value.cpuPressure = message.cpu_pressure();
    value.throttledShare = message.throttled_share();
    value.cgroupCpuCores = message.cgroup_cpu_cores();
    value.cgroupMemoryBytes = message.cgroup_memory_bytes();
    return value;
}

void toWire(const HostState& value, v1::HostState& message) {
    message.set_millis(value.millis);
    message.set_cores(value.cores);
    toWire(value.cpu, *message.mutable_cpu());
    message.set_load1(value.load1);
    message.set_load5(value.load5);
    message.set_load15(value.load15);
    message.set_memory_bytes(value.memoryBytes);
    message.set_memory_available_bytes(value.memoryAvailableBytes);
    message.set_swap_bytes(value.swapBytes);
    message.set_swap_free_bytes(value.swapFreeBytes);
    toWire(value.cpuPressure, *message.mutable_cpu_pressure());
    toWire(value.memoryPressure, *message.mutable_memory_pressure());
    toWire(value.ioPressure, *message.mutable_io_pressure());
    for (const auto& each : value.disks)
        toWire(each, *message.add_disks());
    for (const auto& each : value.interfaces)
        toWire(each, *message.add_interfaces());
    for (const auto& each : value.processes)
        toWire(each, *message.add_processes());
}

HostState fromWire(const v1::HostState& message) {
    HostState value;
    value.millis = message.millis();
    value.cores = message.cores();
    value.cpu = fromWire(message.cpu());
    value.load1 = message.load1();
    value.load5 = message.load5();
    value.load15 = message.load15();
    value.memoryBytes = message.memory_bytes();
    value.memoryAvailableBytes = message.memory_available_bytes();
    value.swapBytes = message.swap_bytes();
    value.swapFreeBytes = message.swap_free_bytes();
    value.cpuPressure = fromWire(message.cpu_pressure());
    value.memoryPressure = fromWire(message.memory_pressure());
    value.ioPressure = fromWire(message.io_pressure());
    for (const auto& each : message.disks())
        value.disks.push_back(fromWire(each));
    for (const auto& each : message.interfaces())
        value.interfaces.push_back(fromWire(each));
    for (const auto& each : message.processes())
        value.processes.push_back(fromWire(each));
    return value;
}

}  // namespace levee::wire
