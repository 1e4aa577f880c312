// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/input_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "rules/lang/source_text.h"
#include "rules/promql/number_text.h"
#include "rules/promql/parser.h"
#include "shared/stats/stale_marker.h"

namespace levee::trial {
namespace {

/// One word of the notation: a first value, a step, and how many values; no value: missing ones.
struct Run {
    std::optional<double> first;
    double step = 0;
    std::size_t count = 1;
};

std::optional<std::size_t> parseTimes(std::string_view text) {
    std::size_t times = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), times);
    const bool isWhole = error == std::errc() && end == text.data() + text.size();
    return isWhole && times < kMostValues ? std::optional(times) : std::nullopt;
}

/// Where the step of `a+b` begins: a sign that is neither the first byte nor an exponent's.
std::size_t stepAt(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool isExponent = text[i - 1] == 'e' || text[i - 1] == 'E';
        if ((text[i] == '+' || text[i] == '-') && !isExponent)
            return i;
    }
    return std::string_view::npos;
}

std::optional<Run> parseRun(std::string_view word) {
    Run run;
    if (word == "_")
        return run;
    if (word == "stale") {
        run.first = stats::staleMarker();
        return run;
    }
    const std::size_t x = word.rfind('x');
    // 0x1F is a number of its own.
    if (x == std::string_view::npos || (x == 1 && word[0] == '0' && !parseTimes(word.substr(2)))) {
        run.first = promql::parseNumber(word);
        return run.first ? std::optional(run) : std::nullopt;
    }
    const auto times = parseTimes(word.substr(x + 1));
    std::string_view value = word.substr(0, x);
    if (!times)
        return std::nullopt;
    if (value == "_") {
        run.count = *times;
        return run;
    }
    run.count = *times + 1;
    if (const std::size_t sign = stepAt(value); sign != std::string_view::npos) {
        const auto step = promql::parseNumber(value.substr(sign + 1));
        if (!step)
            return std::nullopt;
        run.step = value[sign] == '-' ? -*step : *step;
        value = value.substr(0, sign);
    }
    run.first = promql::parseNumber(value);
    return run.first ? std::optional(run) : std::nullopt;
}

}  // namespace

Result<promql::Labels> parseSeriesName(std::string_view text) {
    const Error wrong{fmt::format("'{}' is no series; write it like up{{job=\"a\"}}", shown(text)),
                      ErrorKind::Invalid};
    const promql::ParsedExpression parsed = promql::parseExpression(text);
    if (parsed.expression == nullptr)
        return wrong;
    const promql::Expression& e = *parsed.expression;
    if (e.kind != promql::Expression::Kind::Selector || e.selector.offset != 0)
        return wrong;
    promql::Labels labels;
    for (const promql::Matcher& matcher : e.selector.matchers) {
        if (matcher.kind() != promql::Matcher::Kind::Equal)
            return wrong;
        promql::setLabel(labels, matcher.name(), matcher.value());
    }
    return labels;
}

Result<std::vector<promql::Sample>> parseSeriesValues(std::string_view text,
                                                      promql::Millis interval) {
    constexpr std::string_view kBlank = " \t\r\n";
    std::vector<promql::Sample> samples;
    std::size_t index = 0;
    while (true) {
        const std::size_t begin = text.find_first_not_of(kBlank);
        if (begin == std::string_view::npos)
            return samples;
        text.remove_prefix(begin);
        const std::string_view word = text.substr(0, text.find_first_of(kBlank));
        text.remove_prefix(word.size());
        const std::optional<Run> run = parseRun(word);
        if (!run)
            return Error{fmt::format("'{}' is none of the forms 5, 0+10x5, 3x20, _, _x4 and stale",
                                     shown(word)),
                         ErrorKind::Invalid};
        if (index + run->count > kMostValues)
            return Error{fmt::format("more than {} values", kMostValues), ErrorKind::Invalid};
        for (std::size_t i = 0; i < run->count; ++i, ++index) {
            if (run->first)
                samples.push_back(
                    {static_cast<promql::Millis>(index) * interval,
                     // A stale marker is no longer one when 0 is added.
                     i == 0 ? *run->first : *run->first + static_cast<double>(i) * run->step});
        }
    }
}

void InputSeries::select(std::span<const promql::Matcher> matchers, promql::Millis from,
                         promql::Millis to, Depth depth, const Take& take) const {
    for (const Series& series : series_) {
        if (!promql::matchAll(matchers, series.labels))
            continue;
        const auto& all = series.samples;
        const auto begin = std::ranges::lower_bound(all, from, {}, &promql::Sample::at);
        const auto end = std::ranges::upper_bound(all, to, {}, &promql::Sample::at);
        if (begin >= end)
            continue;
        const std::span<const promql::Sample> samples(begin, end);
        if (!take(promql::Labels(series.labels),
                  depth == Depth::Newest ? samples.last(1) : samples))
            return;
    }
}

}  // namespace levee::trial
