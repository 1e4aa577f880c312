// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/pack.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/lang/expression_reader.h"
#include "rules/lang/field_reader.h"
#include "rules/lang/schema.h"
#include "rules/lang/source_text.h"
#include "rules/lang/yaml_reader.h"

namespace levee {
namespace {

constexpr std::size_t kLongestSentence = 400;

bool isSignalName(std::string_view text) {
    return !text.empty() && text.size() <= 64 && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

void readFormula(FieldReader& fields, std::string_view key, std::string& out,
                 std::string_view advice, std::string_view source) {
    const YamlNode* node = fields.any(key);
    fields.require(key, advice);
    if (node != nullptr &&
        readExpression(*node, fields.pathOf(key), source, fields.findings()) != nullptr)
        out = node->text;
}

void readSentence(FieldReader& fields, std::string_view key, std::string& out,
                  std::string_view advice) {
    fields.text(key, out, {1, kLongestSentence});
    fields.require(key, advice);
}

void readSignal(FieldReader& fields, Pack& pack, std::string_view source) {
    PackSignal signal;
    const YamlNode* name = fields.text("name", signal.name, {1, 64});
    fields.require("name", "for example memory_used");
    if (name != nullptr && !isSignalName(signal.name))
        fields.findings().error("bad-name",
                                fmt::format("{} is '{}'; it must have a-z, 0-9 and _ and begin "
                                            "with a letter, for example memory_used",
                                            fields.pathOf("name"), shown(signal.name)),
                                name->span);
    else if (name != nullptr && std::any_of(pack.signalList.begin(), pack.signalList.end(),
                                            [&](const auto& s) { return s.name == signal.name; }))
        fields.findings().error(
            "duplicate-name",
            fmt::format("a second signal '{}'; each needs a name of its own", signal.name),
            name->span);
    readFormula(fields, "expr", signal.expression, "write the signal as PromQL", source);
    fields.word("unit", signal.unit, signalUnits());
    fields.require("unit", "one of " + listed(signalUnits()));
    readSentence(fields, "help", signal.help, "say in a sentence what it tells");
    readSentence(fields, "normal", signal.normal, "say what it is on a good day");
    pack.signalList.push_back(std::move(signal));
}

void readExporter(FieldReader& exporter, ParsedPack& parsed) {
    exporter.text("name", parsed.pack.exporter, {1, 128});
    exporter.require("name", "the program or plugin that tells the metrics");
    exporter.integer("port", parsed.pack.port, {1, 65535});
    exporter.require("port", "where it listens unless told otherwise");
    const YamlNode* scrape = exporter.text("scrape", parsed.pack.scrape, {1, 8192});
    exporter.require("scrape", "the jobs for scrape_configs, as a text after |");
    if (scrape != nullptr)
        parsed.scrapeAt = scrape->span;
}

void readSpec(FieldReader& spec, std::string_view source, ParsedPack& parsed) {
    readFormula(spec, "needs", parsed.pack.needs,
                "write which series is there when it is scraped, for example redis_up", source);
    spec.mapping("exporter", [&](FieldReader& f) { readExporter(f, parsed); });
    spec.require("exporter", "say how it is scraped: name, port and scrape");
    const YamlNode* list = spec.list("signals", [&](const YamlNode& item, const std::string& path) {
        FieldReader fields(item, path, spec.findings());
        if (!fields.isSound())
            return;
        readSignal(fields, parsed.pack, source);
        fields.finish();
    });
    spec.require("signals", "a list of name, expr, unit, help and normal");
    if (list != nullptr && (list->items.empty() || list->items.size() > kMostPackSignals))
        spec.findings().error("out-of-range",
                              fmt::format("spec.signals has {}; it must have 1 to {}",
                                          list->items.size(), kMostPackSignals),
                              list->span);
}

void readPack(const YamlNode& document, std::string_view source, ParsedPack& parsed,
              Findings& findings) {
    FieldReader fields(document, "", findings);
    if (!fields.isSound())
        return;
    std::string word;
    fields.word("apiVersion", word, {kApiVersion});
    fields.require("apiVersion", "write apiVersion: levee/v1");
    fields.word("kind", word, {kPackKind});
    fields.require("kind", "write kind: Pack");
    fields.mapping("metadata", [&](FieldReader& metadata) {
        metadata.name("name", parsed.pack.name);
        metadata.require("name", "the name of the pack's folder");
        metadata.text("title", parsed.pack.title, {1, 100});
        metadata.require("title", "how people call the technology");
    });
    fields.require("metadata", "write metadata: {name: ..., title: ...}");
    fields.mapping("spec", [&](FieldReader& spec) { readSpec(spec, source, parsed); });
    fields.require("spec", "say what the pack knows: needs, exporter and signals");
    fields.finish();
}

}  // namespace

const std::vector<std::string_view>& signalUnits() {
    static const std::vector<std::string_view> kUnits{
        "share", "bytes", "seconds", "count", "per_second", "bytes_per_second", "yes_no"};
    return kUnits;
}

ParsedPack parsePack(std::string_view text, const std::string& fileName) {
    ParsedPack parsed;
    YamlText yaml = readYaml(text, fileName);
    Findings findings(fileName);
    for (Diagnostic& diagnostic : yaml.diagnostics)
        findings.add(std::move(diagnostic));
    if (yaml.documents.size() == 1)
        readPack(yaml.documents.front(), text, parsed, findings);
    else if (findings.errorCount() == 0)
        findings.error("too-many",
                       yaml.documents.empty()
                           ? "an empty text; a pack is one document of kind: Pack"
                           : "a second document; a pack is a single one",
                       yaml.documents.empty() ? YamlSpan{1, 1, 0} : yaml.documents[1].span);
    parsed.diagnostics = findings.take();
    return parsed;
}

}  // namespace levee
