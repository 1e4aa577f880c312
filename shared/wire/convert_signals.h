// SPDX-License-Identifier: Apache-2.0
// Conversions between the messages of signals.proto and the values of rules/promql; total both
// ways.
#pragma once

#include <levee/v1/signals.pb.h>

#include "rules/promql/signal_reading.h"

namespace levee::wire {

/// Fills in all but the diagnostics and the time.
void toWire(const promql::Value& value, v1::QueryReply& message);
promql::Value fromWire(const v1::QueryReply& message);
void toWire(const promql::SignalReading& reading, v1::SignalReading& message);
promql::SignalReading fromWire(const v1::SignalReading& message);

}  // namespace levee::wire
