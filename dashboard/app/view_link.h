// SPDX-License-Identifier: GPL-3.0-or-later
// levee:// links: what somebody looks at, to be pasted into a chat and opened elsewhere.
// levee://view/timeline?select=checkout-%3Epayment&minutes=15&agent=shop-1:7400
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "dashboard/actions/page.h"
#include "dashboard/model/map_scope.h"
#include "shared/base/result.h"

namespace levee {

struct ViewLink {
    std::optional<Page> page;
    QString select;              ///< a service, or an edge as "a->b"; "" for none
    std::optional<int> minutes;  ///< of the timeline, 1 to 1440
    QStringList agents;          ///< at most 500; empty: those of whoever opens it
    QString find;                ///< on the map; at most MapQuery::kMostCharacters
    QString hide;                ///< on the map
    QString focus;               ///< a service; "": everything
    int hops = 1;                ///< around it, 1 to kMostHops
    bool showAll = false;        ///< of the map
    bool errorsOnly = false;     ///< of the map
    std::optional<MapGrouping> group;

    bool operator==(const ViewLink&) const = default;
};

constexpr int kLongestLink = 8'192;  ///< characters

QString writeLink(const ViewLink& link);
/// An error says what is wrong and what is right. Nothing is connected to or run by reading it.
Result<ViewLink> readLink(const QString& text);

}  // namespace levee
