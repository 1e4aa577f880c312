// SPDX-License-Identifier: Apache-2.0
// How many instances a service needs, from what arrives and what an instance can do.
//
// Little's law gives an instance's capacity: with a learned concurrency limit L and an unloaded
// latency W, an instance completes C = L / W requests per second before it starts to queue. Demand
// D is everything that was offered: admitted plus shed. The advice is the smallest n with D <= u *
// n * C, where u is the utilisation to aim for (0.8: at most four fifths busy, so that the loss of
// one instance in five is survived).
//
// Rising is advised from fresh data at once. Falling is advised only from the largest demand of the
// last ten minutes, and only once the service has been watched that long (a pause is not a trend).
//
// Limits of validity: L is learned only where somebody presses against it. Without a shed request
// or a busy limit in the window L says "at least this much", and the advice is never below the
// present number then and its confidence is low. Instances are taken as equal.
//
// Pure; confined to the control thread.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "shared/base/time.h"
#include "shared/model/advice.h"

namespace levee {

class ReplicaAdvisor {
public:
    /// Called each second with every service that has an inbound guard; gives one Advice each, by
    /// service.
    std::vector<Advice> advise(const std::vector<ServiceLoad>& loads, MonotonicTime now);

private:
    struct Memory {
        MonotonicTime since;
        std::deque<std::pair<MonotonicTime, double>>
            peaks;  ///< falling demands: the front is the largest
        MonotonicTime pressedAt = MonotonicTime::min();  ///< last time the limit was really reached
    };
    Advice adviseOne(const ServiceLoad& load, Memory& memory, MonotonicTime now) const;

    std::map<std::string, Memory> memory_;
};

}  // namespace levee
