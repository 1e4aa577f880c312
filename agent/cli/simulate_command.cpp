// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/table.h"
#include "agent/cli/text_file.h"
#include "rules/lang/scalar_reader.h"
#include "shared/base/units.h"
#include "shared/simulator/figure_unit.h"
#include "shared/simulator/runner.h"
#include "shared/simulator/scenario_file.h"

namespace levee::cli {
namespace {

using simulator::Algorithm;
using simulator::AlgorithmResult;
using simulator::Expectation;
using simulator::Interval;
using simulator::Run;
using simulator::Scenario;
using simulator::Verdict;

/// One scenario to run, and what has come of it so far.
struct Task {
    std::string file;
    Scenario scenario;
    std::vector<Algorithm> algorithms;
    std::vector<std::uint64_t> seedNumbers;
    std::vector<std::vector<Run>> seeds;  ///< by index of seedNumbers
    std::size_t open = 0;                 ///< seeds that are not done
};

int refuse(const std::string& message) {
    std::fprintf(stderr, "levee: %s\n", message.c_str());
    return kUsage;
}

/// The scenarios of all files, whose findings are printed. Nothing where one has errors.
std::optional<std::vector<Task>> readTasks(const SimulateOptions& options) {
    std::vector<Task> tasks;
    bool isBroken = false;
    for (const std::string& file : options.files) {
        const Result<std::string> text = readText(file);
        if (!text) {
            std::fprintf(stderr, "%s\n", text.error().message.c_str());
            isBroken = true;
            continue;
        }
        simulator::ScenarioFile parsed = simulator::parseScenarios(*text, file);
        std::fputs(format(parsed.diagnostics).c_str(), stderr);
        isBroken = isBroken || hasErrors(parsed.diagnostics);
        for (Scenario& scenario : parsed.scenarios)
            tasks.push_back({file, std::move(scenario), {}, {}, {}, 0});
    }
    if (isBroken)
        return std::nullopt;
    return tasks;
}

/// Settles which algorithms and seeds each task runs. The problem where that cannot be, or "".
std::string plan(const SimulateOptions& options, std::vector<Task>& tasks) {
    for (Task& task : tasks) {
        for (const std::string& name : options.algorithms) {
            const auto algorithm = simulator::algorithmNamed(name);
            if (!algorithm)
                return fmt::format("there is no algorithm '{}'; there are {}", name,
                                   listed(simulator::algorithmNames()));
            if (const auto* service = serviceWithoutLimit(task.scenario, *algorithm))
                return fmt::format("{}: {}: algorithm {} needs limiter.limit of service {}",
                                   task.file, task.scenario.name, name, service->name);
            task.algorithms.push_back(*algorithm);
        }
        if (task.algorithms.empty())
            task.algorithms = simulator::algorithmsOf(task.scenario);
        const auto count =
            static_cast<std::uint64_t>(options.seeds > 0 ? options.seeds : task.scenario.seeds);
        for (std::uint64_t seed = 1; seed <= count && options.seed < 0; ++seed)
            task.seedNumbers.push_back(seed);
        if (options.seed >= 0)
            task.seedNumbers.push_back(static_cast<std::uint64_t>(options.seed));
        task.open = task.seedNumbers.size();
        task.seeds.resize(task.open);
    }
    return {};
}

/// Runs all seeds of all tasks on threads and hands the tasks over in their order, each as soon as
/// it and those before it are done.
class Pool {
public:
    explicit Pool(std::vector<Task>& tasks) : tasks_(tasks) {
        for (std::size_t task = 0; task < tasks.size(); ++task) {
            for (std::size_t seed = 0; seed < tasks[task].seeds.size(); ++seed)
                jobs_.push_back({task, seed});
        }
    }

    template <typename OnDone>
    void run(std::size_t threads, OnDone onDone) {
        std::vector<std::thread> workers;
        for (std::size_t i = 0; i < std::min(threads, jobs_.size()); ++i)
            workers.emplace_back([this] { work(); });
        for (Task& task : tasks_) {
            {
                std::unique_lock lock(mutex_);
                isDone_.wait(lock, [&] { return task.open == 0; });
            }
            onDone(task);
            task.seeds.clear();
        }
        for (std::thread& worker : workers)
            worker.join();
    }

private:
    struct Job {
        std::size_t task = 0;
        std::size_t seed = 0;
    };

