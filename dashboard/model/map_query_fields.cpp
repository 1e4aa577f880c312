// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/map_query_fields.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace levee::query {
namespace {

/// The first word of each is the one that is offered.
const std::vector<std::pair<QString, Field>>& fields() {
    static const std::vector<std::pair<QString, Field>> kFields = {
        {"err", Field::Errors},        {"errors", Field::Errors},
        {"shed", Field::Shed},         {"rps", Field::Rate},
        {"rate", Field::Rate},         {"p50", Field::P50},
        {"p95", Field::P95},           {"p99", Field::P99},
        {"inflight", Field::InFlight}, {"instances", Field::Instances},
        {"name", Field::Name},         {"kind", Field::Kind},
        {"state", Field::State},       {"host", Field::Host},
        {"ns", Field::Namespace},      {"namespace", Field::Namespace},
        {"team", Field::Team},         {"rule", Field::Rule}};
    return kFields;
}

const std::vector<std::pair<QString, Flag>>& flags() {
    static const std::vector<std::pair<QString, Flag>> kFlags = {
        {"failing", Flag::Failing}, {"degraded", Flag::Degraded},  {"unhealthy", Flag::Unhealthy},
        {"ok", Flag::Ok},           {"healthy", Flag::Ok},         {"idle", Flag::Idle},
        {"stale", Flag::Stale},     {"unknown", Flag::Unknown},    {"throttled", Flag::Throttled},
        {"open", Flag::Open},       {"half-open", Flag::HalfOpen}, {"ramp", Flag::Ramp},
        {"limited", Flag::Limited}, {"shadow", Flag::Shadow}};
    return kFlags;
}

template <typename T>
std::optional<T> valueOf(const std::vector<std::pair<QString, T>>& list, const QString& word) {
    for (const auto& [name, value] : list)
        if (name.compare(word, Qt::CaseInsensitive) == 0)
            return value;
    return std::nullopt;
}

template <typename T>
QStringList firstNames(const std::vector<std::pair<QString, T>>& list) {
    QStringList names;
    std::vector<T> seen;
    for (const auto& [name, value] : list) {
        if (std::ranges::find(seen, value) != seen.end())
            continue;
        seen.push_back(value);
        names << name;
    }
    return names;
}

enum class Quantity { Share, Rate, Seconds, Count };

Quantity quantityOf(Field field) {
    switch (field) {
        case Field::Errors:
        case Field::Shed:
            return Quantity::Share;
        case Field::Rate:
            return Quantity::Rate;
        case Field::P50:
        case Field::P95:
        case Field::P99:
            return Quantity::Seconds;
        default:
            return Quantity::Count;
    }
}

std::optional<double> factorOf(Quantity quantity, const QString& unit) {
    static const std::vector<std::pair<QString, double>> kCounts = {
        {"", 1}, {"k", 1e3}, {"m", 1e6}};
    static const std::vector<std::pair<QString, double>> kRates = {
        {"", 1}, {"/s", 1}, {"k", 1e3}, {"k/s", 1e3}, {"m/s", 1e6}};
    static const std::vector<std::pair<QString, double>> kSeconds = {
        {"us", 1e-6}, {QStringLiteral("µs"), 1e-6}, {"ms", 1e-3}, {"s", 1}, {"min", 60}};
    static const std::vector<std::pair<QString, double>> kShares = {{"%", 0.01}};
    switch (quantity) {
        case Quantity::Share:
            return valueOf(kShares, unit);
        case Quantity::Rate:
            return valueOf(kRates, unit);
        case Quantity::Seconds:
            return valueOf(kSeconds, unit);
        case Quantity::Count:
            break;
    }
    return valueOf(kCounts, unit);
}

QString toText(const std::string& text) {
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// "*" stands for anything. Linear in the text for every star.
bool fits(QStringView text, QStringView pattern) {
    qsizetype t = 0;
    qsizetype p = 0;
    qsizetype star = -1;
    qsizetype retry = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == QLatin1Char('*')) {
            star = p++;
            retry = t;
        } else if (p < pattern.size() && pattern[p].toCaseFolded() == text[t].toCaseFolded()) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == QLatin1Char('*'))
        ++p;
    return p == pattern.size();
}

bool anyGuard(const MapSubject& subject, const auto& test) {
    return subject.guards && std::ranges::any_of(*subject.guards, [&](const FleetGuard* g) {
               return test(g->guard);
           });
}

bool breakerIs(const MapSubject& subject, BreakerState a, BreakerState b) {
    return anyGuard(subject, [&](const GuardState& guard) {
        return guard.hasBreaker && (guard.breaker == a || guard.breaker == b);
    });
}

constexpr double kShedThatMatters = 0.005;

}  // namespace

std::optional<Field> fieldOf(const QString& word) {
    return valueOf(fields(), word);
}

std::optional<Flag> flagOf(const QString& word) {
    return valueOf(flags(), word);
}

Operator operatorOf(const QString& sign) {
    static const std::vector<std::pair<QString, Operator>> kOperators = {
        {"<", Operator::Less},          {"<=", Operator::LessEqual}, {">", Operator::Greater},
        {">=", Operator::GreaterEqual}, {"!=", Operator::NotEqual},  {"~", Operator::Contains},
        {"!~", Operator::ContainsNot}};
    return valueOf(kOperators, sign).value_or(Operator::Equal);
}

bool isNumber(Field field) {
    return field <= Field::Instances;
}

bool isAllowed(Field field, Operator op) {
    const bool isText = op == Operator::Contains || op == Operator::ContainsNot;
    const bool isEquality = op == Operator::Equal || op == Operator::NotEqual;
    if (isNumber(field))
        return !isText;
    return field == Field::State || field == Field::Kind ? isEquality : isText || isEquality;
}

