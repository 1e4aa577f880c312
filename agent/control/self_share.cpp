// SPDX-License-Identifier: Apache-2.0
#include "agent/control/self_share.h"

#include <algorithm>
#include <cmath>

#include "shared/model/topology.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kTracesLast = 10min;  ///< what kind of service it is changes slowly
constexpr double kLeastOfTraced = 0.25;  ///< dependencies may be so much slower than traced so far

}  // namespace

void SelfShare::add(const std::string& service, double work, double calls, MonotonicTime now) {
    Service& s = services_[service];
    s.work.add(work, now);
    s.calls.add(calls, now);
}

void SelfShare::addTraced(const std::string& service, double share, MonotonicTime now) {
    const auto found = services_.find(service);
    if (found == services_.end() || !(share > 0) || share > 1)
        return;
    found->second.traced = share;
    found->second.tracedAt = now;
}

double SelfShare::shareOf(const std::string& service, MonotonicTime now) const {
    const auto found = services_.find(service);
    if (found == services_.end())
        return kUnknown;
    const Service& s = found->second;
    if (!s.tracedAt || now - *s.tracedAt > kTracesLast || !(s.work.value() > 0))
        return kUnknown;
    const double own = 1 - s.calls.value() / s.work.value();
    return std::clamp(own, kLeastOfTraced * s.traced, 1.0);
}

}  // namespace levee
