// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "shared/model/topology.h"
#include "shared/simulator/cycle.h"

namespace levee::simulator {
namespace {

double ratio(double part, double whole) {
    return whole > 0 ? part / whole : kUnknown;
}
double ratio(std::uint64_t part, std::uint64_t whole) {
    return ratio(static_cast<double>(part), static_cast<double>(whole));
}
double rate(std::uint64_t count, const Figures& f) {
    return ratio(static_cast<double>(count), f.seconds);
}

struct NamedFigure {
    std::string_view name;
    double (*of)(const Figures&);
};

constexpr std::array<NamedFigure, 23> kFigures{{
    {"goodput", [](const Figures& f) { return ratio(rate(f.good, f), f.capacity); }},
    {"goodRate", [](const Figures& f) { return rate(f.good, f); }},
    {"offeredLoad", [](const Figures& f) { return ratio(rate(f.offered, f), f.capacity); }},
    {"successShare", [](const Figures& f) { return ratio(f.good, f.firsts); }},
    {"refusedShare", [](const Figures& f) { return ratio(f.refused, f.offered); }},
    {"failedShare", [](const Figures& f) { return ratio(f.failed, f.offered); }},
    {"median", [](const Figures& f) { return f.latency.interpolatedQuantile(0.5); }},
    {"p99", [](const Figures& f) { return f.latency.interpolatedQuantile(0.99); }},
    {"medianInflation",
     [](const Figures& f) { return ratio(f.latency.interpolatedQuantile(0.5), f.unloadedMedian); }},
    {"p99Inflation",
     [](const Figures& f) { return ratio(f.latency.interpolatedQuantile(0.99), f.unloadedP99); }},
    {"limit", [](const Figures& f) { return f.limitMean; }},
    {"ownLimit", [](const Figures& f) { return f.ownLimitMean; }},
    {"limitLeast", [](const Figures& f) { return f.limitLeast; }},
    {"limitMost", [](const Figures& f) { return f.limitMost; }},
    {"limitPeak", [](const Figures& f) { return ratio(f.limitMost, f.servers); }},
    {"amplitude",
     [](const Figures& f) { return ratio((f.limitP95 - f.limitP05) / 2, f.limitMean); }},
    {"cycle", [](const Figures& f) { return f.limitCycle; }},
    {"retryShare", [](const Figures& f) { return ratio(f.retries, f.offered); }},
    {"inFlightMost", [](const Figures& f) { return f.inFlightMost; }},
    {"backlogMost", [](const Figures& f) { return f.backlogMost; }},
    {"trips", [](const Figures& f) { return static_cast<double>(f.trips); }},
    {"settle", [](const Figures&) { return kUnknown; }},
    {"frontierGap", [](const Figures&) { return kUnknown; }},
}};

}  // namespace

std::optional<double> figure(const Figures& figures, std::string_view name) {
    for (const NamedFigure& known : kFigures) {
        if (known.name == name) {
            return known.of(figures);
        }
    }
    return std::nullopt;
}

const std::vector<std::string_view>& figureNames() {
    static const std::vector<std::string_view> kNames = [] {
        std::vector<std::string_view> names;
        for (const NamedFigure& known : kFigures) {
            names.push_back(known.name);
        }
        return names;
    }();
    return kNames;
}

void summariseLimits(Figures& figures, std::vector<double> limits) {
    std::erase_if(limits, [](double limit) { return std::isnan(limit); });
    if (limits.empty()) {
        figures.limitMean = figures.limitLeast = figures.limitMost = kUnknown;
        figures.limitP05 = figures.limitP95 = figures.limitCycle = kUnknown;
        return;
    }
    figures.limitCycle = limits.size() <= kMostForCycle ? cycleAmplitude(limits) : kUnknown;
    std::sort(limits.begin(), limits.end());
    const auto at = [&](double q) {
        return limits[static_cast<std::size_t>(q * static_cast<double>(limits.size() - 1))];
    };
    figures.limitMean =
        std::accumulate(limits.begin(), limits.end(), 0.0) / static_cast<double>(limits.size());
    figures.limitLeast = limits.front();
    figures.limitMost = limits.back();
    figures.limitP05 = at(0.05);
    figures.limitP95 = at(0.95);
}

}  // namespace levee::simulator
