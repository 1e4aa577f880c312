// SPDX-License-Identifier: Apache-2.0
// The commands of `levee`, apart from their parsing. Each prints to standard output, errors to
// standard error, and returns an ExitCode.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/cli/agent_at.h"
#include "shared/model/event.h"

namespace levee::cli {

int checkConfig(const std::string& file);
int checkRules(const std::vector<std::string>& files);
/// Against what the agent sees as well. kLint: the rules are right, but there are warnings.
int checkRulesLive(const AgentAt& agent, const std::vector<std::string>& files);
int checkScenarios(const std::vector<std::string>& files);
/// "-" reads standard input. `format` is text or openmetrics.
int checkMetrics(const std::string& file, const std::string& format);
/// The argument is a file if there is one of that name ("-": standard input), else an expression.
int checkPromql(const std::string& expressionOrFile);

struct QueryOptions {
    AgentAt agent;
    std::string expression;
    std::string output = "table";  ///< or json: `data` of Prometheus' HTTP API
};
/// kLint: the expression is wrong; kFailure: no agent, or it cannot be evaluated.
int query(const QueryOptions& options);

struct GetOptions {
    AgentAt agent;
    std::string what;  ///< services, edges, breakers, limits, automations, events, advice, targets,
                       ///< hosts, traces, signals ...
    std::string output = "table";  ///< or json
    std::string service;           ///< traces: of this service or edge only
    bool watch = false;
};
int get(const GetOptions& options);
int getTraces(const GetOptions& options);
class AgentClient;
int getAutomations(AgentClient& client, const GetOptions& options);
int getSignals(const GetOptions& options);

struct PacksOptions {
    AgentAt agent;
    std::string name;              ///< of a pack, or its folder; check: "" for all
    std::string output = "table";  ///< try: or json
};
int packsList(const PacksOptions& options);
int packsShow(const PacksOptions& options);
/// kFailure: pack.yaml, a rule or a test is wrong, or a test is not met.
int packsCheck(const PacksOptions& options);
/// Each signal of the pack on the agent now. kPartial: some have no data.
int packsTry(const PacksOptions& options);

struct DescribeOptions {
    AgentAt agent;
    std::string id;  ///< a trace: or a beginning that only one has
    std::string output = "table";
};
int describeTrace(const DescribeOptions& options);
/// `id`: the name of a service, or an edge as a->b.
int describeService(const DescribeOptions& options);
int describeEdge(const DescribeOptions& options);

/// Prints the spans of an export body, a line of JSON each. "-" reads standard input. kPartial:
/// some spans were refused, as the agent would. `format`: otlp, otlp-json or zipkin.
int decodeTrace(const std::string& file, const std::string& format);

struct RulesOptions {
    AgentAt agent;
    std::vector<std::string> files;
    std::string reason;
    std::string author;
    std::int64_t revision = 0;
    bool replace = false;
    bool text = false;    ///< differences of the text, line by line
    std::string subject;  ///< a guard; history: only of that, or of "rules"; "": all
    int limit = 50;       ///< history: so many, the newest
    std::string output = "table";
    std::vector<std::string> agents;  ///< apply: on all of these, the first one first
    std::string watch = "30s";        ///< apply on several: how long each step is watched
    double mostRefused = 0.10;        ///< apply on several: see RolloutLimits
    double mostSlower = 1.3;
};
int rulesHistory(const RulesOptions& options);
/// `subject`: a guard or an automation.
int rulesExplain(const RulesOptions& options);
/// `subject`: an automation; `events`: its own.
int explainAutomation(const RulesOptions& options, const std::vector<Event>& events);
/// Rules and tests out of the same or other files. kFailure: an expectation was not met; kLint: a
/// file cannot be read or has errors.
int rulesTest(const RulesOptions& options);
int rulesList(const RulesOptions& options);
int rulesShow(const RulesOptions& options);
int rulesDiff(const RulesOptions& options);
/// With `agents`: rulesRollout.
int rulesApply(const RulesOptions& options);
/// On the first of `agents`, then on the rest, and taken back everywhere where errors, refusals or
/// latency get worse. kConflict, kFailure: the rules are in force nowhere that could be reached.
int rulesRollout(const RulesOptions& options);
int rulesRollback(const RulesOptions& options);
int rulesSchema();
int rulesReference();

struct EnforceOptions {
    AgentAt agent;
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

struct PromoteOptions {
    AgentAt agent;
    std::vector<std::string> subjects;  ///< whose overrides
    bool all = false;  ///< every override, and with `files` what was applied past them
    std::vector<std::string> files;  ///< rule files; none: those that the overridden rules stand in
};
/// Prints a patch. kPartial: some of what is held cannot be said by a rule.
int rulesPromote(const PromoteOptions& options);

struct OverrideOptions {
    AgentAt agent;
    std::string subject;
    bool open = false;
    bool closed = false;
    std::uint32_t limit = 0;  ///< 0: not given
    double factor = 0;        ///< 0: not given
    std::string className;    ///< to shed; "": not given
    std::string ttl;          ///< "": the agent's default
    std::string reason;
    std::string author;
    bool replace = false;
    bool evenProtected = false;
    std::string output = "table";
};
/// kConflict: the subject is held already.
int overrideSet(const OverrideOptions& options);
int overrideExtend(const OverrideOptions& options);
int overrideClear(const OverrideOptions& options);
int overrideList(const OverrideOptions& options);

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
