// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include <cstdio>

#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"

using namespace levee::cli;

namespace {

/// Sets up one subcommand whose callback's result becomes the exit code.
template <typename Run>
CLI::App* command(CLI::App& parent, const char* name, const char* help, int& exitCode, Run run) {
    CLI::App* added = parent.add_subcommand(name, help);
    added->callback([&exitCode, run] { exitCode = run(); });
    return added;
}

int complain(const levee::Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return kUsage;
}

void addAgentOptions(CLI::App& app, AgentChoice& choice) {
    app.add_option("--agent", choice.agent,
                   "The agent: host:port or unix:PATH; default: unix:/run/levee/agent.sock")
        ->envname("LEVEE_AGENT");
    app.add_option("--context", choice.context,
                   "Agents, certificates and token out of ~/.config/levee/contexts.yaml, by name")
        ->envname("LEVEE_CONTEXT");
    app.add_option("--tls-ca", choice.access.caFile,
                   "Speak TLS: the authority (PEM) of the agent's certificate");
    app.add_option("--tls-cert", choice.access.certFile,
                   "The certificate (PEM) to show to the agent, with --tls-key");
    app.add_option("--tls-key", choice.access.keyFile, "Its key (PEM)");
    app.add_option("--tls-server-name", choice.access.serverName,
                   "The name expected in the agent's certificate; default: the host of --agent");
    app.add_option("--token-file", choice.access.tokenFile,
                   "The file with the token that the agent asks for")
        ->envname("LEVEE_TOKEN_FILE");
}

void addCheck(CLI::App& app, int& exitCode, const AgentAt& agent) {
    static std::string file;
    static std::string format = "text";
    static std::vector<std::string> files;
    CLI::App* check =
        app.add_subcommand("check", "Check a file without using it")->require_subcommand(1);
    command(*check, "config", "Check an agent.yaml", exitCode, [] { return checkConfig(file); })
        ->add_option("file", file, "The configuration")
        ->required();
    static bool live = false;
    CLI::App* rules = command(*check, "rules", "Check rule files", exitCode, [&agent] {
        return live ? checkRulesLive(agent, files) : checkRules(files);
    });
    rules->add_option("files", files, "Rule files")->required();
    rules->add_flag("--live", live, "Also against what the agent sees; 3 where it warns");
    command(*check, "scenario", "Check scenario files", exitCode,
            [] { return checkScenarios(files); })
        ->add_option("files", files, "Scenario files")
        ->required();
    CLI::App* metrics = command(*check, "metrics", "Check a metrics page", exitCode,
                                [] { return checkMetrics(file.empty() ? "-" : file, format); });
    metrics->add_option("file", file, "The page; - or nothing: standard input");
    metrics
        ->add_option("--format", format,
                     "text: as promtool checks it; openmetrics: to the letter of OpenMetrics 1.0")
        ->check(CLI::IsMember({"text", "openmetrics"}))
        ->capture_default_str();
    command(*check, "promql", "Check an expression", exitCode, [] { return checkPromql(file); })
        ->add_option("expression", file, "The expression, or a file with one; -: standard input")
        ->required();
}

void addQuery(CLI::App& app, int& exitCode, const AgentAt& agent) {
    static QueryOptions options;
    CLI::App* sub = command(app, "query", "Evaluate an expression over what the agent keeps",
                            exitCode, [&agent] {
                                options.agent = agent;
                                return query(options);
                            });
    sub->add_option("expression", options.expression, "PromQL, see rules/promql")->required();
    sub->add_option("-o,--output", options.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
}

void addGet(CLI::App& app, int& exitCode, const AgentAt& agent) {
    static GetOptions options;
    CLI::App* sub = command(app, "get", "Show the agent's state", exitCode, [&agent] {
        options.agent = agent;
        return get(options);
    });
    sub->add_option("what", options.what,
                    "services, edges, breakers, limits, automations, events, advice, targets, "
                    "hosts, processes, traces or signals")
        ->required()
        ->check(CLI::IsMember({"services", "edges", "breakers", "limits", "automations", "events",
                               "advice", "targets", "hosts", "processes", "traces", "signals"}));
    sub->add_option("--service", options.service,
                    "traces: those kept for this service, or for an edge as a->b");
    sub->add_option("-o,--output", options.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
    sub->add_flag("-w,--watch", options.watch, "Go on showing what changes");
}

void addPacks(CLI::App& app, int& exitCode, const AgentAt& agent) {
    static PacksOptions options;
    const auto with = [&agent](int (*run)(const PacksOptions&)) {
        return [run, &agent] {
            options.agent = agent;
            return run(options);
        };
    };
    CLI::App* packs =
        app.add_subcommand("packs", "Signals, rules and tests that come for a technology")
            ->require_subcommand(1);
    command(*packs, "list", "Those that are installed", exitCode, with(packsList));
    CLI::App* show = command(*packs, "show", "What is in one: how to scrape, signals, rules",
                             exitCode, with(packsShow));
    CLI::App* check = command(*packs, "check", "Check one, or all, and run their tests", exitCode,
                              with(packsCheck));
    CLI::App* tried =
        command(*packs, "try", "Every signal of one on the agent now; 5: some have no data",
                exitCode, with(packsTry));
    for (CLI::App* sub : {show, tried})
        sub->add_option("pack", options.name, "Its name, or its folder")->required();
    check->add_option("pack", options.name, "Its name, or its folder");
    tried->add_option("-o,--output", options.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
}

void addDescribe(CLI::App& app, int& exitCode, const AgentAt& agent) {
    static DescribeOptions options;
    CLI::App* describe =
        app.add_subcommand("describe", "Show one thing in full")->require_subcommand(1);
    CLI::App* trace =
        command(*describe, "trace", "A kept trace as a waterfall", exitCode, [&agent] {
            options.agent = agent;
            return describeTrace(options);
        });
    trace->add_option("id", options.id, "Its id, or a beginning that no other has")->required();
    CLI::App* service =
        command(*describe, "service", "A service: traffic, guard, calls, what happened", exitCode,
                [&agent] {
                    options.agent = agent;
                    return describeService(options);
                });
    CLI::App* edge = command(*describe, "edge", "A call: traffic, where its time goes, guard",
                             exitCode, [&agent] {
                                 options.agent = agent;
                                 return describeEdge(options);
                             });
    service->add_option("name", options.id, "Its name")->required();
    edge->add_option("name", options.id, "As client->service")->required();
    for (CLI::App* sub : {trace, service, edge})
        sub->add_option("-o,--output", options.output, "table or json")
            ->check(CLI::IsMember({"table", "json"}));
}

void addTrace(CLI::App& app, int& exitCode) {
    static std::string file = "-";
    static std::string format = "otlp";
    CLI::App* trace =
        app.add_subcommand("trace", "Work with spans, without an agent")->require_subcommand(1);
    CLI::App* decode = command(*trace, "decode", "Print an export's spans, a line of JSON each",
                               exitCode, [] { return decodeTrace(file, format); });
    decode->add_option("file", file, "The body; - or nothing: standard input");
    decode->add_option("--format", format, "otlp, otlp-json or zipkin")
        ->check(CLI::IsMember({"otlp", "otlp-json", "zipkin"}))
        ->capture_default_str();
}

void addRules(CLI::App& app, int& exitCode, const AgentAt& agent) {
    static RulesOptions options;
    const auto with = [&agent](int (*run)(const RulesOptions&)) {
        return [run, &agent] {
            options.agent = agent;
            return run(options);
        };
    };
    CLI::App* rules =
        app.add_subcommand("rules", "See and change the rules in force")->require_subcommand(1);
    command(*rules, "list", "Revisions, the newest first", exitCode, with(rulesList));
    command(*rules, "show", "The text of the rules in force, or of a revision", exitCode,
            with(rulesShow))
        ->add_option("revision", options.revision, "Revision");
    CLI::App* history = command(
        *rules, "history", "Who changed what, when and why: rules and overrides, the newest first",
        exitCode, with(rulesHistory));
    history->add_option("--subject", options.subject, "Only of this: rules, a service, an edge");
    history->add_option("--limit", options.limit, "So many")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    history->add_option("-o,--output", options.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
    CLI::App* explain = command(
        *rules, "explain",
        "Why a guard or an automation did or did not act: its rule, its numbers, what it did",
        exitCode, with(rulesExplain));
    explain
        ->add_option("subject", options.subject,
                     "A service, a call as client->service, or an automation")
        ->required();
    explain->add_option("-o,--output", options.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
    CLI::App* test =
        command(*rules, "test", "Run the tests that rules carry: given traffic, expected decisions",
                exitCode, with(rulesTest));
    test->add_option("files", options.files, "Rule files and files with tests; -: standard input")
        ->required();
    test->add_option("-o,--output", options.output, "table, json or junit")
        ->check(CLI::IsMember({"table", "json", "junit"}));
    CLI::App* diff = command(*rules, "diff",
                             "What applying files would change, or what changed between two "
                             "revisions; 0 nothing, 1 something, 2 trouble",
                             exitCode, with(rulesDiff));
    for (CLI::App* sub : {history, diff})
        sub->add_flag("--text", options.text, "Differences of the text, line by line");
    CLI::App* apply = command(*rules, "apply", "Put rules in force", exitCode, with(rulesApply));
    for (CLI::App* sub : {diff, apply}) {
        sub->add_option("files,-f,--file", options.files, "Rule files; diff: or two revisions")
            ->required();
        sub->add_flag("--replace", options.replace,
                      "The files are the whole rule set; else only what they name changes");
    }
    apply->add_option("--revision", options.revision, "The revision that the edit was made on");
    CLI::Option* agents =
        apply
            ->add_option("--agents", options.agents,
                         "A,B,C: on all of these in place of --agent; on the first, then on the "
                         "rest, and taken back everywhere where a host is worse off")
            ->delimiter(',');
    apply->add_option("--watch", options.watch, "How long each of the two steps is watched")
        ->needs(agents)
        ->capture_default_str();
    apply
        ->add_option("--most-slower", options.mostSlower,
                     "So many times the p99 of before is allowed, 1 to 1000")
        ->check(CLI::Range(1.0, 1000.0))
        ->needs(agents)
        ->capture_default_str();
    apply
        ->add_option("--most-refused", options.mostRefused,
                     "So much more of the requests may be refused, 0 to 1")
        ->check(CLI::Range(0.0, 1.0))
        ->needs(agents)
        ->capture_default_str();
    CLI::App* rollback =
        command(*rules, "rollback", "Go back to the revision before, or to the one given", exitCode,
                with(rulesRollback));
    rollback->add_option("revision", options.revision, "Revision");
    apply->add_option("--reason", options.reason, "Why; kept with the revision")->required();
    rollback->add_option("--reason", options.reason, "Why");
    for (CLI::App* sub : {apply, rollback})
        sub->add_option("--author", options.author, "Who; default: the user's name");
    static PromoteOptions promoting;
    CLI::App* promote =
        command(*rules, "promote", "A patch that makes overrides permanent in the rule files",
                exitCode, [&agent] {
                    promoting.agent = agent;
                    return rulesPromote(promoting);
                });
    CLI::Option* subjects =
        promote->add_option("subject", promoting.subjects, "What is held: see override list");
    promote
        ->add_flag("--all", promoting.all,
                   "Every override; with --file also what was applied past the files")
        ->excludes(subjects);
    promote->add_option("-f,--file", promoting.files,
                        "The rule files; default: where the overridden rules stand");
    command(*rules, "schema", "The JSON Schema of rule files, for editors", exitCode, rulesSchema);
    command(*rules, "reference", "Every field of a rule, as Markdown", exitCode, rulesReference);
}

void addEnforce(CLI::App& app, int& exitCode, const AgentAt& agent) {
    static EnforceOptions options;
    CLI::App* enforce =
        app.add_subcommand("enforce", "What is in force, and the switch for all of it")
            ->require_subcommand(1);
    CLI::App* status =
        command(*enforce, "status", "What each listener has in force; 5: not all that is wanted",
                exitCode, [&agent] {
                    options.agent = agent;
                    return enforceStatus(options);
                });
    status->add_option("-o,--output", options.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
    static PlanOptions plan;
    CLI::App* planned =
        command(*enforce, "plan",
                "What an HAProxy that is already there needs so that Levee can steer it; changes "
                "nothing",
                exitCode, [] { return enforcePlan(plan); });
    planned->add_option("--socket", plan.socket, "Its runtime socket")->required();
    planned->add_option("--backend", plan.backends, "Only these; default: all with servers");
    planned->add_option("--client", plan.client,
                        "They are called by this service: breakers instead of limits");
    planned->add_option("--rules", plan.ruleFiles,
                        "Rule files whose rates and answers are planned");
    planned->add_option("--directory", plan.directory, "gateway.directory of the agent")
        ->capture_default_str();
    CLI::App* off = command(*enforce, "off",
                            "Let everything pass at once; the guards go on deciding and counting",
                            exitCode, [&agent] {
                                options.agent = agent;
                                return enforceSwitch(options, false);
                            });
    off->add_option("--reason", options.reason, "Why; shown until it is on again")->required();
    CLI::App* on = command(*enforce, "on", "Enforce again", exitCode, [&agent] {
        options.agent = agent;
        return enforceSwitch(options, true);
    });
    on->add_option("--reason", options.reason, "Why");
    for (CLI::App* sub : {off, on})
        sub->add_option("--author", options.author, "Who; default: the user's name");
}

void addOverride(CLI::App& app, int& exitCode, const AgentAt& agent) {
    static OverrideOptions options;
    const auto with = [&agent](int (*run)(const OverrideOptions&)) {
        return [run, &agent] {
            options.agent = agent;
            return run(options);
        };
    };
    CLI::App* group =
        app.add_subcommand("override", "Hold a guard by hand, over the rules, for a time")
            ->require_subcommand(1);
    CLI::App* set =
        command(*group, "set",
                "Force a breaker open or closed, fix a limit, or shed a class; the agent ends it",
                exitCode, with(overrideSet));
    CLI::App* extend =
        command(*group, "extend", "Give it more time, from now", exitCode, with(overrideExtend));
    CLI::App* clear = command(*group, "clear", "End it now", exitCode, with(overrideClear));
    command(*group, "list", "What is held, until when, over which rule", exitCode,
            with(overrideList))
        ->add_option("-o,--output", options.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
    for (CLI::App* sub : {set, extend, clear}) {
        sub->add_option("subject", options.subject, "A service, or a call as client->service")
            ->required();
        sub->add_option("--author", options.author, "Who; default: the user's name");
    }
    CLI::App* what = set->add_option_group("what")->require_option(1);
    what->add_flag("--force-open", options.open, "Calls: nothing passes");
    what->add_flag("--force-closed", options.closed, "Calls: everything passes");
    what->add_option("--limit", options.limit, "Services: concurrent requests, 1 to 100000")
        ->check(CLI::Range(1U, 100'000U));
    what->add_option("--factor", options.factor,
                     "Services: so many times the limit of now, 0.01 to 100")
        ->check(CLI::Range(0.01, 100.0));
    what->add_option("--shed", options.className,
                     "Services: refuse this priority class and those below it");
    set->add_flag("--replace", options.replace, "Even if somebody holds it already");
    set->add_flag("--even-protected", options.evenProtected,
                  "Even if the service stands in override.protected");
    for (CLI::App* sub : {set, extend}) {
        sub->add_option(
            "--ttl", options.ttl,
            "For how long: 10m, 1h30m; default 30m, at most 24h (override: in agent.yaml)");
        sub->add_option("--reason", options.reason, "Why; kept in the audit")->required();
    }
    clear->add_option("--reason", options.reason, "Why; kept in the audit");
}

void addSimulate(CLI::App& app, int& exitCode) {
    static SimulateOptions options;
    CLI::App* sub =
        command(app, "simulate", "Run scenario files and judge limiters by their expectations",
                exitCode, [] { return simulate(options); });
    sub->add_option("files", options.files, "Scenario files; -: standard input")->required();
    sub->add_option("--algorithm", options.algorithms,
                    "Run these, in place of those that a scenario names: levee, none ...")
        ->delimiter(',');
    sub->add_option("--scenario", options.scenario, "Only scenarios with this in their name");
    CLI::Option* seeds = sub->add_option("--seeds", options.seeds, "Seeds 1 to so many")
                             ->check(CLI::Range(1, 1'000'000));
    sub->add_option("--seed", options.seed, "Only this seed")
        ->check(CLI::NonNegativeNumber)
        ->excludes(seeds);
    sub->add_option("--jobs", options.jobs, "Threads; default: one for each processor")
        ->check(CLI::Range(1, 256));
    sub->add_option("-o,--output", options.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
}

void addDemo(CLI::App& app, int& exitCode) {
    static DemoOptions options;
    CLI::App* sub = app.add_subcommand(
        "demo", "Start the demo shop behind a gateway, with an agent and a dashboard");
    sub->add_flag("--headless", options.headless,
                  "No window: ends with a state table and a screenshot");
    sub->add_option("--duration", options.duration, "How long, e.g. 60s; default: until Ctrl+C");
    sub->add_option("--rate", options.rate, "Requests per second at the front door");
    sub->allow_extras();  // --scratch, --screenshot and the others are the demo's own
    sub->callback([sub, &exitCode] {
        options.rest = sub->remaining();
        exitCode = demo(options);
    });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Levee keeps a service fleet standing: adaptive limits and circuit breakers, live.",
        "levee");
    app.set_version_flag("--version", "levee " LEVEE_VERSION);
    app.require_subcommand(1);
    AgentChoice choice;
    AgentAt agent;
    addAgentOptions(app, choice);
    app.parse_complete_callback([&] {
        const auto chosen = chooseAgent(choice);
        if (!chosen)
            throw CLI::RuntimeError(complain(chosen.error()));
        agent = *chosen;
    });
    int exitCode = kOk;
    addCheck(app, exitCode, agent);
    addGet(app, exitCode, agent);
    addQuery(app, exitCode, agent);
    addPacks(app, exitCode, agent);
    addDescribe(app, exitCode, agent);
    addTrace(app, exitCode);
    addRules(app, exitCode, agent);
    addEnforce(app, exitCode, agent);
    addOverride(app, exitCode, agent);
    addSimulate(app, exitCode);
    addDemo(app, exitCode);
    try {
        app.parse(argc, argv);
    } catch (const CLI::RuntimeError& error) {
        return error.get_exit_code();
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kOk : kUsage;
    }
    return exitCode;
}
