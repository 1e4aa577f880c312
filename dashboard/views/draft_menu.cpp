// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/draft_menu.h"

#include <QCoreApplication>

#include "dashboard/model/rule_templates.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/scene_builder.h"

namespace levee {

void fillDraftMenu(QMenu& menu, const ViewContext& context,
                   const std::function<void(const QString& document)>& use) {
    menu.clear();
    const Selection& selection = context.selection.current();
    const auto offer = [&](const Selection& about) {
        const auto templates = ruleTemplates(context.store, about);
        if (templates.empty())
            return;
        menu.addSection(readableSubject(about.subject()));
        for (const RuleTemplate& each : templates)
            QObject::connect(menu.addAction(each.symptom), &QAction::triggered, &menu,
                             [use, text = each.text] { use(text); });
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

}  // namespace levee
