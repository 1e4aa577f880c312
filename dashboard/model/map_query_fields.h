// SPDX-License-Identifier: GPL-3.0-or-later
// The words of map_query.h: fields, operators, flags, and what they mean for a service. Private to
// the query.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "dashboard/model/map_query.h"

namespace levee::query {

enum class Field {
    Errors,
    Shed,
    Rate,
    P50,
    P95,
    P99,
    InFlight,
    Instances,
    Name,
    Kind,
    State,
    Host,
    Namespace,
    Team,
    Rule
};
enum class Operator {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    Contains,
    ContainsNot
};
enum class Flag {
    Failing,
    Degraded,
    Unhealthy,
    Ok,
    Idle,
    Stale,
    Unknown,
    Throttled,
    Open,
    HalfOpen,
    Ramp,
    Limited,
    Shadow
};

std::optional<Field> fieldOf(const QString& word);
std::optional<Flag> flagOf(const QString& word);
Operator operatorOf(const QString& sign);
bool isNumber(Field field);
bool isAllowed(Field field, Operator op);
/// In the base unit: shares 0 to 1, seconds, per second. Nothing where unit or figure is wrong.
std::optional<double> numberOf(Field field, const QString& text);
QString exampleOf(Field field);  ///< "1%", "500ms"

QStringList fieldNames();
QStringList flagNames();
QStringList kindNames();
QStringList valuesOf(Field field, const QueryVocabulary& vocabulary);
/// Fields, flags and "not"; names once something is typed.
QStringList wordsToBeginWith(const QueryVocabulary& vocabulary, const QString& typed);

double numberIn(const MapSubject& subject, Field field);
QStringList textsIn(const MapSubject& subject, Field field);
bool has(const MapSubject& subject, Flag flag);
bool compare(double value, Operator op, double with);
/// Whether any of `values` does; for the negative ones: whether none is it.
bool compare(const QStringList& values, Operator op, const QString& with);

}  // namespace levee::query
