// SPDX-License-Identifier: Apache-2.0
// Conversions between the messages of guard.proto and their model values; total both ways. An
// enumerator of the wire that this build does not know becomes the model's first one.
#pragma once

#include <levee/v1/guard.pb.h>

#include "shared/model/advice.h"
#include "shared/model/event.h"
#include "shared/model/guard_state.h"

namespace levee::wire {

void toWire(const Override& value, v1::Override& message);
Override fromWire(const v1::Override& message);
void toWire(const GuardState& value, v1::GuardState& message);
GuardState fromWire(const v1::GuardState& message);
void toWire(const Event& value, v1::Event& message);
Event fromWire(const v1::Event& message);
void toWire(const Advice& value, v1::Advice& message);
Advice fromWire(const v1::Advice& message);

}  // namespace levee::wire
