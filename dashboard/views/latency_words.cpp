// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/latency_words.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <algorithm>

#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

/// Gives the free functions below a context for translators.
struct LatencyText {
    Q_DECLARE_TR_FUNCTIONS(LatencyText)
};

QString counted(std::uint64_t count) {
    return QLocale().toString(static_cast<qulonglong>(count));
}

QString outcomeWord(std::int64_t outcome) {
    switch (static_cast<Outcome>(outcome)) {
        case Outcome::Failure:
            return LatencyText::tr("failed");
        case Outcome::Timeout:
            return LatencyText::tr("no answer in time");
        default:
            return LatencyText::tr("answered");
    }
}

QString latencies(const LatencyBox& box) {
    if (box.lowBucket == 0)
        return LatencyText::tr("up to %1").arg(formatLatency(latencyBound(box.highBucket + 1)));
    if (box.highBucket == kLatencyBuckets - 1)
        return LatencyText::tr("over %1").arg(formatLatency(latencyBound(box.lowBucket)));
    //: a range of latencies
    return LatencyText::tr("%1 to %2")
        .arg(formatLatency(latencyBound(box.lowBucket)),
             formatLatency(latencyBound(box.highBucket + 1)));
}

QString valueText(const LatencyDifference& each, const LatencyBox& box) {
    switch (each.dimension) {
        case LatencyDimension::Caller:
            return plainText(each.text.substr(0, each.text.find("->")), 120);
        case LatencyDimension::Dependency:
            return LatencyText::tr("%1, its calls over %2")
                .arg(plainText(each.text.substr(each.text.find("->") + 2), 120),
                     formatLatency(latencyBound(box.lowBucket)));
        case LatencyDimension::Instance:
        case LatencyDimension::Class:
            return plainText(each.text, 120);
        case LatencyDimension::Outcome:
            return outcomeWord(each.number);
        case LatencyDimension::Breaker:
            return wordOf(static_cast<BreakerState>(each.number));
        case LatencyDimension::Retried:
        case LatencyDimension::Queued:
        case LatencyDimension::Held:
            return LatencyText::tr("yes");
        case LatencyDimension::Status:
            return QString::number(each.number);
        case LatencyDimension::Revision:
            return each.number == 0 ? LatencyText::tr("no rules")
                                    : LatencyText::tr("revision %1").arg(each.number);
    }
    return {};
}

bool isTooFew(const LatencyComparison& comparison) {
    return std::min(comparison.selected, comparison.rest) < kFewRequests;
}

QString verdict(const LatencyDifference& each) {
    if (std::min(each.ofSelected, each.ofRest) < kFewRequests)
        return LatencyText::tr("too few to tell");
    return each.isClear ? LatencyText::tr("clear") : LatencyText::tr("may be chance");
}

}  // namespace

QString wordOf(LatencyDimension dimension) {
    switch (dimension) {
        case LatencyDimension::Caller:
            return LatencyText::tr("caller");
        case LatencyDimension::Dependency:
            return LatencyText::tr("dependency");
        case LatencyDimension::Instance:
            return LatencyText::tr("instance");
        case LatencyDimension::Outcome:
            return LatencyText::tr("outcome");
        case LatencyDimension::Status:
            return LatencyText::tr("status");
        case LatencyDimension::Class:
            return LatencyText::tr("class");
        case LatencyDimension::Retried:
            return LatencyText::tr("tried again");
        case LatencyDimension::Queued:
            return LatencyText::tr("waited at the gateway");
        case LatencyDimension::Breaker:
            return LatencyText::tr("breaker");
        case LatencyDimension::Held:
            return LatencyText::tr("guard held by hand");
        case LatencyDimension::Revision:
            return LatencyText::tr("rules");
    }
    return {};
}

QString shareOfCount(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0)
        return QStringLiteral("-");
    if (whole < kFewRequests)
        //: so many requests of so many
        return LatencyText::tr("%1 of %2").arg(counted(part), counted(whole));
    //: a share in percent, of so many requests
    return LatencyText::tr("%1 of %2", "share")
        .arg(formatShare(static_cast<double>(part) / static_cast<double>(whole)), counted(whole));
}

QString comparisonSummary(const LatencyComparison& comparison, const LatencyBox& box) {
    QString text = LatencyText::tr("%1 requests in the box (%2 to %3, %4), %5 else in sight.")
                       .arg(counted(comparison.selected), formatClock(box.fromMillis),
                            formatClock(box.toMillis), latencies(box), counted(comparison.rest));
    if (isTooFew(comparison))
        text +=
            QLatin1Char(' ') + LatencyText::tr("n=%1: too few on one side to tell a difference.")
                                   .arg(std::min(comparison.selected, comparison.rest));
    else if (comparison.unknown > 0)
        text += QLatin1Char(' ') + LatencyText::tr("How %1 of them were answered is not known.")
                                       .arg(shareOfCount(comparison.unknown, comparison.selected));
    return text;
}

QString sameText(const LatencyComparison& comparison) {
    if (comparison.same.empty() || isTooFew(comparison))
        return {};
    QStringList words;
    for (const LatencyDimension each : comparison.same)
        words << wordOf(each);
    return LatencyText::tr("No difference: %1.").arg(words.join(QStringLiteral(", ")));
}

std::vector<DifferenceRow> differenceRows(const LatencyComparison& comparison,
                                          const LatencyBox& box) {
    std::vector<DifferenceRow> rows;
    if (isTooFew(comparison))
        return rows;
    for (const LatencyDifference& each : comparison.differences) {
        const bool isEdge = each.dimension == LatencyDimension::Caller ||
                            each.dimension == LatencyDimension::Dependency;
        rows.push_back({static_cast<int>(rows.size()), wordOf(each.dimension), valueText(each, box),
                        shareOfCount(each.selected, each.ofSelected),
                        shareOfCount(each.rest, each.ofRest), verdict(each),
                        isEdge ? QString::fromStdString(each.text) : QString()});
    }
    return rows;
}

}  // namespace levee
