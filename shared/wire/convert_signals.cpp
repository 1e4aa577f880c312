// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_signals.h"

namespace levee::wire {

void toWire(const promql::Value& value, v1::QueryReply& message) {
    message.set_is_scalar(value.type == promql::ValueType::Scalar);
    message.set_scalar(value.scalar);
    for (const promql::Element& element : value.vector) {
        v1::SignalElement& added = *message.add_vector();
        added.set_value(element.value);
        for (const promql::Label& label : element.labels) {
            v1::Label& written = *added.add_labels();
            written.set_name(label.name);
            written.set_value(label.value);
        }
    }
}

promql::Value fromWire(const v1::QueryReply& message) {
    promql::Value value;
    value.type = message.is_scalar() ? promql::ValueType::Scalar : promql::ValueType::Vector;
    value.scalar = message.scalar();
    for (const v1::SignalElement& element : message.vector()) {
        promql::Element added;
        added.value = element.value();
        added.at = message.millis();
        for (const v1::Label& label : element.labels())
            promql::setLabel(added.labels, label.name(), label.value());
        value.vector.push_back(std::move(added));
    }
    return value;
}

}  // namespace levee::wire
