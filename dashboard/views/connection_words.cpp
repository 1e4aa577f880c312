// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/connection_words.h"

#include <QCoreApplication>
#include <QStringList>
#include <cmath>

#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

/// Gives the free functions below a context for translators.
struct ConnectionText {
    Q_DECLARE_TR_FUNCTIONS(ConnectionText)
};

QString phaseWord(const FleetAgent& agent) {
    switch (agent.state.phase) {
        case SessionPhase::Live:
            return ConnectionText::tr("connected");
        case SessionPhase::Connecting:
            return ConnectionText::tr("connecting");
        case SessionPhase::Waiting:
            return ConnectionText::tr("not connected");
        case SessionPhase::Incompatible:
            return ConnectionText::tr("incompatible");
        case SessionPhase::Stopped:
            break;
    }
    return ConnectionText::tr("stopped");
}

QString retryHint(const LinkSummary& summary) {
    const QString next =
        ConnectionText::tr("Next attempt in %1.").arg(formatAge(summary.retryInSeconds));
    // Where a certificate or a token is missing, the reason names the fix.
    if (!summary.isUnreachable)
        return next;
    return ConnectionText::tr("%1 Is the agent running there? `levee demo` starts one here.")
        .arg(next);
}

}  // namespace

Freshness freshnessOf(const LinkSummary& summary, bool isPaused) {
    switch (summary.mode) {
        case LinkMode::Connecting:
            return Freshness::Connecting;
        case LinkMode::Failed:
        case LinkMode::Reconnecting:
            return Freshness::Reconnecting;
        case LinkMode::Incompatible:
        case LinkMode::Ended:
            return Freshness::Offline;
        case LinkMode::Stale:
            return isPaused ? Freshness::Paused : Freshness::Stale;
        case LinkMode::Live:
            break;
    }
    return isPaused ? Freshness::Paused : Freshness::Live;
}

QString connectionText(const LinkSummary& summary, const std::vector<FleetAgent>& agents) {
    if (agents.size() == 1) {
        const FleetAgent& agent = agents.front();
        const QString address = plainText(agent.address, 60);
        return agent.hasSnapshot
                   ? ConnectionText::tr("%1 · %2").arg(plainText(agent.info.host, 40), address)
                   : address;
    }
    QStringList parts{ConnectionText::tr("%1 live").arg(summary.live)};
    if (summary.late > 0)
        parts << ConnectionText::tr("%1 late").arg(summary.late);
    if (summary.lost > 0)
        parts << ConnectionText::tr("%1 lost").arg(summary.lost);
    return ConnectionText::tr("%n agent(s): %1", nullptr, summary.total)
        .arg(parts.join(QStringLiteral(", ")));
}

QString connectionDetail(const LinkSummary& summary, const std::vector<FleetAgent>& agents) {
    QStringList lines;
    for (const FleetAgent& agent : agents) {
        QString line = ConnectionText::tr("%1: %2").arg(plainText(agent.address), phaseWord(agent));
        if (!agent.state.reason.empty())
            line += QStringLiteral(", ") + plainText(agent.state.reason);
        lines << line;
    }
    if (summary.retryInSeconds > 0)
        lines << ConnectionText::tr("Next attempt in %1.").arg(formatAge(summary.retryInSeconds));
    return lines.join(QLatin1Char('\n'));
}

QString lateText(const LinkSummary& summary) {
    if (summary.total < 2 || summary.late + summary.lost == 0)
        return {};
    const int count = summary.late > 0 ? summary.late : summary.lost;
    return (summary.late > 0 ? ConnectionText::tr("%1 of %2 late")
                             : ConnectionText::tr("%1 of %2 lost"))
        .arg(count)
        .arg(summary.total);
}

QString emptyWords(const LinkSummary& summary, const QString& whenConnected) {
    switch (summary.mode) {
        case LinkMode::Connecting:
            return ConnectionText::tr("Connecting: nothing is known yet.");
        case LinkMode::Failed:
        case LinkMode::Incompatible:
            return ConnectionText::tr("No agent is reached: nothing is known.");
        default:
            return whenConnected;
    }
}

void keepEmptyWords(const ConnectionState& connection, QObject& owner, const QString& whenConnected,
                    const std::function<void(const QString&)>& say) {
    const auto tell = [&connection, whenConnected, say] {
        say(emptyWords(connection.summary(), whenConnected));
    };
    tell();
    QObject::connect(&connection, &ConnectionState::modeChanged, &owner, tell);
}

CanvasMessage canvasMessage(const LinkSummary& summary, bool hasPicture) {
    const QString reason = plainText(summary.reason, 500);
    if (hasPicture) {
        const bool isOld = summary.mode != LinkMode::Live && summary.mode != LinkMode::Ended &&
                           summary.ageSeconds > toSeconds(kLostAfter);
        if (!isOld)
            return {};
        return {CanvasState::Stale,
                ConnectionText::tr("Last heard %1 ago").arg(formatAge(summary.ageSeconds)), reason};
    }
    switch (summary.mode) {
        case LinkMode::Connecting:
            return {CanvasState::Loading, ConnectionText::tr("Connecting…"), {}};
        case LinkMode::Failed:
            return {CanvasState::Error, reason, retryHint(summary)};
        case LinkMode::Incompatible:
            return {CanvasState::Error, reason,
                    ConnectionText::tr("It is tried again every 10 s.")};
        case LinkMode::Ended:
            return {CanvasState::Empty, ConnectionText::tr("The recording holds no services."),
                    reason};
        default:
            break;
    }
    return {CanvasState::Empty, ConnectionText::tr("No traffic seen yet"),
            ConnectionText::tr("Send requests through the agent's gateway, or spans to its OTLP "
                               "port 4318.")};
}

}  // namespace levee
