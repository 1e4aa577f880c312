// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/draft_menu.h"

#include <QCoreApplication>

#include "dashboard/model/decision_model.h"
#include "dashboard/model/incident_log.h"
#include "dashboard/model/map_scope.h"
#include "dashboard/model/rule_templates.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"

namespace levee {
namespace {
constexpr int kLongestWhy = 160;
}  // namespace

void fillDraftMenu(QMenu& menu, const ViewContext& context,
                   const std::function<void(const QString& document)>& use) {
    menu.clear();
    int number = 0;
    const Selection& selection = context.selection.current();
    const auto offer = [&](const Selection& about) {
        const auto templates = ruleTemplates(context.store, about);
        if (templates.empty())
            return;
        // Not a section: styles show its line and not its words.
        QAction* head = menu.addAction(readableSubject(about.subject()));
        head->setEnabled(false);
        for (const RuleTemplate& each : templates) {
            // The first nine by one key each.
            const QString key =
                ++number <= 9 ? QStringLiteral("&%1  ").arg(number) : QStringLiteral("    ");
            QObject::connect(menu.addAction(key + each.symptom), &QAction::triggered, &menu,
                             [use, text = each.text] { use(text); });
        }
    };
    offer(selection);
    if (selection.kind == Selection::Kind::Node)
        for (const FleetEdge* caller : context.store.callersOf(selection.node))
            if (caller->edge.client != "user")
                offer(Selection::ofEdge(caller->edge.client, caller->edge.server));
    if (menu.isEmpty())
        menu
            .addAction(QCoreApplication::translate(
                "levee::RulesPage", "Select a service or an edge first: a draft is about it"))
            ->setEnabled(false);
}

QString draftReason(const ViewContext& context) {
    const Incident* incident = context.incidents.current();
    const std::string subject = context.selection.current().subject();
    const std::int64_t from = context.store.fleet().millis - kLatelyMillis;
    QString why;
    for (const Event& event : context.decisions.about(subject, from))
        if (event.severity >= EventSeverity::Warning)
            why = readableSubject(event.subject) + QStringLiteral(": ") +
                  plainText(event.text, kLongestWhy);
    if (!incident)
        return why;
    const QString title = plainText(incident->title, kLongestWhy);
    return why.isEmpty() ? title : title + QStringLiteral("; ") + why;
}

}  // namespace levee
