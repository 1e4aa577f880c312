// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QSize>
#include <QString>
#include <QStringList>
#include <chrono>
#include <map>
#include <optional>

#include "dashboard/actions/page.h"
#include "dashboard/widgets/theme.h"
#include "shared/base/result.h"
#include "shared/wire/agent_access.h"

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
    QString link;            ///< as it was given; it can be read
    QStringList linkAgents;  ///< that a link names: used only where contexts.yaml knows them
    QString context;         ///< of contexts.yaml; its name is in the window
    std::map<QString, wire::AgentAccess> access;  ///< of those of `connect` that contexts.yaml has
    std::map<QString, QString>
        keychain;  ///< of which the token is kept by the desktop: the context
    bool isProduction = false;
    bool readOnly = false;            ///< nothing can be changed
    std::optional<QLocale> language;  ///< in place of the desktop's
    QString storeToken;          ///< puts a context's token into the keychain; the program ends
    bool printKeys = false;      ///< prints keys.yaml as it would be now; the program ends
    std::optional<int> minutes;  ///< of the timeline
    QString answer;              ///< what --help or --version print; the program ends
};

/// `arguments` as of main, the program's name first. An error says what is wrong and what is right.
/// A link (levee://) among them sets page, selection, time and agents.
Result<Options> parseOptions(const QStringList& arguments);

/// Fills in agents, name and mode of the context that is asked for, or of the current one where
/// neither --connect nor a recording names another source. `yaml`: contexts.yaml, "" for none.
Status applyContext(const std::string& yaml, const std::string& fileName, Options& options);
}  // namespace levee
