// SPDX-License-Identifier: Apache-2.0
// spec.expect: what has to come out.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/lang/source_text.h"
#include "shared/base/suggestion.h"
#include "shared/simulator/figures.h"
#include "shared/simulator/scenario_file.h"
#include "shared/simulator/scenario_sections.h"
#include "shared/simulator/scenario_values.h"
#include "shared/simulator/simulation.h"

namespace levee::simulator::sections {
namespace {

template <typename Named>
bool hasName(const std::vector<Named>& all, const std::string& name) {
    return std::any_of(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
}

class ExpectationReader {
public:
    ExpectationReader(Scenario& scenario, Findings& findings)
        : scenario_(scenario), findings_(findings) {}

    void read(const YamlNode& node, const std::string& path) {
        FieldReader fields(node, path, findings_);
        if (!fields.isSound())
            return;
        Expectation common;
        common.interval.to = scenario_.duration;
        common.line = node.span.line;
        readSubject(fields, common);
        readLevel(fields, common);
        readInterval(fields, common.interval);
        fields.mapping("relativeTo", [&](FieldReader& f) {
            f.require("from", "the stretch to compare with has both from and to");
            f.require("to", "the stretch to compare with has both from and to");
            readInterval(f, common.relativeTo);
        });
        readAlgorithms(fields, common);
        fields.share("seeds", common.seedShare, {0, 1, true});
        readFigures(fields, common);
        fields.finish();
    }

private:
    void readSubject(FieldReader& fields, Expectation& common) {
        const YamlNode* node = fields.name("of", common.subject);
        fields.require("of", "name the service or the client that is judged");
        if (node == nullptr || hasName(scenario_.services, common.subject) ||
            hasName(scenario_.clients, common.subject))
            return;
        std::vector<std::string> known;
        for (const ServiceSpec& service : scenario_.services)
            known.push_back(service.name);
        for (const ClientSpec& client : scenario_.clients)
            known.push_back(client.name);
        const std::string nearest = nearestWord(common.subject, known);
        findings_.error("unknown-subject",
                        fmt::format("{}: there is no service or client '{}'{}", fields.pathOf("of"),
                                    shown(common.subject),
                                    nearest.empty() ? "" : "; did you mean '" + nearest + "'?"),
                        node->span);
    }

    void readLevel(FieldReader& fields, Expectation& common) {
        const YamlNode* node = fields.integer("level", common.level, {0, 9});
        const auto has = [&](const ClientSpec& client) {
            if (client.priorities.empty())
                return common.level == 0;
            return std::any_of(
                client.priorities.begin(), client.priorities.end(),
                [&](const PriorityShare& share) { return share.level == common.level; });
        };
        if (node != nullptr &&
            std::none_of(scenario_.clients.begin(), scenario_.clients.end(), has))
            findings_.error("conflict",
                            fmt::format("{} is {}, which no client's priorities have",
                                        fields.pathOf("level"), common.level),
                            node->span);
    }

    void readInterval(FieldReader& fields, Interval& interval) {
        readTime(fields, "from", interval.from, scenario_);
        const YamlNode* to = readTime(fields, "to", interval.to, scenario_);
        const bool hasEnd = fields.has("to") || interval.to > 0;
        if (hasEnd && interval.from >= interval.to)
            findings_.error("conflict", fmt::format("{} is not after from", fields.pathOf("to")),
                            to != nullptr ? to->span : fields.node().span);
    }

    void readAlgorithms(FieldReader& fields, Expectation& common) {
        const std::vector<std::string_view> names = algorithmNames();
        readList(fields, "algorithms", 1, names.size(),
                 [&](const YamlNode& item, const std::string& path) {
                     const auto name = readWord(item, path, names, findings_);
                     if (!name)
                         return;
                     common.algorithms.push_back(*name);
                     if (!isRun(*name))
                         findings_.error("conflict",
                                         fmt::format("{} is {}, which spec.algorithms does not "
                                                     "run; add it there",
                                                     path, *name),
                                         item.span);
                 });
    }

    bool isRun(const std::string& algorithm) const {
        return scenario_.algorithms.empty()
                   ? algorithm == kOwnAlgorithm
                   : std::find(scenario_.algorithms.begin(), scenario_.algorithms.end(),
                               algorithm) != scenario_.algorithms.end();
    }

    /// One expectation for each figure.
    void readFigures(FieldReader& fields, const Expectation& common) {
        const std::size_t before = scenario_.expectations.size();
        bool isAny = false;
        for (const std::string_view figure : figureNames()) {
            const YamlNode* node = fields.any(figure);
            if (node == nullptr)
                continue;
            isAny = true;
            const FigureUnit unit = isRelative(common) ? FigureUnit::Number : unitOf(figure);
            const auto bounds = readBounds(*node, fields.pathOf(figure), unit, findings_);
            checkFigure(figure, *node, fields.pathOf(figure), common);
            if (!bounds)
                continue;
            Expectation expectation = common;
            expectation.figure = figure;
            expectation.least = bounds->least;
            expectation.most = bounds->most;
            expectation.line = node->span.line;
            scenario_.expectations.push_back(std::move(expectation));
        }
        if (!isAny)
            findings_.error("missing",
                            fields.pathOf("goodput") +
                                " is missing, or another figure; write for example goodput: "
                                "\">= 95%\"",
                            fields.node().span);
        if (before <= kMostExpectations && scenario_.expectations.size() > kMostExpectations)
            findings_.error("out-of-range",
                            fmt::format("spec.expect has more than {} bounds", kMostExpectations),
                            fields.node().span);
    }

    static bool isRelative(const Expectation& common) {
        return common.relativeTo.to > common.relativeTo.from;
    }

    void checkFigure(std::string_view figure, const YamlNode& node, const std::string& path,
                     const Expectation& common) {
        const bool isMadeOfMore = figure == kSettle || figure == kFrontierGap;
        if (isMadeOfMore && (isRelative(common) || common.level >= 0))
            findings_.error("conflict",
                            path +
                                " has no meaning with relativeTo or level; give it an "
                                "entry of its own",
                            node.span);
        if (isMadeOfMore && hasName(scenario_.clients, common.subject))
            findings_.error("conflict", path + " has a meaning for a service only", node.span);
        constexpr double kLongestTrace = 3'600;
        if (figure == kSettle && scenario_.duration > kLongestTrace)
            findings_.error("conflict", path + " needs a scenario of at most 1h", node.span);
    }

    Scenario& scenario_;
    Findings& findings_;
};

}  // namespace

void readExpectations(FieldReader& spec, Scenario& scenario) {
    ExpectationReader reader(scenario, spec.findings());
    readList(spec, "expect", 0, kMostExpectations,
             [&](const YamlNode& item, const std::string& path) { reader.read(item, path); });
}

}  // namespace levee::simulator::sections
