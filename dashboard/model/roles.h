// SPDX-License-Identifier: GPL-3.0-or-later
// What the item models tell beside the text. Models give values; the views turn them into words,
// units and colours by ValueKindRole.
#pragma once

#include <Qt>

namespace levee {

enum ModelRole {
    SortRole = Qt::UserRole,  ///< for proxies: unknown numbers sort below all known ones
    ValueKindRole,            ///< ValueKind: how DisplayRole's value is to be shown
    SubjectRole,              ///< QString: "payment" or "checkout->payment"
    HealthRole,               ///< int(Health)
    AgeRole,                  ///< double: seconds since the row's source was last heard
    SeverityRole,             ///< int(EventSeverity), or int(Severity) of a diagnostic
    DetailRole,               ///< QString: longer text for a tool tip or a second line
    ShedShareRole,            ///< double: 0 to 1, or NaN
    KeyRole,                  ///< QString: names the row for as long as it exists
};

enum class ValueKind {
    Text,
    Subject,      ///< a service, or an edge as "a->b"
    Health,       ///< int(Health)
    NodeKind,     ///< int(NodeKind)
    Rate,         ///< per second
    Seconds,      ///< latency
    Share,        ///< 0 to 1
    Count,        ///< number without a unit
    Integer,      ///< whole number
    Clock,        ///< qint64 milliseconds since the epoch
    Severity,     ///< int(EventSeverity)
    Breaker,      ///< int(BreakerState)
    Enforcement,  ///< int(Enforcement)
    Confidence,   ///< int(Confidence)
    Load,         ///< 0 to 1 and more: how much of a capacity is used
    Missing,      ///< whole number: so many more are needed; negative: so many fewer
    Reach,        ///< int(DataAge) of an agent
    Age,          ///< seconds since something was heard
    Bytes,
    Behind,  ///< so many revisions behind the newest
    Offset,  ///< seconds that a clock is ahead of ours
    Lane,    ///< int(TimelineLane)
};

}  // namespace levee
