// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/guard_stack.h"

#include <algorithm>

#include "dashboard/model/rule_document.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/guard_card.h"
#include "dashboard/views/themed_label.h"

namespace levee {

GuardStack::GuardStack(ThemeController& themes, const RuleDocument& document, QWidget* parent)
    : QWidget(parent), themes_(themes), document_(document), layout_(new QVBoxLayout(this)) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(16);
    note_ = new ThemedLabel(themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap);
    layout_->addWidget(note_);
}

void GuardStack::setGuards(const TopologyStore& store, const std::vector<const FleetGuard*>& guards,
                           bool withSubject) {
    const std::size_t shown = std::min(guards.size(), kMost);
    while (cards_.size() < shown) {
        cards_.push_back(new GuardCard(themes_));
        layout_->insertWidget(static_cast<int>(cards_.size()) - 1, cards_.back());
    }
    for (std::size_t i = 0; i < cards_.size(); ++i) {
        cards_[i]->setVisible(i < shown);
        if (i < shown)
            cards_[i]->setGuard(*guards[i], withSubject, store.ageSeconds(guards[i]->heardAt),
                                document_.settingsOf(guards[i]->host, guards[i]->guard));
    }
    note_->setVisible(guards.empty() || guards.size() > shown);
    if (guards.empty())
        note_->setText(tr("No guard here: calls do not pass the gateway."));
    else
        note_->setText(tr("and %n more", nullptr, static_cast<int>(guards.size() - shown)));
}

}  // namespace levee
