// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/guard_test_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "agent/trial/automation_test_file.h"
#include "agent/trial/test_document.h"
#include "rules/lang/field_reader.h"
#include "rules/lang/rule_parser.h"
#include "rules/lang/schema.h"
#include "rules/lang/source_text.h"
#include "rules/lang/yaml_reader.h"
#include "shared/base/units.h"

namespace levee::trial {
namespace {

using namespace std::chrono_literals;

constexpr double kHighestLimit = 100'000;

Result<double> parseCount(std::string_view text) {
    double value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || value > kHighestLimit)
            return Error{"a whole number from 0 to 100000"};
        value = value * 10 + (c - '0');
    }
    if (text.empty() || value > kHighestLimit)
        return Error{"a whole number from 0 to 100000"};
    return value;
}

/// "5..40", each end by `parse`.
template <typename Parse>
std::optional<Bounds> readBounds(FieldReader& fields, std::string_view key, Parse parse,
                                 std::string_view example) {
    std::string text;
    const YamlNode* node = fields.text(key, text, {1, 64});
    if (node == nullptr)
        return std::nullopt;
    const std::size_t dots = text.find("..");
    if (dots != std::string::npos) {
        const auto least = parse(std::string_view(text).substr(0, dots));
        const auto most = parse(std::string_view(text).substr(dots + 2));
        if (least && most && *least <= *most)
            return Bounds{*least, *most};
    }
    fields.findings().error("bad-value",
                            fmt::format("{} is '{}'; write the least and the most, like {}",
                                        fields.pathOf(key), shown(text), example),
                            node->span);
    return std::nullopt;
}

class TestReader {
public:
    TestReader(GuardTest& test, Findings& findings) : test_(test), findings_(findings) {}

