// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/rule_templates.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>

#include "dashboard/model/cell_values.h"
#include "rules/lang/scalar_reader.h"

namespace levee {
namespace {

struct TemplateText {
    Q_DECLARE_TR_FUNCTIONS(levee::RuleTemplates)
};

constexpr double kHeadroom = 1.1;
constexpr int kLeastLimit = 2;
constexpr int kMostLimit = 100'000;
constexpr double kSlowFactor = 4;
constexpr double kLeastSlow = 0.010;
constexpr double kMostSlow = 60;

/// A name of a rule may hold letters, digits, "_", "." and "-".
QString nameOf(const QString& subject, const QString& what) {
    static const QRegularExpression kOther(QStringLiteral("[^A-Za-z0-9_.-]+"));
    return QString(subject).replace(kOther, QStringLiteral("-")).left(100) + QLatin1Char('-') +
           what;
}

/// In double quotes as YAML has them, wherever a plain word might mean something else.
QString quoted(const std::string& text) {
    static const QRegularExpression kPlain(QStringLiteral("^[A-Za-z][A-Za-z0-9_.-]*$"));
    static const QStringList kWords{"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
    const QString word = toText(text);
    if (kPlain.match(word).hasMatch() && !kWords.contains(word.toLower()))
        return word;
    QString escaped;
    for (const QChar c : word) {
        if (c == QLatin1Char('"') || c == QLatin1Char('\\'))
            escaped += QLatin1Char('\\');
        escaped += c.unicode() < 0x20 ? QChar(0xFFFD) : c;
    }
    return QLatin1Char('"') + escaped + QLatin1Char('"');
}

QString spanOf(double seconds) {
    const double millis = std::clamp(seconds, kLeastSlow, kMostSlow) * 1e3;
    return QStringLiteral("%1ms").arg(static_cast<qlonglong>(std::ceil(millis / 10) * 10));
}

/// What was measured of the subject, and of the service that answers.
struct Measured {
    std::string client;
    std::string service;
    double limit = kUnknown;     ///< learned, of all hosts together
    double inFlight = kUnknown;  ///< now
    double p50 = kUnknown;
    double p99 = kUnknown;
    double baseline = kUnknown;
    const Advice* advice = nullptr;

    QString subject() const { return toText(client.empty() ? service : client + "-" + service); }
};

Measured measure(const TopologyStore& store, const Selection& selection) {
    Measured m;
    const bool isEdge = selection.kind == Selection::Kind::Edge;
    m.client = isEdge ? selection.client : std::string();
    m.service = isEdge ? selection.server : selection.node;
    const Traffic* traffic = nullptr;
    if (const FleetEdge* edge = store.edge(selection.client, selection.server))
        traffic = &edge->edge.traffic;
    else if (const FleetNode* node = store.node(m.service))
        traffic = &node->node.traffic;
    if (traffic) {
        m.p50 = traffic->p50;
        m.p99 = traffic->p99;
    }
    if (const FleetNode* node = store.node(m.service))
        m.inFlight = node->node.inFlight;
    for (const FleetGuard* guard : store.guardsOf(m.service)) {
        if (!guard->guard.hasLimit)
            continue;
        m.limit = std::isnan(m.limit) ? guard->guard.limit : m.limit + guard->guard.limit;
        m.baseline = guard->guard.baseline;
    }
    m.advice = store.adviceFor(m.service);
    return m;
}

QString document(const Measured& m, const QString& what, const QString& ground,
                 const QString& settings) {
    QString match = QStringLiteral("{service: %1}").arg(quoted(m.service));
    if (!m.client.empty())
        match =
            QStringLiteral("{client: %1, service: %2}").arg(quoted(m.client), quoted(m.service));
    return QStringLiteral(
               "# %1\napiVersion: levee/v1\nkind: Guard\nmetadata: {name: %2}\nspec:\n"
               "  match: %3\n  mode: enforce  # shadow: decides and counts, changes nothing\n%4")
        .arg(ground, nameOf(m.subject(), what), match, settings);
}

QString number(double value) {
    return QString::number(value, 'g', 3);
}

RuleTemplate capTemplate(const Measured& m) {
    double limit = m.limit;
    QString ground = TemplateText::tr("the limit that was learned is %1").arg(number(m.limit));
    if (!std::isfinite(limit)) {
        limit = std::isfinite(m.inFlight) ? m.inFlight * kHeadroom : 20;
        ground = std::isfinite(m.inFlight)
                     ? TemplateText::tr("no limit was learned; %1 requests are in flight now")
                           .arg(number(m.inFlight))
                     : TemplateText::tr("nothing was measured yet: a guess");
    }
    if (m.advice && std::isfinite(m.advice->capacity))
        ground +=
            TemplateText::tr("; it carries about %1 requests/s").arg(number(m.advice->capacity));
    const int places = std::clamp(static_cast<int>(std::lround(limit)), kLeastLimit, kMostLimit);
    return {
        TemplateText::tr("Too many requests: let so many in at once, refuse the rest"),
        document(m, QStringLiteral("cap"), ground,
                 QStringLiteral("  limiter: {kind: fixed, limit: %1, queue: auto}\n").arg(places))};
}

RuleTemplate learnTemplate(const Measured& m) {
    const double known = std::isfinite(m.limit) ? m.limit : 50;
    const int most = std::clamp(static_cast<int>(std::lround(known * 2)), 10, kMostLimit);
    return {TemplateText::tr("Load comes and goes: let it find its own limit"),
            document(m, QStringLiteral("adaptive"),
                     std::isfinite(m.limit)
                         ? TemplateText::tr("the limit that was learned is %1").arg(number(m.limit))
                         : TemplateText::tr("nothing was measured yet: a guess"),
                     QStringLiteral("  limiter: {kind: adaptive, min: 2, max: %1}\n").arg(most))};
}

RuleTemplate breakerTemplate(const Measured& m) {
    return {TemplateText::tr("It fails: stop calling it sooner, probe, come back slowly"),
            document(m, QStringLiteral("breaker"),
                     TemplateText::tr("opens at 30 % failures in place of 50 %"),
                     QStringLiteral("  breaker: {failureShare: 30%, minimumCalls: 10, openFor: 5s, "
                                    "ramp: 10s}\n"))};
}

RuleTemplate slowTemplate(const Measured& m) {
    const double usual = std::isfinite(m.baseline) ? m.baseline : m.p50;
    const double slow = std::isfinite(usual) ? usual * kSlowFactor : 1;
    return {TemplateText::tr("It is slow: treat slow answers like failures"),
            document(m, QStringLiteral("slow"),
                     std::isfinite(usual)
                         ? TemplateText::tr("four times the usual %1 ms").arg(number(usual * 1e3))
                         : TemplateText::tr("nothing was measured yet: a guess"),
                     QStringLiteral("  breaker: {slowerThan: %1, slowShare: 50%, openFor: 5s}\n")
                         .arg(spanOf(slow)))};
}

RuleTemplate fallbackTemplate(const Measured& m) {
    return {TemplateText::tr("Callers need an answer: give one while the breaker is open"),
            document(m, QStringLiteral("fallback"),
                     TemplateText::tr("write here what the callers can live with"),
                     QStringLiteral("  fallback: {status: 503, body: '{\"deferred\": true}', "
                                    "contentType: application/json, retryAfter: 2s}\n"))};
}

RuleTemplate retryTemplate(const Measured& m) {
    return {TemplateText::tr("A retry storm: cap retries as a share of the calls"),
            document(m, QStringLiteral("retries"),
                     TemplateText::tr("retries may add a tenth to the calls"),
                     QStringLiteral("  retries: {share: 10%, minimumPerSecond: 3}\n"))};
}

RuleTemplate ejectTemplate(const Measured& m) {
    return {TemplateText::tr("One instance is bad: take it out for a while"),
            document(m, QStringLiteral("ejection"),
                     TemplateText::tr("at most a third of the instances are out at once"),
                     QStringLiteral("  ejection: {enabled: true, maxEjectedShare: 33%, ejectFor: "
                                    "30s}\n"))};
}

}  // namespace

std::vector<RuleTemplate> ruleTemplates(const TopologyStore& store, const Selection& selection) {
    const bool isEdge = selection.kind == Selection::Kind::Edge;
    // Of a name that the rule language cannot hold ("redis:6379") there is no rule.
    if (selection.kind == Selection::Kind::None ||
        !isName(isEdge ? selection.server : selection.node) ||
        (isEdge && !isName(selection.client)))
        return {};
    const Measured m = measure(store, selection);
    if (selection.kind == Selection::Kind::Node)
        return {capTemplate(m), learnTemplate(m)};
    return {breakerTemplate(m), slowTemplate(m), fallbackTemplate(m), retryTemplate(m),
            ejectTemplate(m)};
}

QString withDocument(const QString& rules, const QString& document) {
    QString text = rules;
    if (text.trimmed().isEmpty())
        return document;
    if (!text.endsWith(QLatin1Char('\n')))
        text += QLatin1Char('\n');
    return text + QStringLiteral("---\n") + document;
}

}  // namespace levee
