// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_history.h"

#include "shared/wire/convert_topology.h"

namespace levee::wire {

void toWire(const Footprint& value, v1::Footprint& message) {
    message.set_cpu_cores(value.cpuCores);
    message.set_memory_bytes(value.memoryBytes);
    message.set_cpu_pressure(value.cpuPressure);
    message.set_rtt_seconds(value.rtt);
    message.set_min_rtt_seconds(value.minRtt);
    message.set_retransmission_rate(value.retransmissionRate);
}

Footprint fromWire(const v1::Footprint& message) {
    Footprint value;
    value.cpuCores = message.cpu_cores();
    value.memoryBytes = message.memory_bytes();
    value.cpuPressure = message.cpu_pressure();
    value.rtt = message.rtt_seconds();
    value.minRtt = message.min_rtt_seconds();
    value.retransmissionRate = message.retransmission_rate();
    return value;
}

void toWire(const SeriesPoint& value, v1::SeriesPoint& message) {
    message.set_millis(value.millis);
    toWire(value.traffic, *message.mutable_traffic());
    toWire(value.footprint, *message.mutable_footprint());
}

SeriesPoint fromWire(const v1::SeriesPoint& message) {
    SeriesPoint value;
    value.millis = message.millis();
    value.traffic = fromWire(message.traffic());
    if (message.has_footprint())
        value.footprint = fromWire(message.footprint());
    return value;
}

}  // namespace levee::wire
