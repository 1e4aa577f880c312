// SPDX-License-Identifier: Apache-2.0
// How many requests per second a limiter can admit: what admission by class or by key shares out.
//
// A limiter that refuses nothing does not show what it could admit, and one that refuses shows it
// by what it admits. So the rate is measured while the limiter is pressed, and a little more is let
// through than was measured, so that it stays pressed:
//
//   rate = admitted * min(limit / in flight, 1.5) * (1 + excess)     pressed: something was refused
//   rate grows by 1.25, 1.5, 2, 2 ... a window                       not pressed: slots are free
//
// The factor limit / in flight (Little's law) is what turns a refusal in a burst, with slots free
// most of the time, into no reason to let less through. The excess covers one half of the standard
// deviation of the number in service, sqrt(limit) of `limit` (square-root staffing; Halfin and
// Whitt 1981): with less, slots idle whenever arrivals happen to be few. Nothing is accumulated, so
// nothing winds up: however far the rate has grown, the first pressed window replaces it.
#pragma once

#include <limits>
#include <optional>

#include "shared/base/time.h"
#include "shared/model/topology.h"

namespace levee {

/// What a limiter did in one window. A plain value.
struct AdmissionSample {
    Duration length = std::chrono::milliseconds(100);
    double admitted = 0;      ///< requests that got a slot
    double refused = 0;       ///< requests that the limiter turned away: all slots and places taken
    double limit = kUnknown;  ///< slots, LimitDecision::limit
    double inFlight = kUnknown;  ///< mean over the window, of requests that hold a slot
};

/// Confined to one thread.
class AdmissibleRate {
public:
    static constexpr double kUnlimited = std::numeric_limits<double>::infinity();

    /// A window without length, or not later than the last, is ignored; so are counts that are
    /// negative or not finite. Lost windows do no harm: the rate is held.
    void onWindow(const AdmissionSample& sample, MonotonicTime now);

    /// Requests per second to let through to the limiter, the excess included; kUnlimited as long
    /// as nothing was refused.
    double perSecond() const { return rate_; }
    /// Share of perSecond() that is more than was measured, (0, 1).
    double excess() const { return excess_; }

private:
    void measure(const AdmissionSample& sample, MonotonicTime now);
    void grow(const AdmissionSample& sample);

    double rate_ = kUnlimited;
    double excess_ = 0.1;
    int growths_ = 0;  ///< windows in a row
    std::optional<MonotonicTime> last_;

    /// Sums over the pressed windows of late, older ones counting less.
    double admitted_ = 0;
    double seconds_ = 0;
    double slots_ = 0;  ///< of limit * seconds; 0 where it is not known
    double used_ = 0;   ///< of inFlight * seconds
    std::optional<MonotonicTime> pressedAt_;
    int departures_ =
        0;  ///< windows in a row that do not fit the sums: their sign is the direction
};

}  // namespace levee
