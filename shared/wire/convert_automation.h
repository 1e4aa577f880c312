// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/automations.pb.h>

#include "shared/model/automation_state.h"

namespace levee::wire {

void toWire(const AutomationState& value, v1::AutomationState& message);
AutomationState fromWire(const v1::AutomationState& message);

}  // namespace levee::wire
