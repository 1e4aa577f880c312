// SPDX-License-Identifier: Apache-2.0
#include "tests/rules/promql/oracle.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>

#include "rules/promql/evaluator.h"
#include "rules/promql/number_text.h"
#include "rules/promql/parser.h"
#include "shared/stats/stale_marker.h"

namespace levee::test {
namespace {

using namespace promql;

QStringList linesOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    QStringList lines = QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
    lines.removeIf([](const QString& line) { return line.startsWith('#'); });
    return lines;
}

double numberOf(const QString& text) {
    if (text == "stale")
        return stats::staleMarker();
    const auto number = parseNumber(text.toStdString());
    if (!number)
        qFatal("%s is no number", qPrintable(text));
    return *number;
}

/// AxN, A+BxN or a single value; a missing one is "_".
void appendValues(const QString& token, std::vector<std::optional<double>>& values) {
    const QStringList repeated = token.split('x');
    if (token == "_" || repeated.size() == 1) {
        values.push_back(token == "_" ? std::nullopt : std::optional(numberOf(token)));
        return;
    }
    const qsizetype plus = repeated[0].indexOf('+', 1);
    const bool isRamp = plus > 0 && repeated[0][plus - 1] != 'e';
    const double first = numberOf(isRamp ? repeated[0].left(plus) : repeated[0]);
    const double step = isRamp ? numberOf(repeated[0].mid(plus + 1)) : 0;
    for (int i = 0; i <= repeated[1].toInt(); ++i)
        values.push_back(isRamp ? first + step * i : first);
}

Labels labelsOf(const QString& text) {
    const ParsedExpression parsed = parseExpression(text.toStdString());
    if (parsed.expression == nullptr)
        qFatal("%s", format(parsed.diagnostics).c_str());
    Labels labels;
    for (const Matcher& matcher : parsed.expression->selector.matchers)
        setLabel(labels, matcher.name(), matcher.value());
    return labels;
}

bool isSame(double a, double b) {
    if (std::isnan(a) || std::isnan(b))
        return std::isnan(a) && std::isnan(b);
    return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

struct Answered {
    std::string labels;
    double value;
};

QString differenceOf(const std::vector<Answered>& theirs, const std::vector<Answered>& ours) {
    QString words;
    for (std::size_t i = 0; i < std::max(theirs.size(), ours.size()); ++i) {
        const auto line = [&](const char* who, const std::vector<Answered>& all) {
            return i < all.size() ? QString("\n  %1 %2 %3")
                                        .arg(who)
                                        .arg(QString::fromStdString(all[i].labels),
                                             QString::fromStdString(formatNumber(all[i].value)))
                                  : QString("\n  %1 nothing").arg(who);
        };
        if (i >= theirs.size() || i >= ours.size() || theirs[i].labels != ours[i].labels ||
            !isSame(theirs[i].value, ours[i].value))
            words += line("Prometheus:", theirs) + line("ours:      ", ours);
    }
    return words;
}

}  // namespace

void MemorySource::select(std::span<const Matcher> matchers, Millis from, Millis to, Depth depth,
                          const Take& take) const {
    for (const auto& [labels, samples] : series_) {
        if (!matchAll(matchers, labels))
            continue;
        const auto before = [](const Sample& sample, Millis at) { return sample.at < at; };
        auto begin = std::lower_bound(samples.begin(), samples.end(), from, before);
        const auto end = std::lower_bound(begin, samples.end(), to + 1, before);
        if (begin == end)
            continue;
        if (depth == Depth::Newest)
            begin = end - 1;
        if (!take(Labels(labels), {begin, end}))
            return;
    }
}

MemorySource readOracleSeries(const QString& file) {
    MemorySource source;
    for (const QString& line : linesOf(file)) {
        const qsizetype end = line.lastIndexOf('}') + 1;
        const Labels labels = labelsOf(line.left(end));
        const QStringList tokens = line.mid(end + 1).split(' ');
        std::vector<std::optional<double>> values;
        for (const QString& token : tokens.mid(2))
            appendValues(token, values);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double at = tokens[0].toDouble() + tokens[1].toDouble() * static_cast<double>(i);
            if (values[i])
                source.add(labels, {kOracleStart + std::llround(at * 1000), *values[i]});
        }
    }
    return source;
}

std::vector<QJsonObject> readOracleAnswers(const QString& file) {
    std::vector<QJsonObject> answers;
    for (const QString& line : linesOf(file))
        answers.push_back(QJsonDocument::fromJson(line.toUtf8()).object());
    return answers;
}

QString differenceTo(const QJsonObject& answer, const MemorySource& source) {
    const std::string text = answer["expr"].toString().toStdString();
    const ParsedExpression parsed = parseExpression(text);
    if (parsed.expression == nullptr)
        return QString::fromStdString(format(parsed.diagnostics));
    const Millis now = kOracleStart + answer["at"].toInt() * 1000;
    const auto value = evaluate(*parsed.expression, source, now);
    if (answer.contains("error"))
        return value ? "Prometheus: " + answer["error"].toString() + "; ours: a value" : QString();
    if (!value)
        return QString::fromStdString("ours: " + value.error().message);
    if (answer.contains("scalar") != (value->type == ValueType::Scalar))
        return "scalar and vector differ";
    if (answer.contains("scalar"))
        return differenceOf({{"", numberOf(answer["scalar"].toString())}}, {{"", value->scalar}});
    std::vector<Answered> theirs;
    for (const QJsonValue& element : answer["vector"].toArray()) {
        Labels labels;
        const QJsonObject metric = element[0].toObject();
        for (auto at = metric.begin(); at != metric.end(); ++at)
            setLabel(labels, at.key().toStdString(), at.value().toString().toStdString());
        theirs.push_back({promql::text(labels), numberOf(element[1].toString())});
    }
    std::vector<Answered> ours;
    for (const Element& element : value->vector)
        ours.push_back({promql::text(element.labels), element.value});
    if (!text.starts_with("sort")) {
        for (auto* side : {&theirs, &ours})
            std::sort(side->begin(), side->end(),
                      [](const Answered& a, const Answered& b) { return a.labels < b.labels; });
    }
    return differenceOf(theirs, ours);
}

}  // namespace levee::test