std::optional<double> numberOf(Field field, const QString& text) {
    qsizetype end = 0;
    while (end < text.size() && (text[end].isDigit() || text[end] == QLatin1Char('.')))
        ++end;
    bool isGood = false;
    const double figure = text.left(end).toDouble(&isGood);
    const auto factor = factorOf(quantityOf(field), text.mid(end));
    if (!isGood || !factor || !std::isfinite(figure))
        return std::nullopt;
    return figure * *factor;
}

QString exampleOf(Field field) {
    switch (quantityOf(field)) {
        case Quantity::Share:
            return QStringLiteral("1%");
        case Quantity::Seconds:
            return QStringLiteral("500ms");
        case Quantity::Rate:
            return QStringLiteral("100/s");
        case Quantity::Count:
            break;
    }
    return QStringLiteral("10");
}

QStringList fieldNames() {
    return firstNames(fields());
}

QStringList flagNames() {
    return firstNames(flags());
}

QStringList kindNames() {
    return {"service", "database", "queue", "cache", "external", "user"};
}

QStringList valuesOf(Field field, const QueryVocabulary& vocabulary) {
    switch (field) {
        case Field::State:
            return flagNames();
        case Field::Kind:
            return kindNames();
        case Field::Host:
            return vocabulary.hosts;
        case Field::Namespace:
            return vocabulary.namespaces;
        case Field::Team:
            return vocabulary.teams;
        case Field::Name:
            return vocabulary.names;
        case Field::Rule:
            return {};
        default:
            return {exampleOf(field)};
    }
}

QStringList wordsToBeginWith(const QueryVocabulary& vocabulary, const QString& typed) {
    QStringList words = fieldNames() + flagNames();
    words << QStringLiteral("not");
    if (!typed.isEmpty())
        words += vocabulary.names;
    return words;
}

double numberIn(const MapSubject& subject, Field field) {
    const Node& node = subject.node;
    switch (field) {
        case Field::Errors:
            return node.traffic.errorShare();
        case Field::Shed:
            return node.traffic.shedShare();
        case Field::Rate:
            return node.traffic.requestRate;
        case Field::P50:
            return node.traffic.p50;
        case Field::P95:
            return node.traffic.p95;
        case Field::P99:
            return node.traffic.p99;
        case Field::InFlight:
            return node.inFlight;
        case Field::Instances:
            return node.instances > 0 ? node.instances : kUnknown;
        default:
            return kUnknown;
    }
}

QStringList textsIn(const MapSubject& subject, Field field) {
    const Node& node = subject.node;
    QStringList texts;
    switch (field) {
        case Field::Name:
            return {toText(node.name)};
        case Field::Kind:
            return {kindNames().at(static_cast<int>(node.kind))};
        case Field::Namespace:
            return {toText(namespaceOf(node))};
        case Field::Team:
            return {toText(node.owner.team)};
        case Field::Host:
            for (const std::string& host : node.hosts)
                texts << toText(host);
            return texts;
        case Field::Rule:
            if (subject.guards)
                for (const FleetGuard* guard : *subject.guards)
                    texts << toText(guard->guard.rule);
            return texts;
        default:
            return texts;
    }
}

bool has(const MapSubject& subject, Flag flag) {
    const Health health = subject.node.health;
    const bool isWell = health != Health::Failing && health != Health::Degraded;
    const bool isThrottled = isWell && subject.node.traffic.shedShare() > kShedThatMatters;
    switch (flag) {
        case Flag::Failing:
            return health == Health::Failing;
        case Flag::Degraded:
            return health == Health::Degraded;
        case Flag::Unhealthy:
            return !isWell || isThrottled;
        case Flag::Ok:
            return health == Health::Ok && !isThrottled && !subject.isStale;
        case Flag::Idle:
            return health == Health::Idle;
        case Flag::Stale:
            return subject.isStale;
        case Flag::Unknown:
            return health == Health::Unknown;
        case Flag::Throttled:
            return isThrottled;
        case Flag::Open:
            return breakerIs(subject, BreakerState::Open, BreakerState::ForcedOpen);
        case Flag::HalfOpen:
            return breakerIs(subject, BreakerState::HalfOpen, BreakerState::HalfOpen);
        case Flag::Ramp:
            return breakerIs(subject, BreakerState::Ramp, BreakerState::Ramp);
        case Flag::Limited:
            return anyGuard(subject, [](const GuardState& g) { return g.hasLimit; });
        case Flag::Shadow:
            return anyGuard(subject,
                            [](const GuardState& g) { return g.mode == GuardMode::Shadow; });
    }
    return false;
}

bool compare(double value, Operator op, double with) {
    if (std::isnan(value))
        return false;
    switch (op) {
        case Operator::Less:
            return value < with;
        case Operator::LessEqual:
            return value <= with;
        case Operator::Greater:
            return value > with;
        case Operator::GreaterEqual:
            return value >= with;
        case Operator::NotEqual:
            return value != with;
        default:
            return value == with;
    }
}

bool compare(const QStringList& values, Operator op, const QString& with) {
    const auto is = [&](const QString& value) { return fits(value, with); };
    const auto contains = [&](const QString& value) {
        return with.contains(QLatin1Char('*'))
                   ? fits(value, QLatin1Char('*') + with + QLatin1Char('*'))
                   : value.contains(with, Qt::CaseInsensitive);
    };
    switch (op) {
        case Operator::Contains:
            return std::ranges::any_of(values, contains);
        case Operator::ContainsNot:
            return std::ranges::none_of(values, contains);
        case Operator::NotEqual:
            return std::ranges::none_of(values, is);
        default:
            return std::ranges::any_of(values, is);
    }
}

}  // namespace levee::query
