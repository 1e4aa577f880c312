// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/arrivals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "shared/simulator/service_time.h"

namespace levee::simulator {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

/// Seconds in which a rate that starts at `rate` and changes by `slope` a second brings `expected`;
/// infinite when it reaches zero before.
double secondsFor(double expected, double rate, double slope) {
    if (slope == 0) {
        return rate > 0 ? expected / rate : kNever;
    }
    const double squared = rate * rate + 2 * slope * expected;
    return squared >= 0 ? 2 * expected / (rate + std::sqrt(squared)) : kNever;
}

}  // namespace

double timeOfArrivals(const std::vector<RatePoint>& rates, double from, double expected) {
    const auto after = std::upper_bound(rates.begin(), rates.end(), from,
                                        [](double t, const RatePoint& p) { return t < p.at; });
    std::size_t k =
        after == rates.begin() ? 0 : static_cast<std::size_t>(after - rates.begin()) - 1;
    for (double t = from;; ++k) {
        const RatePoint& point = rates[k];
        if (k + 1 == rates.size()) {
            return t + secondsFor(expected, point.rate, 0);
        }
        const RatePoint& to = rates[k + 1];
        const double slope = to.ramp ? (to.rate - point.rate) / (to.at - point.at) : 0;
        const double rate = point.rate + slope * (t - point.at);
        const double seconds = secondsFor(expected, rate, slope);
        if (t + seconds < to.at) {
            return t + seconds;
        }
        expected -= (rate + slope * (to.at - t) / 2) * (to.at - t);
        expected = std::max(expected, 0.0);
        t = to.at;
    }
}

double Arrivals::next(double now) {
    switch (spec_.law) {
        case ArrivalSpec::Law::Poisson:
            return nextByRates(now, drawExponential(random_));
        case ArrivalSpec::Law::Even:
            return nextByRates(now, 1);
        case ArrivalSpec::Law::Bursts:
            if (leftOfBurst_ > 0) {
                --leftOfBurst_;
                return now;
            }
            leftOfBurst_ = spec_.burstSize - 1;
            return nextByRates(now, spec_.burstSize * drawExponential(random_));
        case ArrivalSpec::Law::Diurnal:
            return nextDiurnal(now);
        case ArrivalSpec::Law::Recorded:
            return nextRecorded(now);
    }
    return kNever;
}

double Arrivals::nextByRates(double now, double expected) const {
    return spec_.rates.empty() ? kNever : timeOfArrivals(spec_.rates, now, expected);
}

/// By thinning (Lewis and Shedler 1979): arrivals at the highest rate, of which a share is kept.
double Arrivals::nextDiurnal(double now) {
    if (!(spec_.high > 0)) {
        return kNever;
    }
    const double middle = (spec_.low + spec_.high) / 2;
    const double swing = (spec_.high - spec_.low) / 2;
    while (true) {
        now += drawExponential(random_) / spec_.high;
        const double rate = middle + swing * std::sin(2 * std::numbers::pi * now / spec_.period);
        if (random_.uniform() * spec_.high < rate) {
            return now;
        }
    }
}

double Arrivals::nextRecorded(double now) {
    const auto countOf = [&](std::uint64_t second) {
        return spec_.recorded[second % spec_.recorded.size()];
    };
    for (std::size_t skipped = 0; skipped <= spec_.recorded.size(); ++skipped) {
        if (spec_.recorded.empty()) {
            break;
        }
        if (const std::uint32_t count = countOf(second_); played_ < count) {
            const double part = static_cast<double>(played_++) / count;
            return std::max(now, static_cast<double>(second_) + part);
        }
        ++second_;
        played_ = 0;
    }
    return kNever;
}

}  // namespace levee::simulator
