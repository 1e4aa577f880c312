// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/metric_lint.h"

#include <algorithm>
#include <array>
#include <utility>

namespace levee {
namespace {

using Findings = std::vector<LintFinding>;
using Word = std::string_view;

constexpr std::array<std::pair<Word, Word>, 23> kUnits{{
    {"amperes", "amperes"},    {"bytes", "bytes"},     {"celsius", "celsius"},
    {"grams", "grams"},        {"joules", "joules"},   {"kelvin", "kelvin"},
    {"meters", "meters"},      {"metres", "metres"},   {"seconds", "seconds"},
    {"volts", "volts"},        {"minutes", "seconds"}, {"hours", "seconds"},
    {"days", "seconds"},       {"weeks", "seconds"},   {"kelvins", "kelvin"},
    {"fahrenheit", "celsius"}, {"rankine", "celsius"}, {"inches", "meters"},
    {"yards", "meters"},       {"miles", "meters"},    {"bits", "bytes"},
    {"calories", "joules"},    {"pounds", "grams"},
}};
constexpr std::array<Word, 19> kPrefixes{"",     "pico",  "nano", "micro", "milli", "centi", "deci",
                                         "deca", "hecto", "kilo", "kibi",  "mega",  "mibi",  "giga",
                                         "gibi", "tera",  "tebi", "peta",  "pebi"};
constexpr std::array<Word, 14> kAbbreviations{"s",  "ms", "us", "ns", "sec", "b", "kb",
                                              "mb", "gb", "tb", "pb", "m",   "h", "d"};
constexpr std::array<Word, 5> kTypeWords{"counter", "gauge", "summary", "histogram",
                                         "gauge_histogram"};

std::string lower(Word text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return lowered;
}

/// `_word_` anywhere in the name, or `_word` at its end.
bool containsWord(const std::string& name, Word word) {
    const std::string part = '_' + std::string(word);
    return name.ends_with(part) || name.find(part + '_') != std::string::npos;
}

std::string quoted(Word text) {
    return '"' + std::string(text) + '"';
}

/// The base unit of a word like "milliseconds", or "".
Word baseUnit(Word word) {
    for (const auto& [unit, base] : kUnits) {
        if (!word.ends_with(unit))
            continue;
        const Word prefix = word.substr(0, word.size() - unit.size());
        if (std::find(kPrefixes.begin(), kPrefixes.end(), prefix) != kPrefixes.end())
            return base;
    }
    return word == "ounces" ? Word("grams") : Word();
}

void lintUnits(const MetricFamily& family, Findings& findings) {
    const Word name = family.name;
    for (std::size_t start = 0; start <= name.size();) {
        const std::size_t end = std::min(name.find('_', start), name.size());
        const Word word = name.substr(start, end - start);
        start = end + 1;
        const Word base = baseUnit(word);
        if (base.empty())
            continue;
        if (base != word)
            findings.push_back(
                {"base-unit", "use base unit " + quoted(base) + " instead of " + quoted(word)});
        return;
    }
}

void lintSuffixes(const MetricFamily& family, Findings& findings) {
    const MetricType type = family.effectiveType();
    if (type == MetricType::Untyped)
        return;
    const Word name = family.name;
    const bool isCounter = type == MetricType::Counter;
    const bool isHistogram = type == MetricType::Histogram;
    const bool isSummary = type == MetricType::Summary;
    if (isCounter && !name.ends_with("_total"))
        findings.push_back({"counter-total", "counter metrics should have \"_total\" suffix"});
    if (!isCounter && name.ends_with("_total"))
        findings.push_back(
            {"total-suffix", "non-counter metrics should not have \"_total\" suffix"});
    if (!isHistogram && name.ends_with("_bucket"))
        findings.push_back(
            {"reserved-suffix", "non-histogram metrics should not have \"_bucket\" suffix"});
    for (const Word suffix : {Word("_count"), Word("_sum")}) {
        if (!isHistogram && !isSummary && name.ends_with(suffix))
            findings.push_back(
                {"reserved-suffix", "non-histogram and non-summary metrics should not have " +
                                        quoted(suffix) + " suffix"});
    }
    if (!isHistogram && family.hasLe)
        findings.push_back(
            {"reserved-label", "non-histogram metrics should not have \"le\" label"});
    if (!isSummary && family.hasQuantile)
        findings.push_back(
            {"reserved-label", "non-summary metrics should not have \"quantile\" label"});
}

void lintName(const MetricFamily& family, Findings& findings) {
    const std::string lowered = lower(family.name);
    for (const Word type : kTypeWords) {
        if (containsWord(lowered, type))
            findings.push_back({"type-in-name",
                                "metric name should not include type '" + std::string(type) + "'"});
    }
    if (family.name.find(':') != std::string::npos)
        findings.push_back({"colon", "metric names should not contain ':'"});
    if (isCamelCase(family.name))
        findings.push_back(
            {"camel-case", "metric names should be written in 'snake_case' not 'camelCase'"});
    if (family.hasCamelLabel)
        findings.push_back(
            {"camel-case", "label names should be written in 'snake_case' not 'camelCase'"});
    if (std::any_of(kAbbreviations.begin(), kAbbreviations.end(),
                    [&](Word word) { return containsWord(lowered, word); }))
        findings.push_back(
            {"abbreviated-unit", "metric names should not contain abbreviated units"});
}

}  // namespace

bool isCamelCase(std::string_view name) {
    for (std::size_t i = 1; i < name.size(); ++i) {
        if (name[i - 1] >= 'a' && name[i - 1] <= 'z' && name[i] >= 'A' && name[i] <= 'Z')
            return true;
    }
    return false;
}

std::vector<LintFinding> lintFamily(const MetricFamily& family) {
    Findings findings;
    if (!family.hasHelp)
        findings.push_back({"no-help", "no help text"});
    lintUnits(family, findings);
    lintSuffixes(family, findings);
    lintName(family, findings);
    return findings;
}

}  // namespace levee
