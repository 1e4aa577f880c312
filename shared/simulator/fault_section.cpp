// SPDX-License-Identifier: Apache-2.0
// spec.faults: what goes wrong, and when.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "shared/base/units.h"
#include "shared/simulator/scenario_file.h"
#include "shared/simulator/scenario_sections.h"
#include "shared/simulator/scenario_values.h"

namespace levee::simulator::sections {
namespace {

using namespace std::chrono_literals;
using Kind = FaultSpec::Kind;

struct FaultKind {
    std::string_view word;
    Kind kind;
};
constexpr std::array<FaultKind, 7> kKinds{{{"servers", Kind::Servers},
                                           {"slow", Kind::Slow},
                                           {"errors", Kind::Errors},
                                           {"crash", Kind::Crash},
                                           {"stall", Kind::Stall},
                                           {"clock-jump", Kind::ClockJump},
                                           {"lose-windows", Kind::LoseWindows}}};

bool readKind(FieldReader& fields, FaultSpec& fault) {
    std::vector<std::string_view> words;
    for (const FaultKind& entry : kKinds)
        words.push_back(entry.word);
    std::string word;
    fields.require("kind", "write for example kind: slow");
    if (fields.word("kind", word, words) == nullptr)
        return false;
    fault.kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const FaultKind& entry) {
                     return entry.word == word;
                 })->kind;
    return true;
}

/// What the value of this kind is called differs, so that no other kind's is taken for it.
void readValue(FieldReader& fields, FaultSpec& fault) {
    const auto factor = [&](double minimum, double maximum) {
        const YamlNode* node = fields.any("factor");
        fields.require("factor", "write for example factor: 0.5");
        const auto value = node != nullptr ? readNumber(*node, fields.pathOf("factor"), minimum,
                                                        maximum, fields.findings())
                                           : std::nullopt;
        fault.value = value.value_or(fault.value);
    };
    switch (fault.kind) {
        case Kind::Servers:
            return factor(0, 100);
        case Kind::Slow:
            return factor(0.001, 1'000);
        case Kind::Errors:
            fields.share("share", fault.value, {0, 1, true});
            return fields.require("share", "write for example share: 100%");
        case Kind::ClockJump:
            readSeconds(fields, "by", fault.value, {1ms, 24h * 365});
            return fields.require("by", "write for example by: 1h");
        case Kind::Crash:
        case Kind::Stall:
        case Kind::LoseWindows:
            return;
    }
}

void readTimes(FieldReader& fields, const Scenario& scenario, FaultSpec& fault) {
    readTime(fields, "at", fault.at, scenario);
    fields.require("at", "say when it begins, for example at: 10s");
    const DurationRange length{1ms, fromSeconds(scenario.duration)};
    if (fault.kind != Kind::ClockJump) {
        readSeconds(fields, "for", fault.seconds, length);
        fields.require("for", "say how long it lasts, for example for: 5s");
    }
    const YamlNode* every = readSeconds(fields, "every", fault.every, length);
    if (every != nullptr && fault.every <= fault.seconds)
        fields.findings().error(
            "conflict",
            fmt::format("{} is {}, not longer than the {} that it lasts", fields.pathOf("every"),
                        every->text, formatDuration(fromSeconds(fault.seconds))),
            every->span);
}

void readFault(const YamlNode& node, const std::string& path, Scenario& scenario,
               Findings& findings) {
    FieldReader fields(node, path, findings);
    if (!fields.isSound())
        return;
    FaultSpec fault;
    const bool isKnown = readKind(fields, fault);
    const ServiceSpec* service = readServiceName(fields, "service", scenario, fault.service);
    fields.require("service", "name the service that it happens to");
    fields.integer("instance", fault.instance,
                   {0, service != nullptr ? service->instances - 1 : 63});
    if (fault.kind == Kind::LoseWindows && service != nullptr &&
        service->limiter.place != LimiterSpec::Place::Gateway)
        findings.error("conflict",
                       fields.pathOf("kind") +
                           " is lose-windows, which has a meaning for a limiter at the gateway "
                           "only",
                       node.find("kind")->span);
    if (!isKnown)
        return;  // which other fields are right depends on the kind
    readValue(fields, fault);
    readTimes(fields, scenario, fault);
    fields.finish();
    scenario.faults.push_back(std::move(fault));
}

}  // namespace

void readFaults(FieldReader& spec, Scenario& scenario) {
    readList(spec, "faults", 0, kMostFaults, [&](const YamlNode& item, const std::string& path) {
        readFault(item, path, scenario, spec.findings());
    });
}

}  // namespace levee::simulator::sections
