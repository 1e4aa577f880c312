// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_history.h"

#include "shared/wire/convert_topology.h"

namespace levee::wire {

void toWire(const SeriesPoint& value, v1::SeriesPoint& message) {
    message.set_millis(value.millis);
    toWire(value.traffic, *message.mutable_traffic());
}

SeriesPoint fromWire(const v1::SeriesPoint& message) {
    SeriesPoint value;
    value.millis = message.millis();
    value.traffic = fromWire(message.traffic());
    return value;
}

}  // namespace levee::wire
