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
    const std::uint32_t n = record.weight;
    count_.requests += n;
    if (isFailed(record.outcome))
        count_.failures += n;
    if (isShed(record.outcome)) {
        count_.shed += n;
        // What the limit never saw does not press on it.
        if (record.outcome != Outcome::ShedRate && record.outcome != Outcome::ShedPriority &&
            record.outcome != Outcome::ShedDeadline)
            sample_.shed += n;
        return;
    }
    const std::int64_t atService =
        std::max<std::int64_t>(0, record.durationMicros - record.queueMicros);
    count_.busySeconds += n * seconds(atService);
    sampleBusySeconds_ += n * seconds(atService);
    sampleSeconds_ += n * seconds(record.durationMicros);
    sampleOthers_ += std::int64_t{n} * std::max(record.serverConnections - 1, 0);
    sampleLeastWait_ = std::min(sampleLeastWait_, record.queueMicros);
    sample_.maxInFlight = std::max<std::uint32_t>(sample_.maxInFlight, record.serverConnections);
    if (record.queueMicros > 0 || record.queueLength > 0)
        sample_.queued += n;
    if (record.outcome == Outcome::Timeout) {
        sample_.timedOut += n;
        return;
    }
    sample_.completed += n;
    count_.latency.record(seconds(record.durationMicros), n);
    if (record.outcome == Outcome::Failure) {
        sample_.failed += n;
    } else {
        sample_.latency.record(seconds(atService), n);
        ++sampleAnswers_;
    }
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
    if (sampleAnswers_ > 0)
        taken.weight =
            static_cast<double>(taken.latency.count()) / static_cast<double>(sampleAnswers_);
    sampleAnswers_ = 0;
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
