// SPDX-License-Identifier: Apache-2.0
// Conversions between the messages of history.proto and their model values; total both ways. An
// enumerator of the wire that this build does not know becomes the model's first one.
#pragma once

#include <levee/v1/history.pb.h>

#include "shared/model/latency_map.h"
#include "shared/model/snapshot.h"

namespace levee::wire {

void toWire(const Footprint& value, v1::Footprint& message);
Footprint fromWire(const v1::Footprint& message);
void toWire(const SeriesPoint& value, v1::SeriesPoint& message);
SeriesPoint fromWire(const v1::SeriesPoint& message);
void toWire(const LatencyMap& value, v1::LatencyReply& message);
/// Cells that name no bucket or facet, and slices whose lists differ in length, are left out.
LatencyMap fromWire(const v1::LatencyReply& message);

}  // namespace levee::wire
