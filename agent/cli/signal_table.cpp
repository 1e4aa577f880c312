// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/signal_table.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/table.h"

namespace levee::cli {
namespace {

using nlohmann::json;

std::string bytesText(double value) {
    constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    for (; std::abs(value) >= 1024 && unit + 1 < kUnits.size(); ++unit)
        value /= 1024;
    return formatNumber(value) + kUnits[unit];
}

json elementsOf(const promql::SignalReading& reading) {
    json elements = json::array();
    for (const promql::Element& element : reading.elements) {
        json labels = json::object();
        for (const promql::Label& label : element.labels)
            labels[label.name] = label.value;
        elements.push_back(
            {{"labels", labels},
             {"value", std::isfinite(element.value) ? json(element.value) : json(nullptr)}});
    }
    return elements;
}

}  // namespace

std::string signalValue(double value, const std::string& unit) {
    if (!std::isfinite(value))
        return formatNumber(value);
    if (unit == "share")
        return formatShare(value);
    if (unit == "bytes")
        return bytesText(value);
    if (unit == "bytes_per_second")
        return bytesText(value) + "/s";
    if (unit == "seconds")
        return formatLatency(value);
    if (unit == "per_second")
        return formatNumber(value) + "/s";
    if (unit == "yes_no" && (value == 0 || value == 1))
        return value == 1 ? "yes" : "no";
    return formatNumber(value);
}

std::string signalTable(const std::vector<promql::SignalReading>& readings) {
    Table table({{"PACK"}, {"SIGNAL"}, {"VALUE", Table::Align::Right}, {"OF"}, {"NORMAL"}});
    for (const promql::SignalReading& reading : readings) {
        std::string normal = reading.normal;
        if (reading.elements.empty())
            table.add({reading.pack, reading.name, "no data", reading.problem, normal});
        for (const promql::Element& element : reading.elements) {
            table.add({reading.pack, reading.name, signalValue(element.value, reading.unit),
                       element.labels.empty() ? "" : promql::text(element.labels), normal});
            normal.clear();
        }
        if (reading.leftOut > 0)
            table.add(
                {reading.pack, reading.name, "", std::to_string(reading.leftOut) + " more", ""});
    }
    return table.text();
}

std::string signalsJson(const std::vector<promql::SignalReading>& readings) {
    json all = json::array();
    for (const promql::SignalReading& reading : readings)
        all.push_back({{"pack", reading.pack},
                       {"name", reading.name},
                       {"unit", reading.unit},
                       {"help", reading.help},
                       {"normal", reading.normal},
                       {"elements", elementsOf(reading)},
                       {"leftOut", reading.leftOut},
                       {"problem", reading.problem}});
    return all.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

int getSignals(const GetOptions& options) {
    const auto readings = AgentClient(options.agent).readSignals();
    if (!readings) {
        std::fprintf(stderr, "levee: %s\n", readings.error().message.c_str());
        return kFailure;
    }
    if (readings->empty())
        std::fputs(
            "no packs in use; packs: in agent.yaml names them, `levee packs list` lists "
            "those there are\n",
            stderr);
    std::fputs(
        options.output == "json" ? signalsJson(*readings).c_str() : signalTable(*readings).c_str(),
        stdout);
    return kOk;
}

}  // namespace levee::cli