    void read(FieldReader& fields) {
        readTestDocument(fields, findings_, test_.name, test_.place,
                         "say which traffic comes and what is expected",
                         [this](FieldReader& spec) { readSpec(spec); });
    }

private:
    void readSpec(FieldReader& spec) {
        spec.mapping("guard", [&](FieldReader& guard) {
            guard.name("client", test_.client);
            guard.name("service", test_.service);
            guard.require("service", "name the service that is called");
        });
        spec.require("guard", "write guard: {service: ...}, or guard: {client: ..., service: ...}");
        spec.integer("servers", test_.servers, {1, 100'000});
        const std::size_t errorsBefore = findings_.errorCount();
        const YamlNode* traffic = spec.list(
            "traffic",
            [&](const YamlNode& item, const std::string& path) { readPhase(item, path); });
        spec.require("traffic", "write at least - {for: 10s, rate: 100/s}");
        checkTraffic(traffic);
        isTrafficSound_ = traffic != nullptr && findings_.errorCount() == errorsBefore;
        const YamlNode* expect = spec.list(
            "expect",
            [&](const YamlNode& item, const std::string& path) { readExpectation(item, path); });
        spec.require("expect", "write at least - {breaker: closed}");
        if (expect != nullptr && (expect->items.empty() || expect->items.size() > kMostPhases))
            findings_.error("out-of-range",
                            fmt::format("spec.expect has {} entries; it must have 1 to {}",
                                        expect->items.size(), kMostPhases),
                            expect->span);
    }

    void readPhase(const YamlNode& item, const std::string& path) {
        Phase phase = test_.traffic.empty() ? Phase{} : test_.traffic.back();
        const bool isFirst = test_.traffic.empty();
        phase.length = {};
        FieldReader fields(item, path, findings_);
        fields.duration("for", phase.length, {100ms, 1h});
        fields.require("for", "say how long, like for: 10s");
        fields.rate("rate", phase.rate, {0, 100'000});
        if (isFirst)
            fields.require("rate", "say how many requests come, like rate: 100/s");
        fields.duration("latency", phase.latency, {100us, 1min});
        fields.share("failures", phase.failures, {0, 1});
        fields.finish();
        test_.traffic.push_back(phase);
    }

    void checkTraffic(const YamlNode* node) {
        if (node == nullptr)
            return;
        if (test_.traffic.empty() || test_.traffic.size() > kMostPhases) {
            findings_.error("out-of-range",
                            fmt::format("spec.traffic has {} phases; it must have 1 to {}",
                                        test_.traffic.size(), kMostPhases),
                            node->span);
            return;
        }
        double requests = 0;
        for (const Phase& phase : test_.traffic)
            requests += phase.rate * toSeconds(phase.length);
        if (requests > kMostRequests)
            findings_.error(
                "out-of-range",
                fmt::format("spec.traffic has {:.0f} requests; at most {:.0f} are tried: "
                            "lower a rate or shorten a phase",
                            requests, kMostRequests),
                node->span);
    }

    void readExpectation(const YamlNode& item, const std::string& path) {
        Expectation expectation;
        expectation.place = findings_.place(item.span);
        FieldReader fields(item, path, findings_);
        const std::size_t errorsBefore = findings_.errorCount();
        fields.duration("from", expectation.from, {Duration::zero(), 1h * 100});
        const YamlNode* to = fields.duration("to", expectation.to, {100ms, 1h * 100});
        readBreaker(fields, expectation);
        expectation.limit = readBounds(fields, "limit", parseCount, "5..40");
        expectation.shed = readBounds(
            fields, "shed", [](std::string_view text) { return parseShare(text); }, "0%..5%");
        fields.finish();
        if (!fields.isSound() || findings_.errorCount() != errorsBefore)
            return;
        check(expectation, item, path, to);
        test_.expect.push_back(std::move(expectation));
    }

    void readBreaker(FieldReader& fields, Expectation& expectation) {
        static const std::map<std::string, BreakerExpectation> kWords{
            {"closed", BreakerExpectation::Closed},
            {"open", BreakerExpectation::Open},
            {"opens", BreakerExpectation::Opens},
            {"closes", BreakerExpectation::Closes}};
        std::string word;
        if (fields.word("breaker", word, {"closed", "open", "opens", "closes"}) != nullptr)
            expectation.breaker = kWords.at(word);
        fields.duration("within", expectation.within, {1ms, 1h});
    }

    void check(const Expectation& e, const YamlNode& item, const std::string& path,
               const YamlNode* to) {
        const int kinds = (e.breaker ? 1 : 0) + (e.limit ? 1 : 0) + (e.shed ? 1 : 0);
        const auto error = [&](const std::string& what, YamlSpan span) {
            findings_.error("conflict", path + what, span);
        };
        if (kinds != 1)
            error(" must say exactly one of breaker, limit and shed", item.span);
        const bool isMove =
            e.breaker == BreakerExpectation::Opens || e.breaker == BreakerExpectation::Closes;
        if (isMove != (e.within > Duration::zero()))
            error(isMove ? " needs a time, like within: 300ms"
                         : " has a time `within`; that goes with breaker: opens or closes",
                  item.span);
        if (isMove && to != nullptr)
            error(" has `to`; the time in which it opens or closes is `within`", to->span);
        if (e.from >= e.to || (isTrafficSound_ && e.from >= test_.length()))
            error(
                fmt::format(" begins at {}, which is not before its end or that of the traffic, {}",
                            formatDuration(e.from), formatDuration(test_.length())),
                item.span);
        if (e.breaker && test_.client.empty() && !test_.service.empty())
            error(" is about a breaker; a service has a limit: name a client in spec.guard",
                  item.span);
        if (e.limit && !test_.client.empty())
            error(" is about a limit; calls have a breaker: leave the client out of spec.guard",
                  item.span);
    }

    GuardTest& test_;
    Findings& findings_;
    bool isTrafficSound_ = false;
};

bool isOfKind(const YamlNode& document, std::string_view kind) {
    const YamlNode* node = document.find("kind");
    return node != nullptr && node->text == kind;
}

}  // namespace

GuardTestFile parseGuardTests(std::string_view text, const std::string& fileName) {
    GuardTestFile file;
    ParsedRules rules = parseRules(text, fileName, TestDocuments::LeftOut);
    file.rules = std::move(rules.rules);
    file.diagnostics = std::move(rules.diagnostics);
    Findings findings(fileName);
    for (const YamlNode& document : readYaml(text, fileName).documents) {
        if (isOfKind(document, kAutomationTestKind)) {
            if (std::optional<AutomationTest> test = readAutomationTest(document, findings))
                file.automationTests.push_back(std::move(*test));
        }
        if (!isOfKind(document, kGuardTestKind))
            continue;
        const std::size_t errorsBefore = findings.errorCount();
        GuardTest test;
        FieldReader fields(document, "", findings);
        TestReader(test, findings).read(fields);
        if (findings.errorCount() == errorsBefore)
            file.tests.push_back(std::move(test));
    }
    const std::size_t tests = file.tests.size() + file.automationTests.size();
    if (tests > kMostTests)
        findings.error("out-of-range",
                       fmt::format("{} tests; at most {} are run from one file", tests, kMostTests),
                       {1, 1, 0});
    for (Diagnostic& found : findings.take())
        file.diagnostics.push_back(std::move(found));
    return file;
}

}  // namespace levee::trial
