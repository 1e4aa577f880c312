// SPDX-License-Identifier: Apache-2.0
// The commands of `levee`, apart from their parsing. Each prints to standard output, errors to
// standard error, and returns an ExitCode.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace levee::cli {

int checkConfig(const std::string& file);
int checkRules(const std::vector<std::string>& files);
int checkScenarios(const std::vector<std::string>& files);
/// "-" reads standard input. `format` is text or openmetrics.
int checkMetrics(const std::string& file, const std::string& format);
/// The argument is a file if there is one of that name ("-": standard input), else an expression.
int checkPromql(const std::string& expressionOrFile);

struct QueryOptions {
    std::string agent;
    std::string expression;
    std::string output = "table";  ///< or json: `data` of Prometheus' HTTP API
};
/// kLint: the expression is wrong; kFailure: no agent, or it cannot be evaluated.
int query(const QueryOptions& options);

struct GetOptions {
    std::string agent;
    std::string
        what;  ///< services, edges, breakers, limits, events, advice, targets, hosts, traces
    std::string output = "table";  ///< or json
    std::string service;           ///< traces: of this service or edge only
    bool watch = false;
};
int get(const GetOptions& options);
int getTraces(const GetOptions& options);

struct DescribeOptions {
    std::string agent;
    std::string id;  ///< or a beginning that only one trace has
    std::string output = "table";
};
int describeTrace(const DescribeOptions& options);

/// Prints the spans of an export body, a line of JSON each. "-" reads standard input. kPartial:
/// some spans were refused, as the agent would. `format`: otlp, otlp-json or zipkin.
int decodeTrace(const std::string& file, const std::string& format);

struct RulesOptions {
    std::string agent;
    std::vector<std::string> files;
    std::string reason;
    std::string author;
    std::int64_t revision = 0;
    bool replace = false;
    std::string output = "table";
};
int rulesList(const RulesOptions& options);
int rulesShow(const RulesOptions& options);
int rulesDiff(const RulesOptions& options);
int rulesApply(const RulesOptions& options);
int rulesRollback(const RulesOptions& options);
int rulesSchema();
int rulesReference();

struct EnforceOptions {
    std::string agent;
    std::string author;
    std::string reason;
    std::string output = "table";  ///< or json
};
/// Switches all enforcement off (everything passes) or on.
int enforceSwitch(const EnforceOptions& options, bool isOn);
struct PlanOptions {
    std::string socket;
    std::string directory = "/var/lib/levee/gateway";
    std::string client;
    std::vector<std::string> backends;
    std::vector<std::string> ruleFiles;
};
/// What an HAProxy that is already there needs to be steered; changes nothing.
int enforcePlan(const PlanOptions& options);
/// What is in force at each listener. kPartial: not all that is wanted.
int enforceStatus(const EnforceOptions& options);

struct SimulateOptions {
    std::vector<std::string> files;       ///< "-": standard input
    std::vector<std::string> algorithms;  ///< empty: those that a scenario names
    std::string scenario;                 ///< only those with this in their name
    int seeds = 0;                        ///< 1, 2 ... so many; 0: as many as a scenario says
    std::int64_t seed = -1;               ///< only this one; negative: all
    int jobs = 0;                         ///< threads; 0: one for each processor
    std::string output = "table";         ///< or json
};
/// kFailure: an expectation was not met; kLint: a file cannot be read or has errors.
int simulate(const SimulateOptions& options);

struct DemoOptions {
    bool headless = false;
    std::string duration;
    std::string rate;
    std::vector<std::string> rest;  ///< handed to the demo as they are
};
/// Does not return when it succeeds: becomes the demo.
int demo(const DemoOptions& options);

}  // namespace levee::cli
