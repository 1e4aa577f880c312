// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_signals.h"

namespace levee::wire {
namespace {

void toWire(const promql::Element& element, v1::SignalElement& message) {
    message.set_value(element.value);
    for (const promql::Label& label : element.labels) {
        v1::Label& written = *message.add_labels();
        written.set_name(label.name);
        written.set_value(label.value);
    }
}

promql::Element fromWire(const v1::SignalElement& message) {
    promql::Element element;
    element.value = message.value();
    for (const v1::Label& label : message.labels())
        promql::setLabel(element.labels, label.name(), label.value());
    return element;
}

}  // namespace

void toWire(const promql::Value& value, v1::QueryReply& message) {
    message.set_is_scalar(value.type == promql::ValueType::Scalar);
    message.set_scalar(value.scalar);
    for (const promql::Element& element : value.vector)
        toWire(element, *message.add_vector());
}

promql::Value fromWire(const v1::QueryReply& message) {
    promql::Value value;
    value.type = message.is_scalar() ? promql::ValueType::Scalar : promql::ValueType::Vector;
    value.scalar = message.scalar();
    for (const v1::SignalElement& element : message.vector()) {
        value.vector.push_back(fromWire(element));
        value.vector.back().at = message.millis();
    }
    return value;
}

void toWire(const promql::SignalReading& reading, v1::SignalReading& message) {
    message.set_pack(reading.pack);
    message.set_name(reading.name);
    message.set_unit(reading.unit);
    message.set_help(reading.help);
    message.set_normal(reading.normal);
    for (const promql::Element& element : reading.elements)
        toWire(element, *message.add_elements());
    message.set_left_out(reading.leftOut);
    message.set_problem(reading.problem);
}

promql::SignalReading fromWire(const v1::SignalReading& message) {
    promql::SignalReading reading{message.pack(),     message.name(),   message.unit(),
                                  message.help(),     message.normal(), {},
                                  message.left_out(), message.problem()};
    for (const v1::SignalElement& element : message.elements())
        reading.elements.push_back(fromWire(element));
    return reading;
}

}  // namespace levee::wire
