// SPDX-License-Identifier: Apache-2.0
// Runs scenarios and judges what came out by their expectations. Everything is decided by scenario,
// algorithm and seed; callers may run seeds on any number of threads and get the same results.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/simulator/figures.h"
#include "shared/simulator/scenario.h"
#include "shared/simulator/simulation.h"

namespace levee::simulator {

/// The part of a run that a report shows: subject and interval of the first expectation on a
/// service; without one, the first service over the whole run.
struct ShownPart {
    std::string subject;
    Interval interval;
};
ShownPart shownPart(const Scenario& scenario);

/// What one algorithm on one seed came to.
struct Run {
    std::uint64_t seed = 0;
    Figures shown;
    std::vector<double> found;  ///< for each expectation; NaN: the figure has no value
    std::uint64_t events = 0;
};

/// A run for each algorithm. REQUIRES: a scenario from parseScenarios().
std::vector<Run> runSeed(const Scenario& scenario, const std::vector<Algorithm>& algorithms,
                         std::uint64_t seed);

/// One expectation on one algorithm, over all seeds.
struct Verdict {
    bool isLevees = false;   ///< Levee's own has to meet it; others are compared by it
    bool isBinding = false;  ///< this algorithm has to meet it
    bool isMet = false;      ///< by the share of the seeds that the expectation asks for
    std::size_t seedsMet = 0;
    double worst = 0;  ///< the found value that is farthest from being met; NaN: no value
    std::uint64_t worstSeed = 0;
};

struct AlgorithmResult {
    std::string algorithm;
    Figures shown;                  ///< of all seeds together
    std::vector<Verdict> verdicts;  ///< for each expectation
    std::uint64_t events = 0;

    std::size_t asked() const;  ///< of Levee's own
    std::size_t met() const;    ///< of these, by this algorithm
    bool hasMissed() const;     ///< a binding one
};

/// `seeds[k]` is what runSeed() returned for the k-th seed, for the same algorithms. Empty without
/// seeds.
std::vector<AlgorithmResult> judge(const Scenario& scenario,
                                   const std::vector<Algorithm>& algorithms,
                                   const std::vector<std::vector<Run>>& seeds);

/// The algorithms that a scenario is run with when nobody says others.
std::vector<Algorithm> algorithmsOf(const Scenario& scenario);

/// Figures of `other`, which are of the same subject in another run, into `sum`: counts add up,
/// limits are averaged by time, extremes are extremes.
void merge(Figures& sum, const Figures& other);

}  // namespace levee::simulator
