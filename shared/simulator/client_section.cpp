// SPDX-License-Identifier: Apache-2.0
// spec.clients: who asks, when, and how patiently.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

#include "rules/lang/source_text.h"
#include "shared/base/units.h"
#include "shared/simulator/scenario_file.h"
#include "shared/simulator/scenario_sections.h"
#include "shared/simulator/scenario_values.h"

namespace levee::simulator::sections {
namespace {

using namespace std::chrono_literals;

constexpr int kMostLevel = 9;

class ClientReader {
public:
    ClientReader(Scenario& scenario, SubjectNames& names, Findings& findings)
        : scenario_(scenario), names_(names), findings_(findings) {}

    void read(const YamlNode& node, const std::string& path) {
        FieldReader fields(node, path, findings_);
        if (!fields.isSound())
            return;
        ClientSpec client;
        if (const YamlNode* name = fields.name("name", client.name))
            names_.claim(client.name, fields.pathOf("name"), name->span, findings_);
        fields.require("name", "give the client a name");
        const ServiceSpec* target = readServiceName(fields, "to", scenario_, client.to);
        fields.require("to", "name the service that the client asks");
        readArrivals(fields, target != nullptr ? capacityOf(*target) : 1, client.arrivals);
        readSeconds(fields, "timeout", client.timeout, {1ms, 1h});
        fields.integer("attempts", client.attempts, {1, 10});
        readSeconds(fields, "backoff", client.backoff, {0s, 1h});
        fields.share("retryBudget", client.retryBudget, {0, 1});
        fields.boolean("retriesRefused", client.retriesRefused);
        readPriorities(fields, client);
        fields.finish();
        scenario_.clients.push_back(std::move(client));
    }

private:
    void readArrivals(FieldReader& fields, double capacity, ArrivalSpec& arrivals) {
        if (const YamlNode* law = fields.any("arrivals"))
            readArrivalLaw(*law, fields.pathOf("arrivals"), arrivals, findings_);
        if (const YamlNode* rate = fields.any("rate"))
            readRate(*rate, fields.pathOf("rate"), capacity, arrivals);
        fields.mapping("diurnal", [&](FieldReader& f) { readDiurnal(f, capacity, arrivals); });
        readRecorded(fields, arrivals);
        const bool hasRate = fields.has("rate") || fields.has("arrivals");
        const int kinds = hasRate + fields.has("diurnal") + fields.has("recorded");
        if (kinds == 0 || (kinds == 1 && hasRate))
            fields.require("rate", "write for example rate: 2x");
        if (kinds > 1)
            findings_.error("conflict",
                            fmt::format("{} is one of rate (with arrivals), diurnal and recorded; "
                                        "keep one of them",
                                        fields.pathOf("rate")),
                            fields.node().span);
    }

    void readRate(const YamlNode& node, const std::string& path, double capacity,
                  ArrivalSpec& arrivals) {
        if (node.kind != YamlNode::Kind::List) {
            readPoint(node, path, capacity, arrivals);
            return;
        }
        if (node.items.empty() || node.items.size() > kMostRatePoints) {
            findings_.error("out-of-range",
                            fmt::format("{} has {} entries; it must have 1 to {}", path,
                                        node.items.size(), kMostRatePoints),
                            node.span);
            return;
        }
        for (std::size_t i = 0; i < node.items.size(); ++i)
            readPoint(node.items[i], fmt::format("{}[{}]", path, i + 1), capacity, arrivals);
    }

    void readPoint(const YamlNode& node, const std::string& path, double capacity,
                   ArrivalSpec& arrivals) {
        const auto point = readRatePoint(node, path, capacity, findings_);
        if (!point)
            return;
        const auto conflict = [&](const std::string& message) {
            findings_.error("conflict", message, node.span);
        };
        if (arrivals.rates.empty() && (point->at != 0 || point->ramp))
            conflict(
                fmt::format("{} is '{}'; the first rate holds from the start, so it has no "
                            "time",
                            path, shown(node.text)));
        else if (!arrivals.rates.empty() && point->at <= arrivals.rates.back().at)
            conflict(
                fmt::format("{} is '{}', not after the rate before it; put them in the order "
                            "of their times",
                            path, shown(node.text)));
        else if (point->at > scenario_.duration)
            conflict(fmt::format("{} is '{}', after the end of the scenario at {}", path,
                                 shown(node.text),
                                 formatDuration(fromSeconds(scenario_.duration))));
        arrivals.rates.push_back(*point);
    }

    void readDiurnal(FieldReader& fields, double capacity, ArrivalSpec& arrivals) {
        arrivals.law = ArrivalSpec::Law::Diurnal;
        const auto load = [&](std::string_view key, double& out) {
            const YamlNode* node = fields.any(key);
            fields.require(key, "write for example 0.3x");
            const auto value = node != nullptr
                                   ? readLoad(*node, fields.pathOf(key), capacity, findings_)
                                   : std::nullopt;
            out = value.value_or(out);
        };
        load("low", arrivals.low);
        load("high", arrivals.high);
        readSeconds(fields, "period", arrivals.period, {1s, 24h * 365});
        if (fields.has("low") && fields.has("high") && arrivals.low > arrivals.high)
            findings_.error("conflict",
                            fmt::format("{} is above high; swap them", fields.pathOf("low")),
                            fields.node().span);
    }

    void readRecorded(FieldReader& fields, ArrivalSpec& arrivals) {
        constexpr IntegerRange kCount{0, static_cast<std::int64_t>(kMostRate)};
        if (fields.has("recorded"))
            arrivals.law = ArrivalSpec::Law::Recorded;
        readList(fields, "recorded", 1, kMostRecorded,
                 [&](const YamlNode& item, const std::string& path) {
                     const auto count = readInteger(item, path, kCount, findings_);
                     arrivals.recorded.push_back(static_cast<std::uint32_t>(count.value_or(0)));
                 });
    }

    void readPriorities(FieldReader& fields, ClientSpec& client) {
        const YamlNode* node = fields.any("priorities");
        const std::string path = fields.pathOf("priorities");
        if (node == nullptr || !expectMapping(*node, path, findings_))
            return;
        const std::size_t errorsBefore = findings_.errorCount();
        double sum = 0;
        for (const YamlEntry& entry : node->entries) {
            const bool isLevel =
                entry.key.size() == 1 && entry.key[0] >= '0' && entry.key[0] <= '0' + kMostLevel;
            if (!isLevel) {
                findings_.error("bad-entry",
                                fmt::format("{}: '{}' is no priority; they are 0 (the most "
                                            "important) to {}",
                                            path, shown(entry.key), kMostLevel),
                                entry.keySpan);
                continue;
            }
            const auto share = readShare(entry.value, fmt::format("{}.{}", path, entry.key),
                                         {0, 1, true}, findings_);
            client.priorities.push_back({entry.key[0] - '0', share.value_or(0)});
            sum += share.value_or(0);
        }
        if (findings_.errorCount() == errorsBefore && std::abs(sum - 1) > 1e-9)
            findings_.error(
                "conflict",
                fmt::format("{} add up to {}; they must add up to 100%", path, formatShare(sum)),
                node->span);
    }

    Scenario& scenario_;
    SubjectNames& names_;
    Findings& findings_;
};

}  // namespace

void readClients(FieldReader& spec, Scenario& scenario, SubjectNames& names) {
    ClientReader reader(scenario, names, spec.findings());
    spec.require("clients", "without a client nothing happens");
    readList(spec, "clients", 1, kMostServices,
             [&](const YamlNode& item, const std::string& path) { reader.read(item, path); });
}

}  // namespace levee::simulator::sections