    void work() {
        for (std::size_t next = next_++; next < jobs_.size(); next = next_++) {
            const auto [t, s] = jobs_[next];
            Task& task = tasks_[t];
            task.seeds[s] = runSeed(task.scenario, task.algorithms, task.seedNumbers[s]);
            const std::lock_guard lock(mutex_);
            if (--task.open == 0)
                isDone_.notify_one();
        }
    }

    std::vector<Task>& tasks_;
    std::vector<Job> jobs_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;  ///< guards Task::open
    std::condition_variable isDone_;
};

std::string text(const Interval& interval) {
    return fmt::format("{} to {}", formatDuration(fromSeconds(interval.from)),
                       formatDuration(fromSeconds(interval.to)));
}

std::string shownFigure(const simulator::Figures& figures, std::string_view name) {
    const auto value = simulator::figure(figures, name);
    const simulator::FigureUnit unit = simulator::unitOf(name);
    if (!value || !std::isfinite(*value))
        return "-";
    const std::string number = simulator::formatFigure(unit, *value);
    return name.ends_with("Inflation") ? number + "x" : number;
}

simulator::FigureUnit unitOf(const Expectation& expectation) {
    const bool isRelative = expectation.relativeTo.to > expectation.relativeTo.from;
    return isRelative ? simulator::FigureUnit::Number : simulator::unitOf(expectation.figure);
}

/// "goodput of payment, 11s to 40s".
std::string describe(const Expectation& expectation) {
    std::string line = fmt::format("{} of {}", expectation.figure, expectation.subject);
    if (expectation.level >= 0)
        line += fmt::format(", priority {}", expectation.level);
    line += ", " + text(expectation.interval);
    if (expectation.relativeTo.to > expectation.relativeTo.from)
        line += fmt::format(", over that of {}", text(expectation.relativeTo));
    return line;
}

std::string missedLine(const Task& task, const AlgorithmResult& result, std::size_t index) {
    const Expectation& expectation = task.scenario.expectations[index];
    const Verdict& verdict = result.verdicts[index];
    const simulator::FigureUnit unit = unitOf(expectation);
    std::string line =
        fmt::format("  {}:{}: {}: {}: expected {}, found {} with seed {}", task.file,
                    expectation.line, result.algorithm, describe(expectation),
                    simulator::formatBounds(unit, expectation.least, expectation.most),
                    simulator::formatFigure(unit, verdict.worst), verdict.worstSeed);
    if (task.seedNumbers.size() > 1)
        line += fmt::format("; {} of {} seeds met it", verdict.seedsMet, task.seedNumbers.size());
    return line + '\n';
}

std::string render(const Task& task, const std::vector<AlgorithmResult>& results) {
    const simulator::ShownPart shown = simulator::shownPart(task.scenario);
    const std::size_t seeds = task.seedNumbers.size();
    std::string all =
        fmt::format("{}: {}, {}, {}\n", task.scenario.name, shown.subject, text(shown.interval),
                    seeds == 1 ? fmt::format("seed {}", task.seedNumbers.front())
                               : fmt::format("{} seeds", seeds));
    constexpr auto kRight = Table::Align::Right;
    Table table({{"ALGORITHM"},
                 {"GOODPUT", kRight},
                 {"MEDIAN", kRight},
                 {"P99", kRight},
                 {"REFUSED", kRight},
                 {"LIMIT", kRight},
                 {"AMPLITUDE", kRight},
                 {"CYCLE", kRight},
                 {"MET", kRight},
                 {""}});
    std::string missed;
    for (const AlgorithmResult& result : results) {
        std::vector<std::string> cells{result.algorithm};
        for (const std::string_view figure : {"goodput", "medianInflation", "p99Inflation",
                                              "refusedShare", "limit", "amplitude", "cycle"})
            cells.push_back(shownFigure(result.shown, figure));
        cells.push_back(fmt::format("{} of {}", result.met(), result.asked()));
        cells.emplace_back(result.hasMissed() ? "MISSED" : "");
        table.add(std::move(cells));
        for (std::size_t i = 0; i < result.verdicts.size(); ++i) {
            if (result.verdicts[i].isBinding && !result.verdicts[i].isMet)
                missed += missedLine(task, result, i);
        }
    }
    return all + table.text() + missed + '\n';
}

nlohmann::json numberOrNull(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

nlohmann::json toJson(const Task& task, const AlgorithmResult& result) {
    nlohmann::json figures;
    for (const std::string_view name : simulator::figureNames()) {
        if (const auto value = simulator::figure(result.shown, name))
            figures[std::string(name)] = numberOrNull(*value);
    }
    nlohmann::json expectations = nlohmann::json::array();
    for (std::size_t i = 0; i < result.verdicts.size(); ++i) {
        const Expectation& expectation = task.scenario.expectations[i];
        const Verdict& verdict = result.verdicts[i];
        expectations.push_back(
            {{"what", describe(expectation)},
             {"figure", expectation.figure},
             {"expected",
              simulator::formatBounds(unitOf(expectation), expectation.least, expectation.most)},
             {"worst", numberOrNull(verdict.worst)},
             {"worstSeed", verdict.worstSeed},
             {"seedsMet", verdict.seedsMet},
             {"isBinding", verdict.isBinding},
             {"isMet", verdict.isMet},
             {"line", expectation.line}});
    }
    return {{"algorithm", result.algorithm},
            {"figures", figures},
            {"expectations", expectations},
            {"hasMissed", result.hasMissed()},
            {"events", result.events}};
}

nlohmann::json toJson(const Task& task, const std::vector<AlgorithmResult>& results) {
    const simulator::ShownPart shown = simulator::shownPart(task.scenario);
    nlohmann::json algorithms = nlohmann::json::array();
    for (const AlgorithmResult& result : results)
        algorithms.push_back(toJson(task, result));
    return {{"file", task.file},        {"scenario", task.scenario.name},
            {"subject", shown.subject}, {"from", shown.interval.from},
            {"to", shown.interval.to},  {"seeds", task.seedNumbers},
            {"algorithms", algorithms}};
}

/// The lines after all scenarios. "" for a single one.
std::string summary(std::size_t scenarios, std::size_t missed) {
    if (scenarios < 2)
        return {};
    return missed == 0 ? fmt::format("{} scenarios, all as expected\n", scenarios)
                       : fmt::format("{} scenarios, {} not as expected\n", scenarios, missed);
}

}  // namespace

int simulate(const SimulateOptions& options) {
    std::optional<std::vector<Task>> tasks = readTasks(options);
    if (!tasks)
        return kLint;
    if (!options.scenario.empty())
        std::erase_if(*tasks, [&](const Task& task) {
            return task.scenario.name.find(options.scenario) == std::string::npos;
        });
    if (tasks->empty())
        return refuse(fmt::format("no scenario has '{}' in its name", options.scenario));
    if (const std::string problem = plan(options, *tasks); !problem.empty())
        return refuse(problem);
    const std::size_t threads = options.jobs > 0
                                    ? static_cast<std::size_t>(options.jobs)
                                    : std::max(1U, std::thread::hardware_concurrency());
    const bool isJson = options.output == "json";
    nlohmann::json all = nlohmann::json::array();
    std::size_t missed = 0;
    Pool(*tasks).run(threads, [&](const Task& task) {
        const auto results = simulator::judge(task.scenario, task.algorithms, task.seeds);
        missed += std::any_of(results.begin(), results.end(),
                              [](const AlgorithmResult& r) { return r.hasMissed(); });
        if (isJson) {
            all.push_back(toJson(task, results));
            return;
        }
        std::fputs(render(task, results).c_str(), stdout);
        std::fflush(stdout);
    });
    std::fputs(isJson ? (all.dump(2) + '\n').c_str() : summary(tasks->size(), missed).c_str(),
               stdout);
    return missed == 0 ? kOk : kFailure;
}

}  // namespace levee::cli
