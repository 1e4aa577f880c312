// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/key_help.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include "dashboard/actions/action_names.h"
#include "dashboard/actions/verbs.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"

namespace levee {
namespace {

constexpr int kGap = 12;
constexpr QSize kSize(940, 640);

using Rows = std::vector<std::pair<QString, QString>>;

QString keysOf(const QAction& action) {
    QStringList keys;
    for (const QKeySequence& key : action.shortcuts())
        keys << key.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

}  // namespace

KeyHelp::KeyHelp(const ViewContext& context, const Verbs& verbs, const QString& keysFile,
                 const QString& problems, QWidget* parent)
    : QDialog(parent), context_(context) {
    setWindowTitle(tr("Keyboard"));
    resize(kSize);
    auto* inner = new QWidget;
    auto* columns = new QHBoxLayout(inner);
    columns->setSpacing(kGap);
    QVBoxLayout* halves[2];
    for (QVBoxLayout*& half : halves) {
        half = new QVBoxLayout;
        half->setSpacing(kGap);
        columns->addLayout(half, 1);
    }
    for (const ActionGroup group : {ActionGroup::Pages, ActionGroup::Time, ActionGroup::Map,
                                    ActionGroup::Rules, ActionGroup::Look, ActionGroup::Program}) {
        Rows rows;
        for (const ActionName& each : actionNames())
            if (each.group == group && !context.actions[each.id].shortcuts().isEmpty())
                rows.emplace_back(keysOf(context.actions[each.id]),
                                  context.actions[each.id].text());
        if (group == ActionGroup::Map) {
            rows.emplace_back(tr("arrows"), tr("Walk along edges; Enter opens"));
            rows.emplace_back(tr("wheel"), tr("Zoom at the pointer"));
        }
        if (group == ActionGroup::Time)
            rows.emplace_back(tr("arrows"), tr("On the strip: to the entry before or after"));
        const bool isLeft =
            group == ActionGroup::Pages || group == ActionGroup::Map || group == ActionGroup::Look;
        halves[isLeft ? 0 : 1]->addWidget(columnOf(rows, wordOf(group)));
    }
    Rows typed;
    for (const Verb& verb : verbs.all())
        typed.emplace_back(QStringLiteral(":%1 %2").arg(verb.name, verb.argument), verb.help);
    halves[1]->addWidget(columnOf(typed, tr("Typed after a colon")));
    for (QVBoxLayout* half : halves)
        half->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inner);
    scroll->setAccessibleName(tr("Keys"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(scroll, 1);
    using Overflow = ThemedLabel::Overflow;
    layout->addWidget(new ThemedLabel(
        context.themes, TextTone::Dim,
        tr("Your own keys: %1. `levee-dashboard --print-keys` writes it.").arg(keysFile),
        Overflow::Wrap));
    if (!problems.isEmpty())
        layout->addWidget(
            new ThemedLabel(context.themes, TextTone::Strong, problems, Overflow::Wrap));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

QWidget* KeyHelp::columnOf(const Rows& rows, const QString& caption) {
    auto* panel = new Section(context_.themes, caption);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kGap);
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(1, 1);
    grid->setColumnMinimumWidth(0, 130);
    int row = 0;
    for (const auto& [key, what] : rows) {
        grid->addWidget(new ThemedLabel(context_.themes, TextTone::Mono, key), row, 0);
        grid->addWidget(new ThemedLabel(context_.themes, TextTone::Normal, what), row++, 1);
    }
    panel->body().addLayout(grid);
    return panel;
}

}  // namespace levee
