// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/runner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "shared/simulator/figure_unit.h"
#include "shared/simulator/frontier.h"

namespace levee::simulator {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

bool isRelative(const Expectation& expectation) {
    return expectation.relativeTo.to > expectation.relativeTo.from;
}

/// Where settling reads what the run settled to.
Interval secondHalf(const Interval& interval) {
    return {(interval.from + interval.to) / 2, interval.to};
}

std::vector<Interval> intervalsOf(const Scenario& scenario) {
    std::vector<Interval> intervals;
    const auto add = [&](const Interval& interval) {
        if (std::find(intervals.begin(), intervals.end(), interval) == intervals.end())
            intervals.push_back(interval);
    };
    add(shownPart(scenario).interval);
    for (const Expectation& expectation : scenario.expectations) {
        add(expectation.interval);
        if (isRelative(expectation))
            add(expectation.relativeTo);
        if (expectation.figure == kSettle)
            add(secondHalf(expectation.interval));
    }
    return intervals;
}

/// The sweeps that a scenario's expectations ask for, each made once.
class Frontiers {
public:
    Frontiers(const Scenario& scenario, std::uint64_t seed) : scenario_(scenario), seed_(seed) {}

    const std::vector<FrontierPoint>& of(const Expectation& expectation) {
        for (const Sweep& sweep : sweeps_) {
            if (sweep.service == expectation.subject && sweep.interval == expectation.interval)
                return sweep.points;
        }
        sweeps_.push_back(
            {expectation.subject, expectation.interval,
             sweepFrontier(scenario_, expectation.subject, expectation.interval, seed_)});
        return sweeps_.back().points;
    }

private:
    struct Sweep {
        std::string service;
        Interval interval;
        std::vector<FrontierPoint> points;
    };
    const Scenario& scenario_;
    std::uint64_t seed_;
    std::vector<Sweep> sweeps_;
};

double foundValue(const Simulation& simulation, const Expectation& expectation,
                  Frontiers& frontiers) {
    const std::string& subject = expectation.subject;
    const auto over = [&](const Interval& interval, std::string_view name) {
        return figure(simulation.figures(subject, interval, expectation.level), name)
            .value_or(kNothing);
    };
    if (expectation.figure == kSettle) {
        const double settled = settleSeconds(simulation.trace(subject), expectation.interval.from,
                                             expectation.interval.to,
                                             over(secondHalf(expectation.interval), "goodRate"));
        return std::round(settled * 1000) / 1000;  // a trace's times are no doubles
    }
    if (expectation.figure == kFrontierGap)
        return frontierGap(frontiers.of(expectation), over(expectation.interval, "goodput"),
                           over(expectation.interval, "median"));
    const double value = over(expectation.interval, expectation.figure);
    return isRelative(expectation) ? value / over(expectation.relativeTo, expectation.figure)
                                   : value;
}

/// How far inside its bounds a value is, negative outside; a missing value is farthest out.
double slack(const Expectation& expectation, double value) {
    if (std::isnan(value))
        return -std::numeric_limits<double>::infinity();
    return std::min(value - expectation.least, expectation.most - value);
}

bool concerns(const Expectation& expectation, std::string_view algorithm) {
    const std::vector<std::string>& named = expectation.algorithms;
    return named.empty() ? algorithm == kOwnAlgorithm
                         : std::find(named.begin(), named.end(), algorithm) != named.end();
}

Verdict judgeOne(const Expectation& expectation, std::string_view algorithm, std::size_t index,
                 const std::vector<const Run*>& runs) {
    Verdict verdict;
    verdict.isLevees = concerns(expectation, kOwnAlgorithm);
    verdict.isBinding = concerns(expectation, algorithm);
    double least = std::numeric_limits<double>::infinity();
    for (const Run* run : runs) {
        const double value = run->found[index];
        const double room = slack(expectation, value);
        verdict.seedsMet += room >= 0;
        if (room < least || run == runs.front()) {
            least = room;
            verdict.worst = value;
            verdict.worstSeed = run->seed;
        }
    }
    constexpr double kRounding = 1e-9;  // 95% of 20 seeds are 19
    verdict.isMet = static_cast<double>(verdict.seedsMet) + kRounding >=
                    expectation.seedShare * static_cast<double>(runs.size());
    return verdict;
}

AlgorithmResult judgeAlgorithm(const Scenario& scenario, std::string_view algorithm,
                               const std::vector<const Run*>& runs) {
    AlgorithmResult result;
    result.algorithm = algorithm;
    result.shown = runs.front()->shown;
    for (const Run* run : runs) {
        if (run != runs.front())
            merge(result.shown, run->shown);
        result.events += run->events;
    }
    for (std::size_t i = 0; i < scenario.expectations.size(); ++i)
        result.verdicts.push_back(judgeOne(scenario.expectations[i], algorithm, i, runs));
    return result;
}

}  // namespace

