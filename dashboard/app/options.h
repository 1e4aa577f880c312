// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>
#include <chrono>
#include <optional>

#include "dashboard/actions/page.h"
#include "dashboard/widgets/theme.h"
#include "shared/base/result.h"

namespace levee {

/// What the command line asks for. Immutable once parsed.
struct Options {
    QStringList connect;  ///< host:port or unix:PATH; default 127.0.0.1:7400
    QString replay;       ///< a recorded session in place of agents
    QString record;       ///< writes the first agent's session here
    std::optional<ThemeChoice> theme;
    std::optional<QSize> size;
    QString select;  ///< a service, or an edge as "a->b"
    std::optional<Page> page;
    QString screenshot;  ///< PNG to write; then the program ends
    std::chrono::milliseconds after{std::chrono::seconds(3)};
    bool logEvents = false;
    QString answer;  ///< what --help or --version print; the program ends
};

/// `arguments` as of main, the program's name first. An error says what is wrong and what is right.
Result<Options> parseOptions(const QStringList& arguments);

}  // namespace levee
