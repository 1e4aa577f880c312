// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the map's Find and Hide boxes: "err > 1% and !idle", "p99 > 500ms",
// "name ~ pay", "host:shop-* or (kind:queue and rps > 100)".
//
//   expression = term { "and" term | "or" term }      "and" binds tighter; also && & || |
//   term       = "not" term | "!" term | "(" expression ")" | comparison | flag | word
//   comparison = field ( > >= < <= = != ~ !~ : ) value
//
// Numbers carry their unit: errors and shed are percentages, latencies ms or s, rates per second.
// Text compares without case; "*" stands for anything, "~" asks for a part. A word that is no flag
// is a part of a name. An unknown number matches nothing, "!=" included.
//
// Limits: 1,000 characters, 100 terms, 50 levels. Pure; immutable once parsed.
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "dashboard/client/fleet_view.h"

namespace levee {

/// What an expression reads about one service.
struct MapSubject {
    const Node& node;
    bool isStale = false;
    const std::vector<const FleetGuard*>* guards = nullptr;  ///< of the service and of calls to it
};

struct QueryError {
    int position = 0;  ///< in UTF-16 units, as in an input field
    int length = 0;    ///< 0: the end
    QString text;
};

class MapQuery {
    Q_DECLARE_TR_FUNCTIONS(MapQuery)
public:
    static constexpr int kMostCharacters = 1'000;
    static constexpr int kMostTerms = 100;
    static constexpr int kMostLevels = 50;

    struct Parsed;
    static Parsed parse(const QString& text);

    /// Of the empty query: true.
    bool matches(const MapSubject& subject) const;
    bool isEmpty() const { return !root_; }

    struct Term;  ///< private to map_query.cpp

private:
    std::shared_ptr<const Term> root_;
};

struct MapQuery::Parsed {
    MapQuery query;  ///< empty where there is an error
    std::optional<QueryError> error;
};

/// What values a completion may offer beside the language's own words.
struct QueryVocabulary {
    QStringList names;
    QStringList hosts;
    QStringList namespaces = {};
    QStringList teams = {};
};

struct QueryCompletion {
    int from = 0;       ///< where the word begins that is being typed
    QStringList words;  ///< that could stand there instead; at most 20
};

QueryCompletion completeQuery(const QString& text, int cursor, const QueryVocabulary& vocabulary);

/// What the service says itself, or the part of its name that tells: "pay" of "pay/ledger" and
/// "pay.ledger"; "" where there is none.
std::string namespaceOf(const Node& node);

}  // namespace levee
