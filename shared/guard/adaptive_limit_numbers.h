// SPDX-License-Identifier: Apache-2.0
// The numbers of the adaptive limiter; README.md says what each is for. Inside this module only.
#pragma once

#include <cstddef>

#include "shared/base/time.h"

namespace levee::adaptive {

using namespace std::chrono_literals;

inline constexpr double kInitialLimit = 16;
inline constexpr double kSlack = 0.06;  ///< above the knee, as a share of it; at least one request
inline constexpr double kRootSlack = 0.6;
inline constexpr double kMostWait =
    0.25;  ///< of the median: what the wait for a slot may add to it
inline constexpr double kBaselineErrors = 2.5;  ///< or so many standard errors of the baseline, and
inline constexpr double kThroughputErrors = 1.8;
inline constexpr double kMostSlack = 0.3;  ///< at most
inline constexpr double kEnoughError =
    0.08;  ///< relative standard error at which an epoch is enough
inline constexpr double kEnoughErrorToLearn = 0.05;
inline constexpr double kMostSeconds = 3;  ///< an epoch ends after this with what it has, and
inline constexpr double kShortest =
    0.095;  ///< of windows that can be shorter, in process: the slow
inline constexpr double kShortestCalm = 0.3;   ///< requests end last
inline constexpr double kFewestLatencies = 4;  ///< or requests that run in step would be miscounted
inline constexpr double kLongEnough = 1;       ///< seconds, however long a latency is
inline constexpr double kUnended = 1.3;        ///< times what has ended: too many have not
inline constexpr double kFewestSamples = 10;   ///< after ten times this even with fewer than these
inline constexpr std::size_t kWindows = 3;     ///< so that one spoilt window does not count
inline constexpr double kFewestKnown = 300;  ///< samples of the baseline, for shifts of its median
inline constexpr double kMuchBetter =
    0.5;  ///< the standard error of the median's shift over the mean's
inline constexpr double kQueued = 0.65;  ///< of the slack: latency above it shows a queue
inline constexpr double kMedianQueued = 0.35;
inline constexpr double kUsed = 0.8;  ///< mean concurrency of a limit that is really used
inline constexpr double kRefuted =
    1.5;                               ///< times the target without a queue: the knee is elsewhere
inline constexpr double kDoubt = 0.7;  ///< standard errors of latency that growth allows for
inline constexpr double kThroughputMemory = 2'000;  ///< samples
inline constexpr double kMostThroughputMemory = 5'000;
inline constexpr double kMostWeight = 5'000;  ///< samples: the memory of the baseline
inline constexpr double kMostUneven = 25;
inline constexpr double kCalm = 0.5;      ///< of the knee: below it hardly anything queues
inline constexpr double kFewestCalm = 3;  ///< unless the service has very few workers
inline constexpr double kCautiousCut = 0.5;
inline constexpr double kCut = 0.7;  ///< a cut of a good part: to this share or less
inline constexpr double kSameLimit = 0.1;
inline constexpr double kFlat = 0.4;  ///< below this elasticity latency does not follow the limit
inline constexpr double kProbeShare = 0.7;  ///< of the knee
inline constexpr double kStartProbeShare = 0.5;
inline constexpr double kOverload =
    0.1;  ///< share refused from which on a queue would be a standing one
inline constexpr double kHardOverload = 0.4;
inline constexpr double kFewSlots = 10;
inline constexpr double kManySlots = 32;   ///< from which on half a request more is enough
inline constexpr double kFewestBurst = 8;  ///< may wait as long as hardly anything is refused
inline constexpr double kBurstGrowth = 1.15;
inline constexpr double kSmallChange = 0.1;
inline constexpr Duration kLongestSettling = 2s;
inline constexpr Duration kFirstProbePause = 1s;
inline constexpr Duration kLongestProbePause = 60s;
inline constexpr double kRise = 1.5;         ///< a rise goes to this multiple, and by one at least
inline constexpr double kRiseSamples = 100;  ///< for its throughput to be known to a tenth
inline constexpr double kHint =
    0.2;  ///< weight of a baseline seen near the knee: a probe outweighs it
inline constexpr double kOwnRise =
    1.4;  ///< times the baseline: among several, so far below the knee
inline constexpr double kColdRise = 2;
inline constexpr double kColdRiseSamples = 50;
inline constexpr double kColdRiseGain = 0.5;  ///< share of the rise that throughput has to follow
inline constexpr double kRiseGain = 0.12;     ///< least gain in throughput that matters
inline constexpr double kSure = 4;    ///< standard errors, for tests that are repeated all day
inline constexpr double kSurest = 6;  ///< the same from one epoch: in a queue neighbours wait alike
inline constexpr double kLeastSpread =
    0.3;  ///< of latencies: stalls are not in their standard error
inline constexpr Duration kFirstRisePause = 2s;
inline constexpr Duration kConfirmedRisePause =
    5s;  ///< the first, where the baseline is not in doubt
inline constexpr Duration kLongestRisePause = 30s;
inline constexpr Duration kAnchorLife = 60s;
inline constexpr Duration kGap = 1s;
inline constexpr Duration kShareMemory = 500ms;
inline constexpr double kLeastShare = 0.02;  ///< of own work: bounds what may wait for dependencies

}  // namespace levee::adaptive
