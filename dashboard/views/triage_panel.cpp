// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/triage_panel.h"
#include "dashboard/views/connection_words.h"

#include <QPainter>
#include <QVBoxLayout>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/attention_list.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/section.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/theme.h"

namespace levee {

TriagePanel::TriagePanel(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    servicesPanel_ = new Section(context.themes, tr("Triage"), Section::Frame::Plain);
    guardsPanel_ = new Section(context.themes, tr("Guards at work"), Section::Frame::Plain);
    services_ = new AttentionList(context.themes);
    guards_ = new AttentionList(context.themes);
    services_->setAccessibleName(tr("Services that are not well"));
    guards_->setAccessibleName(tr("Guards at work"));
    for (auto [panel, list] :
         {std::pair{servicesPanel_, services_}, std::pair{guardsPanel_, guards_}}) {
        panel->setFlush();
        panel->body().addWidget(list);
        layout->addWidget(panel);
        bind(*list);
    }
    layout->addStretch(1);
    auto* whenSeen = new WhenSeen(*this, [this] { refresh(); });
    connect(&context.store, &TopologyStore::changed, whenSeen, [this, whenSeen] {
        if (!context_.store.hasOnlyTimePassed())
            whenSeen->request();
    });
    connect(&context.connection, &ConnectionState::modeChanged, whenSeen, &WhenSeen::request);
    refresh();
}

void TriagePanel::bind(AttentionList& list) {
    connect(&list, &AttentionList::subjectChosen, this, [this](const QString& subject) {
        context_.selection.select(Selection::ofSubject(subject.toStdString()));
    });
    connect(&list, &AttentionList::subjectActivated, this, [this](const QString& subject) {
        context_.selection.select(Selection::ofSubject(subject.toStdString()));
        context_.views.showPage(Page::Service);
    });
    connect(&context_.selection, &SelectionState::changed, &list,
            [&list](const Selection& selection) {
                list.showSubject(QString::fromStdString(selection.subject()));
            });
}

void TriagePanel::refresh() {
    auto services = buildTriage(context_.store);
    auto guards = buildGuardsAtWork(context_.store);
    const bool isEmpty = context_.store.fleet().nodes.empty();
    const LinkSummary& link = context_.connection.summary();
    services_->setEmptyText(isEmpty ? emptyWords(link, tr("No services yet."))
                                    : tr("Every service is well."));
    guards_->setEmptyText(isEmpty ? emptyWords(link, tr("No guards yet."))
                                  : tr("All closed, nothing is held back."));
    servicesPanel_->setCaption(services.empty() ? tr("Triage")
                                                : tr("Triage  %1").arg(services.size()));
    services_->setItems(std::move(services));
    guards_->setItems(std::move(guards));
}

void TriagePanel::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), context_.themes.theme().surface);
}

}  // namespace levee
