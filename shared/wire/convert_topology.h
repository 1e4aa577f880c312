// SPDX-License-Identifier: Apache-2.0
// Conversions between the messages of topology.proto and their model values; total both ways. An
// enumerator of the wire that this build does not know becomes the model's first one.
#pragma once

#include <levee/v1/topology.pb.h>

#include "shared/model/topology.h"

namespace levee::wire {

void toWire(const Traffic& value, v1::Traffic& message);
Traffic fromWire(const v1::Traffic& message);
void toWire(const ResourceUsage& value, v1::ResourceUsage& message);
ResourceUsage fromWire(const v1::ResourceUsage& message);
void toWire(const SocketFigures& value, v1::SocketFigures& message);
SocketFigures fromWire(const v1::SocketFigures& message);
void toWire(const Node& value, v1::Node& message);
Node fromWire(const v1::Node& message);
void toWire(const Edge& value, v1::Edge& message);
Edge fromWire(const v1::Edge& message);

}  // namespace levee::wire
