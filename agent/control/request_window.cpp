// SPDX-License-Identifier: Apache-2.0
#include "agent/control/request_window.h"

#include <algorithm>
#include <utility>

namespace levee {
namespace {

double seconds(std::int64_t micros) {
    return static_cast<double>(micros) * 1e-6;
}

}  // namespace

bool isFailed(Outcome outcome) {
    return outcome == Outcome::Failure || outcome == Outcome::Timeout;
}

bool isShed(Outcome outcome) {
    return outcome == Outcome::ShedLimit || outcome == Outcome::ShedBreaker ||
           outcome == Outcome::ShedRemote || outcome == Outcome::ShedRate ||
           outcome == Outcome::ShedPriority || outcome == Outcome::ShedDeadline;
}

void RequestWindow::add(const RequestRecord& record) {
    if (record.outcome == Outcome::ClientGone)
        return;  // says nothing about the service
    ++count_.requests;
    if (isFailed(record.outcome))
        ++count_.failures;
    if (isShed(record.outcome)) {
        ++count_.shed;
        // What the limit never saw does not press on it.
        if (record.outcome != Outcome::ShedRate && record.outcome != Outcome::ShedPriority &&
            record.outcome != Outcome::ShedDeadline)
            ++sample_.shed;
        return;
    }
    const std::int64_t atService =
        std::max<std::int64_t>(0, record.durationMicros - record.queueMicros);
    count_.busySeconds += seconds(atService);
    sampleBusySeconds_ += seconds(atService);
    sampleSeconds_ += seconds(record.durationMicros);
    sampleOthers_ += std::max(record.serverConnections - 1, 0);
    sampleLeastWait_ = std::min(sampleLeastWait_, record.queueMicros);
    sample_.maxInFlight = std::max<std::uint32_t>(sample_.maxInFlight, record.serverConnections);
    if (record.queueMicros > 0 || record.queueLength > 0)
        ++sample_.queued;
    if (record.outcome == Outcome::Timeout) {
        ++sample_.timedOut;
        return;
    }
    ++sample_.completed;
    count_.latency.record(seconds(record.durationMicros));
    if (record.outcome == Outcome::Failure)
        ++sample_.failed;
    else
        sample_.latency.record(seconds(atService));
}

WindowSample RequestWindow::takeSample(Duration length, Duration serverTimeout) {
    WindowSample taken = std::exchange(sample_, {});
    taken.length = length;
    taken.timeout = serverTimeout;
    const auto ended = static_cast<double>(taken.completed + taken.timedOut);
    if (length > Duration::zero())
        taken.inFlight = sampleBusySeconds_ / toSeconds(length);
    if (ended > 0) {
        // Those that have not ended yet are not in the log: the others that each one saw are.
        taken.inFlight = std::max(taken.inFlight, static_cast<double>(sampleOthers_) / ended);
        taken.leastQueueWait = seconds(sampleLeastWait_);
    }
    sampleBusySeconds_ = 0;
    sampleSeconds_ = 0;
    sampleOthers_ = 0;
    sampleLeastWait_ = kNoWait;
    return taken;
}

RequestCount RequestWindow::takeCount() {
    return std::exchange(count_, {});
}

}  // namespace levee
