// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/window_verbs.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/incident_log.h"
#include "dashboard/model/note_book.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/timeline_state.h"
#include "dashboard/model/topology_store.h"
#include "shared/base/units.h"

namespace levee {
namespace {

struct VerbText {
    Q_DECLARE_TR_FUNCTIONS(levee::Verbs)
};

QString pageNames() {
    QStringList names;
    for (const char* name : kPageNames)
        names << QLatin1String(name);
    return names.join(QStringLiteral(", "));
}

QString showPage(const ViewContext& context, const QString& name) {
    const auto page = pageFromName(name);
    if (!page)
        return VerbText::tr("There is no page \"%1\": %2.").arg(name, pageNames());
    context.views.showPage(*page);
    return {};
}

QString select(const ViewContext& context, const QString& subject) {
    const Selection wanted = Selection::ofSubject(
        QString(subject).replace(QStringLiteral(" -> "), QStringLiteral("->")).toStdString());
    const bool isThere = context.store.node(wanted.node) != nullptr ||
                         context.store.edge(wanted.client, wanted.server) != nullptr;
    if (!isThere)
        return VerbText::tr("Nothing is named \"%1\"; an edge is written a->b.").arg(subject);
    context.selection.select(wanted);
    return {};
}

QString setTheme(const ViewContext& context, const QString& name) {
    const std::pair<const char*, ActionId> choices[] = {{"dark", ActionId::ThemeDark},
                                                        {"light", ActionId::ThemeLight},
                                                        {"contrast", ActionId::ThemeContrast},
                                                        {"system", ActionId::ThemeSystem}};
    for (const auto& [word, id] : choices) {
        if (name != QLatin1String(word))
            continue;
        context.actions[id].trigger();
        return {};
    }
    return VerbText::tr("There is no theme \"%1\": dark, light, contrast, system.").arg(name);
}

QString addNote(const ViewContext& context, const QString& text) {
    if (text.isEmpty())
        return VerbText::tr("Write the note after the word: :note pool exhausted");
    Note note;
    note.millis = std::max<std::int64_t>(context.store.fleet().millis, 1);
    note.author = context.document.author();
    note.subject = context.selection.current().subject();
    note.text = text.toStdString();
    const Status kept = context.notes.add(std::move(note));
    return kept.isOk() ? QString() : QString::fromStdString(kept.error().message);
}

QString nameIncident(const ViewContext& context, const QString& title) {
    if (!context.incidents.current())
        context.actions[ActionId::TakeCommand].trigger();
    const Status kept = context.incidents.rename(title.toStdString());
    return kept.isOk() ? QString() : QString::fromStdString(kept.error().message);
}

QString setMinutes(const ViewContext& context, const QString& text) {
    bool isNumber = false;
    const int minutes = text.toInt(&isNumber);
    if (!isNumber || minutes < 1 || minutes > 1'440)
        return VerbText::tr("Write the minutes, 1 to 1440: :last 15");
    context.timelineState.setMinutes(minutes);
    return {};
}

/// "12:03", "12:03:30" of the last day, or "-5m".
QString travel(const ViewContext& context, const QString& text) {
    const std::int64_t now = context.store.newest().millis;
    std::int64_t then = 0;
    if (text.startsWith(QLatin1Char('-'))) {
        const auto back = parseDuration(text.mid(1).toStdString());
        if (back)
            then = now - std::chrono::duration_cast<std::chrono::milliseconds>(*back).count();
    } else {
        QTime time = QTime::fromString(text, QStringLiteral("H:mm:ss"));
        if (!time.isValid())
            time = QTime::fromString(text, QStringLiteral("H:mm"));
        QDateTime at = QDateTime::fromMSecsSinceEpoch(now);
        at.setTime(time);
        if (time.isValid())
            then = at.toMSecsSinceEpoch() > now ? at.addDays(-1).toMSecsSinceEpoch()
                                                : at.toMSecsSinceEpoch();
    }
    if (then <= 0)
        return VerbText::tr("Write a time of day or how long ago: :at 12:03 or :at -5m");
    return context.store.travelTo(then) ? QString()
                                        : VerbText::tr("Nothing is kept of the past yet.");
}

}  // namespace

void addWindowVerbs(Verbs& verbs, const ViewContext& context) {
    const auto add = [&](const char* name, const char* argument, const QString& help,
                         QString (*run)(const ViewContext&, const QString&)) {
        verbs.add({QLatin1String(name), QLatin1String(argument), help,
                   [context, run](const QString& given) { return run(context, given); }});
    };
    add("page", "NAME", VerbText::tr("Shows a page"), showPage);
    add("select", "SERVICE", VerbText::tr("Selects a service or an edge"), select);
    add("theme", "NAME", VerbText::tr("Changes the colours"), setTheme);
    add("note", "TEXT", VerbText::tr("Writes a note about the selection"), addNote);
    add("incident", "TITLE", VerbText::tr("Takes command, and names the incident"), nameIncident);
    add("at", "TIME", VerbText::tr("Shows the fleet as it was then"), travel);
    add("last", "MINUTES", VerbText::tr("How much time the timeline shows"), setMinutes);
    const auto act = [&](const char* name, ActionId id) {
        verbs.add(
            {QLatin1String(name), {}, context.actions[id].text(), [context, id](const QString&) {
                 context.actions[id].trigger();
                 return QString();
             }});
    };
    act("pause", ActionId::Pause);
    act("live", ActionId::Live);
    act("rollback", ActionId::RollBackRules);
    act("draft", ActionId::DraftRule);
    act("check", ActionId::CheckRules);
    act("close", ActionId::CloseIncident);
    act("export", ActionId::ExportTimeline);
    act("link", ActionId::CopyLink);
    act("keys", ActionId::ShowKeys);
    act("window", ActionId::NewWindow);
    act("quit", ActionId::Quit);
}

}  // namespace levee
