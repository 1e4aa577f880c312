// SPDX-License-Identifier: Apache-2.0
// The numbers of the adaptive limiter; README.md says what each is for. Inside this module only.
// Shares are of one, errors are relative standard errors, without a unit: a factor.
#pragma once

#include <array>
#include <cstddef>

#include "shared/base/time.h"

namespace levee::adaptive {

using namespace std::chrono_literals;

inline constexpr double kInitialLimit = 16;

// The slack above the knee.

/// As a share of the knee; at least one request.
inline constexpr double kSlack = 0.06;
/// Times the root of the knee, for the idle workers of random arrivals.
inline constexpr double kRootSlack = 0.6;
/// Of the median: what the wait for a slot may add to it.
inline constexpr double kMostWait = 0.24;
/// A part of the queue is taken for knee then.
inline constexpr double kMostWaitByMedian = 0.2;
/// What the knee may be off: so many standard errors of the baseline, and of the throughput.
inline constexpr double kBaselineErrors = 2.5;
inline constexpr double kThroughputErrors = 1.8;
/// Share of the knee that it counts for at most.
inline constexpr double kMostSlack = 0.3;
/// Slots from which on less than one request is enough;
inline constexpr double kManySlots = 32;
/// so much of one: more would have one wait all the time that has to wait now and then only.
inline constexpr double kLeastSlack = 0.25;

// When an epoch is enough.

inline constexpr double kEnoughError = 0.08;
inline constexpr double kEnoughErrorToLearn = 0.05;
/// Seconds after which it ends with what it has.
inline constexpr double kMostSeconds = 3;
/// Seconds, for windows that can be shorter, in process: the slow requests end last.
inline constexpr double kShortest = 0.095;
inline constexpr double kShortestCalm = 0.3;
/// Of these, or requests that run in step would be miscounted;
inline constexpr double kFewestLatencies = 4;
/// so many seconds are enough however long a latency is.
inline constexpr double kLongEnough = 1;
/// Requests in flight over what has ended: from here on too many have not.
inline constexpr double kUnended = 1.3;
/// After ten times the longest time even with fewer than these.
inline constexpr double kFewestSamples = 10;
/// So that one spoilt window does not count.
inline constexpr std::size_t kWindows = 3;

// The median in place of the mean.

/// Samples of the baseline, for shifts of its median.
inline constexpr double kFewestKnown = 300;
/// The standard error of the median's shift over that of the mean's.
inline constexpr double kMuchBetter = 0.5;

// Where the limit stands.

/// Of the slack: latency above it shows a queue.
inline constexpr double kQueued = 0.65;
inline constexpr double kMedianQueued = 0.35;
/// Mean concurrency of a limit that is really used.
inline constexpr double kUsed = 0.8;
/// Times the target without a queue: the knee is elsewhere.
inline constexpr double kRefuted = 1.5;
/// By the median no growth beyond this multiple of the concurrency that was useful, on average.
inline constexpr double kMostUseful = 3;
/// Standard errors of latency that growth allows for,
inline constexpr double kDoubt = 0.7;
/// and a queue that ends a search.
inline constexpr double kSearchDoubt = 2.5;
/// Growth above a known knee, step by step, in shares of the slack; doubling after that.
inline constexpr std::array<double, 3> kSteps{1, 2.5, 8};
/// Times the target from which on the throughput by the median counts less, and how much.
inline constexpr double kFarAbove = 1.1;
inline constexpr double kFarWeight = 0.25;
/// Of a limit whose baseline is not known well: a cut goes no further at once.
inline constexpr double kCautiousCut = 0.5;
/// A change below this share lets the epoch go on.
inline constexpr double kSmallChange = 0.1;
inline constexpr Duration kLongestSettling = 2s;

// Memory, in samples.

inline constexpr double kThroughputMemory = 2'000;
inline constexpr double kMostThroughputMemory = 5'000;
/// Of the baseline.
inline constexpr double kMostWeight = 5'000;
/// Squared cv up to which uneven service times get more of it.
inline constexpr double kMostUneven = 25;
/// and above which an epoch hardly tells a queue.
inline constexpr double kVeryUneven = 2;

// The baseline.

/// Of the knee: below it hardly anything queues,
inline constexpr double kCalm = 0.5;
/// unless the service has fewer workers than this.
inline constexpr double kFewestCalm = 3;
/// A cut of a good part: to this share or less.
inline constexpr double kCut = 0.7;
/// Limits within this share of each other are the same.
inline constexpr double kSameLimit = 0.1;
/// Below this elasticity latency does not follow the limit.
inline constexpr double kFlat = 0.4;
/// Of the knee.
inline constexpr double kProbeShare = 0.7;
inline constexpr double kStartProbeShare = 0.5;
inline constexpr Duration kFirstProbePause = 1s;
inline constexpr Duration kLongestProbePause = 60s;
/// Standard errors, for tests that are repeated all day;
inline constexpr double kSure = 4;
/// the same from one epoch: in a queue neighbours wait alike.
inline constexpr double kSurest = 6;
/// Of latencies: stalls are not in their standard error.
inline constexpr double kLeastSpread = 0.3;
inline constexpr Duration kAnchorLife = 60s;
/// What a baseline that was learned near the knee counts for: a probe outweighs it.
inline constexpr double kLoadedWeight = 50;
/// Samples of a baseline that needs no more probes, or its relative standard error.
inline constexpr double kFewestConfirmed = 250;
inline constexpr double kConfirmedError = 0.02;
/// Standard errors within which a baseline is the one from before.
inline constexpr double kAgreed = 2;
/// Without a pressed epoch: less is chance, not calm.
inline constexpr Duration kLeastCalm = 1s;

// The queue at the gateway.

/// Share refused from which on a queue would be a standing one.
inline constexpr double kOverload = 0.1;
inline constexpr double kStandingOverload = 0.25;
inline constexpr double kHardOverload = 0.4;
inline constexpr double kFewSlots = 10;
/// May wait as long as hardly anything is refused.
inline constexpr double kFewestBurst = 8;
inline constexpr double kBurstGrowth = 1.15;

/// Of a limit on a shared service that is not used: so much of it is left after an epoch.
inline constexpr double kLeave = 0.8;

// Rises.

/// To this multiple, and by one at least.
inline constexpr double kRise = 1.5;
/// Samples for its throughput to be known to a tenth.
inline constexpr double kRiseSamples = 100;
/// Least gain in throughput that matters.
inline constexpr double kRiseGain = 0.12;
/// Weight of a baseline seen near the knee: a probe outweighs it.
inline constexpr double kHint = 0.2;
/// Times the baseline: among several limiters, so far below the knee.
inline constexpr double kOwnRise = 1.4;
inline constexpr double kColdRise = 2;
inline constexpr double kColdRiseSamples = 50;
/// Share of the rise that throughput has to follow.
inline constexpr double kColdRiseGain = 0.5;
inline constexpr Duration kFirstRisePause = 2s;
/// The first, where the baseline is not in doubt.
inline constexpr Duration kConfirmedRisePause = 5s;
inline constexpr Duration kLongestRisePause = 30s;

// Odd windows, and the share of own work.

inline constexpr Duration kGap = 1s;
inline constexpr Duration kShareMemory = 500ms;
/// Bounds what may wait for dependencies.
inline constexpr double kLeastShare = 0.02;

}  // namespace levee::adaptive