ShownPart shownPart(const Scenario& scenario) {
    for (const Expectation& expectation : scenario.expectations) {
        for (const ServiceSpec& service : scenario.services) {
            if (service.name == expectation.subject)
                return {expectation.subject, expectation.interval};
        }
    }
    return {scenario.services.front().name, {0, scenario.duration}};
}

std::vector<Run> runSeed(const Scenario& scenario, const std::vector<Algorithm>& algorithms,
                         std::uint64_t seed) {
    const ShownPart shown = shownPart(scenario);
    Frontiers frontiers(scenario, seed);
    std::vector<Run> runs;
    for (const Algorithm& algorithm : algorithms) {
        Simulation simulation(scenario, algorithm, seed, intervalsOf(scenario));
        simulation.run();
        Run run;
        run.seed = seed;
        run.shown = simulation.figures(shown.subject, shown.interval);
        run.events = simulation.events();
        for (const Expectation& expectation : scenario.expectations)
            run.found.push_back(foundValue(simulation, expectation, frontiers));
        runs.push_back(std::move(run));
    }
    return runs;
}

std::size_t AlgorithmResult::asked() const {
    return static_cast<std::size_t>(std::count_if(verdicts.begin(), verdicts.end(),
                                                  [](const Verdict& v) { return v.isLevees; }));
}

std::size_t AlgorithmResult::met() const {
    return static_cast<std::size_t>(std::count_if(
        verdicts.begin(), verdicts.end(), [](const Verdict& v) { return v.isLevees && v.isMet; }));
}

bool AlgorithmResult::hasMissed() const {
    return std::any_of(verdicts.begin(), verdicts.end(),
                       [](const Verdict& v) { return v.isBinding && !v.isMet; });
}

std::vector<AlgorithmResult> judge(const Scenario& scenario,
                                   const std::vector<Algorithm>& algorithms,
                                   const std::vector<std::vector<Run>>& seeds) {
    std::vector<AlgorithmResult> results;
    for (std::size_t a = 0; a < algorithms.size() && !seeds.empty(); ++a) {
        std::vector<const Run*> runs;
        for (const std::vector<Run>& seed : seeds)
            runs.push_back(&seed[a]);
        results.push_back(judgeAlgorithm(scenario, algorithms[a].name, runs));
    }
    return results;
}

std::vector<Algorithm> algorithmsOf(const Scenario& scenario) {
    std::vector<Algorithm> algorithms;
    for (const std::string& name : scenario.algorithms) {
        if (const auto algorithm = algorithmNamed(name))
            algorithms.push_back(*algorithm);
    }
    if (algorithms.empty())
        algorithms.push_back(*algorithmNamed(kOwnAlgorithm));
    return algorithms;
}

void merge(Figures& sum, const Figures& other) {
    const double seconds = sum.seconds + other.seconds;
    const auto average = [&](double& mine, double theirs) {
        mine = seconds > 0 ? (mine * sum.seconds + theirs * other.seconds) / seconds : mine;
    };
    average(sum.capacity, other.capacity);
    average(sum.limitMean, other.limitMean);
    average(sum.ownLimitMean, other.ownLimitMean);
    average(sum.limitP05, other.limitP05);
    average(sum.limitP95, other.limitP95);
    sum.limitLeast = std::min(sum.limitLeast, other.limitLeast);
    sum.limitMost = std::max(sum.limitMost, other.limitMost);
    sum.limitCycle = std::max(sum.limitCycle, other.limitCycle);
    sum.inFlightMost = std::max(sum.inFlightMost, other.inFlightMost);
    sum.backlogMost = std::max(sum.backlogMost, other.backlogMost);
    for (std::uint64_t Figures::*count :
         {&Figures::offered, &Figures::refused, &Figures::good, &Figures::late, &Figures::failed,
          &Figures::retries, &Figures::firsts, &Figures::trips})
        sum.*count += other.*count;
    sum.latency.merge(other.latency);
    sum.seconds = seconds;
}

}  // namespace levee::simulator
