// SPDX-License-Identifier: Apache-2.0
// The series, expressions and answers of tests/data/promql/oracle; how they are made stands in
// ask_prometheus.mjs.
#pragma once

#include <QJsonObject>
#include <QString>
#include <map>
#include <string>
#include <vector>

#include "rules/promql/series_source.h"

namespace levee::test {

/// Series in memory. A test may add to it at will.
class MemorySource final : public promql::SeriesSource {
public:
    /// REQUIRES: later than the series' samples so far.
    void add(const promql::Labels& labels, promql::Sample sample) {
        series_[labels].push_back(sample);
    }
    void select(std::span<const promql::Matcher> matchers, promql::Millis from, promql::Millis to,
                Depth depth, const Take& take) const override;

private:
    std::map<promql::Labels, std::vector<promql::Sample>> series_;
};

constexpr promql::Millis kOracleStart = 1'700'000'000'000;

MemorySource readOracleSeries(const QString& file);
/// The answers of a file as ask_prometheus.mjs writes it, one object a line.
std::vector<QJsonObject> readOracleAnswers(const QString& file);

/// "" when our evaluator answers the same (numbers within 1e-9 of each other, relatively), else
/// what differs.
QString differenceTo(const QJsonObject& answer, const MemorySource& source);

}  // namespace levee::test
