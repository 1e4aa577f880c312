// SPDX-License-Identifier: Apache-2.0
#include "agent/app/signal_board.h"

#include "rules/promql/parser.h"

namespace levee {

void SignalBoard::configure(const std::vector<PackConfig>& packs) {
    std::vector<Signal> signals;
    for (const PackConfig& used : packs) {
        for (const PackSignal& each : used.pack.signalList)
            signals.push_back(
                {{used.pack.name, each.name, each.unit, each.help, each.normal, {}, 0, {}},
                 promql::parseExpression(each.expression).expression});
    }
    const std::lock_guard lock(mutex_);
    signals_ = std::move(signals);
    isRead_ = false;
}

std::vector<promql::SignalReading> SignalBoard::read() {
    const std::lock_guard lock(mutex_);
    const MonotonicTime now = time_.monotonic();
    if (!isRead_ || now - readAt_ >= kEvery) {
        for (Signal& signal : signals_)
            evaluate(signal);
        isRead_ = true;
        readAt_ = now;
    }
    std::vector<promql::SignalReading> readings;
    for (const Signal& signal : signals_)
        readings.push_back(signal.reading);
    return readings;
}

void SignalBoard::evaluate(Signal& signal) const {
    promql::SignalReading& reading = signal.reading;
    reading.elements.clear();
    reading.leftOut = 0;
    reading.problem.clear();
    if (signal.expression == nullptr)  // the loader has refused it
        return;
    auto answer = history_.evaluate(*signal.expression);
    if (!answer) {
        reading.problem = answer.error().message;
        return;
    }
    if (answer->value.type == promql::ValueType::Scalar)
        answer->value.vector = {{{}, answer->value.scalar, answer->at}};
    reading.elements = std::move(answer->value.vector);
    for (promql::Element& element : reading.elements)
        promql::dropMetricName(element.labels);
    if (reading.elements.size() > kMostElements) {
        reading.leftOut = reading.elements.size() - kMostElements;
        reading.elements.resize(kMostElements);
    }
}

}  // namespace levee
