// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_automation.h"

#include "shared/wire/enum_wire.h"

namespace levee::wire {

void toWire(const AutomationState& value, v1::AutomationState& message) {
    message.set_name(value.name);
    message.set_mode(enumToWire<v1::GuardMode>(value.mode));
    message.set_phase(enumToWire<v1::AutomationPhase>(value.phase));
    message.set_condition(enumToWire<v1::ConditionState>(value.condition));
    message.set_when(value.when);
    message.set_value(value.value);
    message.set_labels(value.labels);
    message.set_detail(value.detail);
    message.set_left_seconds(value.leftSeconds);
    message.set_firings(value.firings);
    for (const AutomationEffect& effect : value.effects) {
        v1::AutomationEffect& added = *message.add_effects();
        added.set_action(effect.action);
        added.set_in_force(effect.isInForce);
        added.set_detail(effect.detail);
    }
}

AutomationState fromWire(const v1::AutomationState& message) {
    AutomationState value;
    value.name = message.name();
    value.mode = enumFromWire(message.mode(), GuardMode::Enforce);
    value.phase = enumFromWire(message.phase(), AutomationPhase::Cooldown);
    value.condition = enumFromWire(message.condition(), ConditionState::Failed);
    value.when = message.when();
    value.value = message.value();
    value.labels = message.labels();
    value.detail = message.detail();
    value.leftSeconds = message.left_seconds();
    value.firings = message.firings();
    for (const v1::AutomationEffect& effect : message.effects())
        value.effects.push_back({effect.action(), effect.in_force(), effect.detail()});
    return value;
}

}  // namespace levee::wire
