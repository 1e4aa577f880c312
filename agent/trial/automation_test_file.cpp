// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/automation_test_file.h"

#include <fmt/format.h>

#include "agent/trial/test_document.h"
#include "rules/lang/field_reader.h"
#include "rules/lang/schema.h"

namespace levee::trial {
namespace {

using namespace std::chrono_literals;

class TestReader {
public:
    TestReader(AutomationTest& test, Findings& findings) : test_(test), findings_(findings) {}

    void read(FieldReader& fields) {
        readTestDocument(fields, findings_, test_.name, test_.place,
                         "say which series come and what is expected",
                         [this](FieldReader& spec) { readSpec(spec); });
    }

private:
    void readSpec(FieldReader& spec) {
        spec.name("automation", test_.automation);
        spec.duration("interval", interval_, {100ms, 1h});
        const YamlNode* series = spec.list(
            "series",
            [&](const YamlNode& item, const std::string& path) { readSeries(item, path); });
        spec.require("series", "write at least - {series: 'up{job=\"a\"}', values: '1x10 0x10'}");
        checkSize(series, "spec.series");
        const YamlNode* expect = spec.list(
            "expect",
            [&](const YamlNode& item, const std::string& path) { readExpectation(item, path); });
        spec.require("expect", "write at least - {at: 2m, firing: [the-automation]}");
        checkSize(expect, "spec.expect");
    }

    void checkSize(const YamlNode* list, const char* path) {
        if (list != nullptr && (list->items.empty() || list->items.size() > kMostSeries))
            findings_.error("out-of-range",
                            fmt::format("{} has {} entries; it must have 1 to {}", path,
                                        list->items.size(), kMostSeries),
                            list->span);
    }

    void readSeries(const YamlNode& item, const std::string& path) {
        FieldReader fields(item, path, findings_);
        std::string name;
        std::string values;
        const YamlNode* named = fields.text("series", name, {1, 8192});
        fields.require("series", "write it like series: 'up{job=\"a\"}'");
        const YamlNode* valued = fields.text("values", values, {1, 64 * 1024});
        fields.require("values", "write it like values: '0+10x5 100'");
        fields.finish();
        if (named == nullptr || valued == nullptr)
            return;
        Result<promql::Labels> labels = parseSeriesName(name);
        if (!labels)
            findings_.error("bad-value", fmt::format("{}.series: {}", path, labels.error().message),
                            named->span);
        auto samples = parseSeriesValues(
            values, std::chrono::duration_cast<std::chrono::milliseconds>(interval_).count());
        if (!samples)
            findings_.error("bad-value",
                            fmt::format("{}.values: {}", path, samples.error().message),
                            valued->span);
        if (labels && samples)
            test_.series.add(*std::move(labels), *std::move(samples));
    }

    std::optional<std::vector<std::string>> readTexts(FieldReader& fields, const char* key) {
        std::vector<std::string> texts;
        const YamlNode* list = fields.list(key, [&](const YamlNode& item, const std::string& path) {
            if (const auto text = readText(item, path, {1, 4096}, findings_))
                texts.push_back(*text);
        });
        return list != nullptr ? std::optional(std::move(texts)) : std::nullopt;
    }

    void readExpectation(const YamlNode& item, const std::string& path) {
        AutomationExpectation expectation;
        expectation.place = findings_.place(item.span);
        FieldReader fields(item, path, findings_);
        fields.duration("at", expectation.at, {Duration::zero(), kLongestTest});
        fields.require("at", "say when, like at: 2m");
        expectation.firing = readTexts(fields, "firing");
        expectation.inForce = readTexts(fields, "inForce");
        fields.finish();
        if (fields.isSound() && !expectation.firing && !expectation.inForce)
            findings_.error("missing",
                            fmt::format("{} must say firing, a list of automations, or inForce, a "
                                        "list of actions like [limit payment]; [] is none",
                                        path),
                            item.span);
        test_.expect.push_back(std::move(expectation));
    }

    AutomationTest& test_;
    Findings& findings_;
    Duration interval_ = 15s;
};

}  // namespace

std::optional<AutomationTest> readAutomationTest(const YamlNode& document, Findings& findings) {
    const std::size_t errorsBefore = findings.errorCount();
    AutomationTest test;
    FieldReader fields(document, "", findings);
    TestReader(test, findings).read(fields);
    return findings.errorCount() == errorsBefore ? std::optional(std::move(test)) : std::nullopt;
}

}  // namespace levee::trial
