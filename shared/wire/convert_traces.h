// SPDX-License-Identifier: Apache-2.0
// Conversions between the messages of traces.proto and their model values; total both ways.
#pragma once

#include <levee/v1/traces.pb.h>

#include "shared/model/trace.h"

namespace levee::wire {

void toWire(const TraceSummary& value, v1::TraceSummary& message);
TraceSummary fromWire(const v1::TraceSummary& message);
void toWire(const Trace& value, v1::Trace& message);
Trace fromWire(const v1::Trace& message);

}  // namespace levee::wire
