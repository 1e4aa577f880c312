// SPDX-License-Identifier: GPL-3.0-or-later
// What the tables of traffic have in common.
#pragma once

#include <QString>
#include <QVariant>
#include <cmath>
#include <limits>

#include "dashboard/model/roles.h"
#include "shared/model/topology.h"

namespace levee {

inline QString toText(const std::string& text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Right for numbers, left for words.
inline QVariant alignmentOf(ValueKind kind) {
    const bool isText = kind == ValueKind::Text || kind == ValueKind::Subject ||
                        kind == ValueKind::Missing || kind == ValueKind::Load ||
                        kind == ValueKind::Health || kind == ValueKind::NodeKind ||
                        kind == ValueKind::Severity || kind == ValueKind::Breaker ||
                        kind == ValueKind::Enforcement || kind == ValueKind::Confidence ||
                        kind == ValueKind::Clock || kind == ValueKind::Reach ||
                        kind == ValueKind::Behind || kind == ValueKind::Lane;
    return static_cast<int>((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
}

/// DisplayRole, SortRole, ValueKindRole and TextAlignmentRole of one value.
inline QVariant cellOf(const QVariant& value, ValueKind kind, int role) {
    switch (role) {
        case Qt::DisplayRole:
            return value;
        case SortRole:
            if (value.typeId() == QMetaType::Double && std::isnan(value.toDouble()))
                return -std::numeric_limits<double>::infinity();
            return value;
        case ValueKindRole:
            return static_cast<int>(kind);
        case Qt::TextAlignmentRole:
            return alignmentOf(kind);
        default:
            return {};
    }
}

}  // namespace levee
