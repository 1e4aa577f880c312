// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/scenario_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "rules/lang/source_text.h"
#include "rules/lang/yaml_reader.h"
#include "shared/base/suggestion.h"
#include "shared/base/units.h"
#include "shared/simulator/matrix.h"
#include "shared/simulator/scenario_sections.h"

namespace levee::simulator {
namespace sections {

using namespace std::chrono_literals;

void SubjectNames::claim(const std::string& name, const std::string& path, YamlSpan span,
                         Findings& findings) {
    const auto [first, isNew] = names_.emplace(name, span);
    if (!isNew)
        findings.error("duplicate-name",
                       fmt::format("{} is '{}', which is already given at {}:{}; services and "
                                   "clients have different names",
                                   path, shown(name), first->second.line, first->second.column),
                       span);
}

const YamlNode* readList(FieldReader& fields, std::string_view key, std::size_t least,
                         std::size_t most, const FieldReader::ItemReader& each) {
    const YamlNode* node = fields.any(key);
    const bool isList = node != nullptr && node->kind != YamlNode::Kind::Scalar &&
                        node->kind != YamlNode::Kind::Mapping;
    if (isList && (node->items.size() < least || node->items.size() > most)) {
        fields.findings().error("out-of-range",
                                fmt::format("{} has {} entries; it must have {} to {}",
                                            fields.pathOf(key), node->items.size(), least, most),
                                node->span);
        return nullptr;
    }
    return fields.list(key, each);
}

const YamlNode* readSeconds(FieldReader& fields, std::string_view key, double& out,
                            DurationRange range) {
    Duration value{};
    const YamlNode* node = fields.duration(key, value, range);
    if (node != nullptr)
        out = toSeconds(value);
    return node;
}

const YamlNode* readTime(FieldReader& fields, std::string_view key, double& out,
                         const Scenario& scenario) {
    return readSeconds(fields, key, out, {0s, fromSeconds(scenario.duration)});
}

void reportUnknownService(const std::string& name, const std::string& path, YamlSpan span,
                          const Scenario& scenario, Findings& findings) {
    if (scenario.services.empty())
        return;  // what is wrong with all of them is reported
    std::vector<std::string> known;
    for (const ServiceSpec& service : scenario.services)
        known.push_back(service.name);
    const std::string nearest = nearestWord(name, known);
    findings.error("unknown-service",
                   fmt::format("{}: there is no service '{}'{}", path, shown(name),
                               nearest.empty() ? "" : "; did you mean '" + nearest + "'?"),
                   span);
}

const ServiceSpec* readServiceName(FieldReader& fields, std::string_view key,
                                   const Scenario& scenario, std::string& out) {
    const YamlNode* node = fields.name(key, out);
    if (node == nullptr)
        return nullptr;
    const auto it = std::find_if(scenario.services.begin(), scenario.services.end(),
                                 [&](const ServiceSpec& s) { return s.name == out; });
    if (it != scenario.services.end())
        return &*it;
    reportUnknownService(out, fields.pathOf(key), node->span, scenario, fields.findings());
    return nullptr;
}

}  // namespace sections

namespace {

using namespace std::chrono_literals;
using sections::readList;

/// First attempts of one client in `duration` seconds.
double requestsOf(const ArrivalSpec& arrivals, double duration) {
    double sum = 0;
    switch (arrivals.law) {
        case ArrivalSpec::Law::Diurnal:
            return (arrivals.low + arrivals.high) / 2 * duration;
        case ArrivalSpec::Law::Recorded:
            for (const std::uint32_t count : arrivals.recorded)
                sum += count;
            return sum / static_cast<double>(arrivals.recorded.size()) * duration;
        case ArrivalSpec::Law::Poisson:
        case ArrivalSpec::Law::Even:
        case ArrivalSpec::Law::Bursts:
            break;
    }
    for (std::size_t i = 0; i < arrivals.rates.size(); ++i) {
        const RatePoint& point = arrivals.rates[i];
        const bool isLast = i + 1 == arrivals.rates.size();
        const double length = (isLast ? duration : arrivals.rates[i + 1].at) - point.at;
        const double end =
            isLast || !arrivals.rates[i + 1].ramp ? point.rate : arrivals.rates[i + 1].rate;
        sum += (point.rate + end) / 2 * length;
    }
    return sum;
}

void checkSize(FieldReader& spec, const Scenario& scenario) {
    double requests = 0;
    for (const ClientSpec& client : scenario.clients)
        requests += requestsOf(client.arrivals, scenario.duration);
    if (requests > kMostRequests)
        spec.findings().error(
            "out-of-range",
            fmt::format("{} make {:.0f} million requests in {}; at most {:.0f} million are "
                        "simulated, so shorten spec.duration or lower the rates",
                        spec.pathOf("clients"), requests / 1e6,
                        formatDuration(fromSeconds(scenario.duration)), kMostRequests / 1e6),
            spec.node().find("clients")->span);
}

void checkLimits(FieldReader& spec, const Scenario& scenario) {
    for (const std::string& name : scenario.algorithms) {
        const ServiceSpec* service = serviceWithoutLimit(scenario, *algorithmNamed(name));
        if (service != nullptr)
            spec.findings().error(
                "missing",
                fmt::format("algorithm {} needs limiter.limit of service {}, which is missing",
                            name, service->name),
                spec.node().find("algorithms")->span);
    }
}

void readAlgorithms(FieldReader& spec, Scenario& scenario) {
    const std::vector<std::string_view> names = algorithmNames();
    readList(spec, "algorithms", 1, names.size(),
             [&](const YamlNode& item, const std::string& path) {
                 const auto name = readWord(item, path, names, spec.findings());
                 if (!name)
                     return;
                 const auto& all = scenario.algorithms;
                 if (std::find(all.begin(), all.end(), *name) != all.end())
                     spec.findings().error("duplicate-value",
                                           fmt::format("{} is {} a second time", path, *name),
                                           item.span);
                 else
                     scenario.algorithms.push_back(*name);
             });
}

void readSpec(FieldReader& spec, Scenario& scenario) {
    const std::size_t errorsBefore = spec.findings().errorCount();
    spec.any("matrix");
    sections::SubjectNames names;
    spec.require("duration", "write for example duration: 60s");
    sections::readSeconds(spec, "duration", scenario.duration, {100ms, 24h * 30});
    spec.integer("seeds", scenario.seeds, {1, 100'000});
    readAlgorithms(spec, scenario);
    sections::readServices(spec, scenario, names);
    sections::readClients(spec, scenario, names);
    sections::readFaults(spec, scenario);
    sections::readExpectations(spec, scenario);
    // On values that were refused these would only repeat what is known.
    if (spec.findings().errorCount() != errorsBefore)
        return;
    checkSize(spec, scenario);
    checkLimits(spec, scenario);
}

/// Nothing when the document has errors.
std::optional<Scenario> readScenario(const YamlNode& document, Findings& findings) {
    const std::size_t errorsBefore = findings.errorCount();
    Scenario scenario;
    FieldReader fields(document, "", findings);
    if (!fields.isSound())
        return std::nullopt;
    std::string word;
    fields.word("apiVersion", word, {"levee/v1"});
    fields.require("apiVersion", "write apiVersion: levee/v1");
    fields.word("kind", word, {kScenarioKind});
    fields.require("kind", "write kind: Scenario");
    fields.mapping("metadata", [&](FieldReader& metadata) {
        metadata.name("name", scenario.name);
        metadata.require("name", "give the scenario a name that is unique in the file");
        metadata.text("description", scenario.description, {0, 4096});
    });
    fields.require("metadata", "write metadata: {name: ...}");
    fields.mapping("spec", [&](FieldReader& spec) { readSpec(spec, scenario); });
    fields.require("spec", "say who serves and who asks: spec: {services: ..., clients: ...}");
    fields.finish();
    return findings.errorCount() == errorsBefore ? std::optional(std::move(scenario))
                                                 : std::nullopt;
}

/// What several readings of one document found: each finding once, with the scenario that has it
/// where not all have.
class MergedFindings {
public:
    void add(Diagnostics diagnostics, const std::string& suffix) {
        ++readings_;
        for (Diagnostic& diagnostic : diagnostics) {
            const Key key{diagnostic.place.line, diagnostic.place.column, diagnostic.message};
            const auto [at, isNew] = index_.emplace(key, entries_.size());
            if (isNew)
                entries_.push_back({std::move(diagnostic), suffix, 0});
            ++entries_[at->second].count;
        }
    }
    void moveTo(Findings& findings) {
        for (Entry& entry : entries_) {
            if (entry.count < readings_)
                entry.diagnostic.message += " (in " + entry.suffix + ")";
            findings.add(std::move(entry.diagnostic));
        }
    }

private:
    using Key = std::tuple<int, int, std::string>;
    struct Entry {
        Diagnostic diagnostic;
        std::string suffix;
        std::size_t count = 0;
    };
    std::vector<Entry> entries_;
    std::map<Key, std::size_t> index_;
    std::size_t readings_ = 0;
};

void reportUnusedAxes(const YamlNode* matrix, const std::set<std::string>& used,
                      Findings& findings) {
    if (matrix == nullptr)
        return;
    for (const YamlEntry& entry : matrix->entries) {
        if (!used.contains(entry.key))
            findings.error("matrix",
                           fmt::format("spec.matrix.{0} is not used; write '${{{0}}}' where its "
                                       "values belong, or remove it",
                                       entry.key),
                           entry.keySpan);
    }
}

/// A document with all points of its matrix.
std::vector<Scenario> readDocument(const YamlNode& document, Findings& findings) {
    const YamlNode* spec = document.find("spec");
    const YamlNode* matrix = spec != nullptr ? spec->find("matrix") : nullptr;
    std::vector<Scenario> scenarios;
    std::set<std::string> used;
    MergedFindings merged;
    const std::vector<MatrixPoint> points = readMatrix(matrix, findings);
    for (const MatrixPoint& point : points) {
        Findings own(findings.file());
        YamlNode copy = document;
        substitute(copy, point, used, own);
        if (own.errorCount() == 0) {
            if (std::optional<Scenario> scenario = readScenario(copy, own)) {
                scenario->name += point.suffix();
                scenarios.push_back(std::move(*scenario));
            }
        }
        merged.add(own.take(), point.suffix());
    }
    const bool isSound = !points.empty() && scenarios.size() == points.size();
    merged.moveTo(findings);
    if (isSound)
        reportUnusedAxes(matrix, used, findings);
    return scenarios;
}

}  // namespace

const ServiceSpec* serviceWithoutLimit(const Scenario& scenario, const Algorithm& algorithm) {
    const bool needsLimit =
        algorithm.kind == LimiterKind::Fixed || algorithm.kind == LimiterKind::Codel;
    for (const ServiceSpec& service : scenario.services) {
        const bool isLimited = service.limiter.place != LimiterSpec::Place::None;
        if (needsLimit && isLimited && service.limiter.settings.limit == 0)
            return &service;
    }
    return nullptr;
}

ScenarioFile parseScenarios(std::string_view text, const std::string& fileName) {
    YamlText yaml = readYaml(text, fileName);
    Findings findings(fileName);
    for (Diagnostic& diagnostic : yaml.diagnostics)
        findings.add(std::move(diagnostic));
    if (yaml.documents.empty() && findings.errorCount() == 0)
        findings.error("missing", "no scenario in this file", {});
    ScenarioFile file;
    std::set<std::string> names;
    for (const YamlNode& document : yaml.documents) {
        for (Scenario& scenario : readDocument(document, findings)) {
            if (names.insert(scenario.name).second)
                file.scenarios.push_back(std::move(scenario));
            else
                findings.error(
                    "duplicate-name",
                    fmt::format("a scenario '{}' is already in this file", shown(scenario.name)),
                    document.find("metadata")->find("name")->span);
        }
    }
    file.diagnostics = findings.take();
    return file;
}

}  // namespace levee::simulator
