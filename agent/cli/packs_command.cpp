// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <optional>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/signal_table.h"
#include "agent/cli/table.h"
#include "agent/cli/text_file.h"
#include "agent/config/pack_folder.h"
#include "rules/promql/needed_series.h"
#include "rules/promql/parser.h"

namespace levee::cli {
namespace {

namespace fs = std::filesystem;

int fail(const std::string& message) {
    std::fprintf(stderr, "levee: %s\n", message.c_str());
    return kFailure;
}

/// With the mistakes on standard error.
std::optional<Pack> load(const std::string& folder) {
    LoadedPack loaded = loadPack(folder);
    std::fputs(format(loaded.diagnostics).c_str(), stderr);
    return hasErrors(loaded.diagnostics) ? std::nullopt : std::optional(std::move(loaded.pack));
}

/// `metric{label="x"}`
std::string selectorText(const promql::NeededSeries& series) {
    std::string labels;
    for (const promql::Matcher& matcher : series.matchers) {
        const bool isName =
            matcher.name() == promql::kMetricName && matcher.kind() == promql::Matcher::Kind::Equal;
        if (!isName)
            labels += (labels.empty() ? "" : ",") + matcher.text();
    }
    return std::string(promql::exactName(series.matchers)) +
           (labels.empty() ? "" : '{' + labels + '}');
}

/// The series that an expression reads and that the agent does not have.
std::string missingSeries(AgentClient& client, const std::string& expression) {
    const promql::ParsedExpression parsed = promql::parseExpression(expression);
    std::string missing;
    for (const promql::NeededSeries& series : promql::neededSeries(*parsed.expression)) {
        const std::string selector = selectorText(series);
        const auto answer = client.query("last_over_time(" + selector + "[5m])");
        const bool isThere = answer && !answer->value.vector.empty();
        if (!isThere && missing.find(selector) == std::string::npos)
            missing += (missing.empty() ? "" : ", ") + selector;
    }
    return missing;
}

promql::SignalReading readSignal(AgentClient& client, const Pack& pack, const PackSignal& signal) {
    promql::SignalReading reading{pack.name,     signal.name, signal.unit, signal.help,
                                  signal.normal, {},          0,           {}};
    auto answer = client.query(signal.expression);
    if (!answer) {
        reading.problem = answer.error().message;
        return reading;
    }
    if (answer->value.type == promql::ValueType::Scalar)
        answer->value.vector = {{{}, answer->value.scalar, answer->millis}};
    reading.elements = std::move(answer->value.vector);
    for (promql::Element& element : reading.elements)
        promql::dropMetricName(element.labels);
    if (reading.elements.empty()) {
        const std::string missing = missingSeries(client, signal.expression);
        reading.problem = missing.empty() ? "its series are there; nothing matches"
                                          : "not scraped or not kept: " + missing;
    }
    return reading;
}

/// Whether its rules and their tests are right, and the tests met.
int checkRulesOf(const std::string& folder) {
    std::vector<std::string> files;
    for (const std::string& file : {packRules(folder), packTests(folder)}) {
        std::error_code error;
        if (fs::is_regular_file(file, error))
            files.push_back(file);
    }
    if (files.size() < 2) {
        std::fprintf(stderr, "%s: error: a pack has rules.yaml and tests.yaml beside pack.yaml\n",
                     folder.c_str());
        return kLint;
    }
    RulesOptions options;
    options.files = files;
    return rulesTest(options);
}

}  // namespace

int packsList(const PacksOptions& /*options*/) {
    const std::string folder = packsFolder();
    Table table({{"NAME"},
                 {"TITLE"},
                 {"SIGNALS", Table::Align::Right},
                 {"EXPORTER"},
                 {"PORT", Table::Align::Right}});
    bool isRight = true;
    for (const std::string& name : packsIn(folder)) {
        const auto pack = load(packFolder(name));
        isRight = isRight && pack;
        if (pack)
            table.add({pack->name, pack->title, std::to_string(pack->signalList.size()),
                       pack->exporter, std::to_string(pack->port)});
    }
    std::fputs(table.text().c_str(), stdout);
    std::fprintf(stderr, "in %s; agent.yaml takes them by name: packs: [node, redis]\n",
                 folder.c_str());
    return isRight ? kOk : kFailure;
}

int packsShow(const PacksOptions& options) {
    const std::string folder = packFolder(options.name);
    const auto pack = load(folder);
    if (!pack)
        return kFailure;
    std::printf("%s: %s\nin %s\nrecognised by %s\n\n", pack->name.c_str(), pack->title.c_str(),
                folder.c_str(), pack->needs.c_str());
    std::printf("for scrape_configs of agent.yaml (%s, port %u):\n%s\n", pack->exporter.c_str(),
                pack->port, pack->scrape.c_str());
    for (const PackSignal& signal : pack->signalList)
        std::printf("%s (%s)\n  %s\n  %s\n  normal: %s\n", signal.name.c_str(), signal.unit.c_str(),
                    signal.expression.c_str(), signal.help.c_str(), signal.normal.c_str());
    const Result<std::string> rules = readText(packRules(folder));
    if (rules)
        std::printf("\nrules:\n%s", rules->c_str());
    return kOk;
}

int packsCheck(const PacksOptions& options) {
    std::vector<std::string> folders;
    if (!options.name.empty())
        folders.push_back(packFolder(options.name));
    else
        for (const std::string& name : packsIn(packsFolder()))
            folders.push_back(packFolder(name));
    if (folders.empty())
        return fail("no packs in " + packsFolder());
    bool isRight = true;
    for (const std::string& folder : folders) {
        const auto pack = load(folder);
        const bool isGood = pack.has_value() & (checkRulesOf(folder) == kOk);
        if (isGood)
            std::printf("%s: the pack is right\n", folder.c_str());
        isRight = isRight && isGood;
    }
    return isRight ? kOk : kFailure;
}

int packsTry(const PacksOptions& options) {
    const auto pack = load(packFolder(options.name));
    if (!pack)
        return kFailure;
    AgentClient client(options.agent);
    const auto needed = client.query(pack->needs);
    if (!needed)
        return fail(needed.error().message);
    if (needed->value.vector.empty())
        std::fprintf(stderr,
                     "levee: nothing of %s: is `packs: [%s]` in agent.yaml, and is it scraped? For "
                     "scrape_configs:\n%s",
                     pack->needs.c_str(), options.name.c_str(), pack->scrape.c_str());
    std::vector<promql::SignalReading> readings;
    bool isWhole = true;
    for (const PackSignal& signal : pack->signalList) {
        readings.push_back(readSignal(client, *pack, signal));
        isWhole = isWhole && !readings.back().elements.empty();
    }
    std::fputs(
        options.output == "json" ? signalsJson(readings).c_str() : signalTable(readings).c_str(),
        stdout);
    return isWhole ? kOk : kPartial;
}

}  // namespace levee::cli
