// SPDX-License-Identifier: Apache-2.0
// Conversions between the messages of host.proto and their model values; total both ways.
#pragma once

#include <levee/v1/host.pb.h>

#include "shared/model/host_state.h"

namespace levee::wire {

void toWire(const CpuShares& value, v1::CpuShares& message);
CpuShares fromWire(const v1::CpuShares& message);
void toWire(const Pressure& value, v1::Pressure& message);
Pressure fromWire(const v1::Pressure& message);
void toWire(const DiskState& value, v1::DiskState& message);
DiskState fromWire(const v1::DiskState& message);
void toWire(const InterfaceState& value, v1::InterfaceState& message);
InterfaceState fromWire(const v1::InterfaceState& message);
void toWire(const ProcessState& value, v1::ProcessState& message);
ProcessState fromWire(const v1::ProcessState& message);
void toWire(const HostState& value, v1::HostState& message);
HostState fromWire(const v1::HostState& message);

}  // namespace levee::wire
