// SPDX-License-Identifier: GPL-3.0-or-later
// Which agents belong together, by a name: contexts.yaml, for people who look after several fleets.
//
//     current: shop
//     contexts:
//       shop: {agents: [shop-1:7400, shop-2:7400], production: true}
//       lab: {agents: ["127.0.0.1:7400"], readOnly: true}
#pragma once

#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "shared/base/diagnostic.h"

namespace levee {

struct FleetContext {
    QString name;
    QStringList agents;
    bool isProduction = false;  ///< the window shows it unmistakably
    bool isReadOnly = false;    ///< nothing can be changed from this window

    bool operator==(const FleetContext&) const = default;
};

struct Contexts {
    QString current;  ///< used when none is asked for; "" for none
    std::vector<FleetContext> all;

    const FleetContext* find(const QString& name) const;
    bool names(const QString& agent) const;  ///< in any context
};

constexpr std::size_t kMostContexts = 200;
constexpr std::size_t kMostContextAgents = 500;

/// All that is wrong at once; with errors, nothing of it is to be used.
Diagnostics readContexts(const std::string& yaml, const std::string& fileName, Contexts& contexts);

}  // namespace levee
