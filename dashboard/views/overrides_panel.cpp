// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/overrides_panel.h"
#include "dashboard/views/connection_words.h"

#include <QAction>
#include <QDateTime>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/actions/action_registry.h"
#include "dashboard/client/session_pool.h"
#include "dashboard/model/cell_values.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/override_model.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/override_dialog.h"
#include "dashboard/views/promote_dialog.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/hold_button.h"

namespace levee {
namespace {

constexpr int kHeadHeight = 36;
constexpr int kRowHeight = 28;
constexpr int kMostRows = 4;  ///< more scroll

QString timeOf(std::int64_t millis) {
    return QDateTime::fromMSecsSinceEpoch(millis).toString(QStringLiteral("HH:mm"));
}

}  // namespace

OverridesPanel::OverridesPanel(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context), model_(new OverrideModel(context.overrides, this)) {
    build();
    connect(&context.overrides, &OverrideDesk::changed, this, &OverridesPanel::refresh);
    connect(table_, &DataTable::rowChosen, this, &OverridesPanel::refresh);
    connect(&context.connection, &ConnectionState::modeChanged, this, &OverridesPanel::refresh);
    refresh();
}

void OverridesPanel::build() {
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    section_ = new Section(context_.themes, tr("Held by hand"));
    rows->addWidget(section_);
    QAction& hold = context_.actions[ActionId::HoldGuard];
    set_ = new QPushButton(tr("Hold…"));
    set_->setToolTip(hold.toolTip());
    extend_ = new QPushButton(tr("More time…"));
    promote_ = new QPushButton(tr("Make a rule…"));
    clear_ = new HoldButton(context_.themes, tr("Hold to end"));
    clear_->setObjectName(QStringLiteral("clear-override"));
    section_->addTrailing(set_);
    table_ = new DataTable(context_.themes, *model_,
                           {{OverrideModel::Guard, -1},
                            {OverrideModel::Held, 116},
                            {OverrideModel::Left, 72},
                            context_.pool.size() > 1 ? TableColumn{OverrideModel::Host, 96}
                                                     : TableColumn{OverrideModel::Author, 96}},
                           DataTable::Sorting::AsModel);
    table_->setAccessibleName(tr("Held by hand"));
    // Hidden while it has no rows, the table would never learn of the first: the panel is looked
    // at.
    followWhileSeen(*model_, *this, [this] { refresh(); });
    section_->body().addWidget(table_, 1);
    note_ = new ThemedLabel(context_.themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap);
    section_->body().addWidget(note_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    for (QPushButton* button : std::initializer_list<QPushButton*>{promote_, extend_, clear_})
        buttons->addWidget(button);
    section_->body().addLayout(buttons);
    connect(set_, &QPushButton::clicked, &hold, &QAction::trigger);
    connect(extend_, &QPushButton::clicked, this, [this] {
        if (const HeldOverride* held = chosen()) {
            auto* dialog = new ExtendDialog(context_, *held, this);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->open();
        }
    });
    connect(promote_, &QPushButton::clicked, this, [this] {
        if (const HeldOverride* held = chosen()) {
            auto* dialog = new PromoteDialog(context_, *held, this);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->open();
        }
    });
    connect(clear_, &HoldButton::held, this, [this] {
        if (const HeldOverride* held = chosen())
            context_.overrides.clear(*held, tr("ended from the dashboard"));
    });
}

const HeldOverride* OverridesPanel::chosen() const {
    if (const QModelIndex index = table_->sourceIndex(); index.isValid())
        return &model_->row(index.row());
    return model_->rowCount() == 1 ? &model_->row(0) : nullptr;
}

void OverridesPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void OverridesPanel::refresh() {
    if (!isVisible())
        return;
    const HeldOverride* held = chosen();
    const int count = model_->rowCount();
    section_->setCaption(count == 0 ? tr("Held by hand") : tr("Held by hand: %1").arg(count));
    const QString& lock = context_.overrides.readOnlyReason();
    set_->setEnabled(lock.isEmpty());
    set_->setToolTip(lock.isEmpty() ? context_.actions[ActionId::HoldGuard].toolTip() : lock);
    for (QPushButton* button : std::initializer_list<QPushButton*>{extend_, promote_, clear_}) {
        button->setVisible(count > 0);
        button->setEnabled(held != nullptr && (lock.isEmpty() || button == promote_));
        button->setToolTip(lock.isEmpty() || button == promote_ ? QString() : lock);
    }
    table_->setVisible(count > 0);
    table_->setFixedHeight(kHeadHeight + kRowHeight * std::min(count, kMostRows));
    if (count == 0) {
        note_->setText(emptyWords(context_.connection.summary(),
                                  tr("Nothing is held: the rules decide everywhere.")));
        return;
    }
    if (!held) {
        note_->setText(tr("Choose one to give it more time, end it, or make a rule of it."));
        return;
    }
    const Override& value = held->value;
    const QString over = value.ruleFile.empty()
                             ? tr("over the rule %1").arg(plainText(value.rule, 80))
                             : tr("over the rule %1 in %2")
                                   .arg(plainText(value.rule, 80), plainText(value.ruleFile, 160));
    note_->setText(
        tr("%1 on %2, %3, by %4: %5\nDo nothing and the agent ends it at %6: the rule decides "
           "again.")
            .arg(plainLine(holdText(value)), plainText(held->host, 60), over,
                 plainText(value.author, 60), plainText(value.reason, 200),
                 timeOf(value.expiresMillis)));
}

}  // namespace levee
