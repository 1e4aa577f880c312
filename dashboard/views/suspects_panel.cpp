// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/suspects_panel.h"

#include <QHBoxLayout>

#include "dashboard/model/selection_state.h"
#include "dashboard/model/timeline_state.h"
#include "dashboard/views/attention_list.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/section.h"
#include "dashboard/views/timeline_strip.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr int kGap = 12;

AttentionItem itemOf(const Suspect& suspect, std::size_t index) {
    AttentionItem item;
    item.subject = QString::number(index);
    const QString evidence = plainLine(suspect.evidence, 300);
    item.title = suspect.subject.empty() ? evidence : readableSubject(suspect.subject);
    item.note = suspect.subject.empty() ? QString() : evidence;
    if (suspect.millis > 0)
        item.note = item.note.isEmpty() ? formatClock(suspect.millis)
                                        : formatClock(suspect.millis) + ' ' + item.note;
    item.state = suspect.entry.empty()                       ? visualState(suspect.health, false)
                 : suspect.role == SuspectRole::FirstSymptom ? VisualState::Failing
                                                             : VisualState::Throttled;
    return item;
}

}  // namespace

SuspectsPanel::SuspectsPanel(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    lists_[0] = addList(*layout, tr("Possible cause"),
                        tr("Nothing changed before, and nothing below it is unwell."));
    lists_[1] = addList(*layout, tr("First symptom"), tr("No warning in the last 15 minutes."));
    lists_[2] = addList(*layout, tr("Impact"), tr("No caller is unwell."));
}

AttentionList* SuspectsPanel::addList(QLayout& layout, const QString& caption,
                                      const QString& empty) {
    auto* panel = new Section(context_.themes, caption);
    auto* list = new AttentionList(context_.themes);
    list->setAccessibleName(caption);
    list->setEmptyText(empty);
    panel->setFlush();
    panel->body().addWidget(list);
    panel->body().addStretch(1);
    layout.addWidget(panel);
    connect(list, &AttentionList::subjectActivated, this, &SuspectsPanel::choose);
    connect(list, &AttentionList::subjectChosen, this, [this](const QString& key) {
        const auto index = key.toULongLong();
        if (index < suspects_.size() && !suspects_[index].entry.empty())
            context_.timelineState.choose(suspects_[index].entry);
    });
    return list;
}

void SuspectsPanel::setSubject(const std::string& subject) {
    subject_ = subject;
    refresh();
}

void SuspectsPanel::refresh() {
    suspects_ =
        findSuspects(context_.store, context_.timeline, subject_, context_.store.fleet().millis);
    std::vector<AttentionItem> items[3];
    for (std::size_t i = 0; i < suspects_.size(); ++i)
        items[static_cast<std::size_t>(suspects_[i].role)].push_back(itemOf(suspects_[i], i));
    for (std::size_t role = 0; role < std::size(lists_); ++role)
        lists_[role]->setItems(std::move(items[role]));
}

void SuspectsPanel::choose(const QString& key) {
    const auto index = key.toULongLong();
    if (index >= suspects_.size())
        return;
    const Suspect suspect = suspects_[index];
    if (!suspect.entry.empty())
        chooseTimelineEntry(context_, suspect.entry);
    else if (!suspect.subject.empty())
        context_.selection.select(Selection::ofSubject(suspect.subject));
}

}  // namespace levee
