// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/promote_dialog.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/cell_values.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/rule_promotion.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {
constexpr int kGap = 12;
constexpr QSize kSize(760, 480);
}  // namespace

PromoteDialog::PromoteDialog(const ViewContext& context, HeldOverride held, QWidget* parent)
    : QDialog(parent), context_(context), held_(std::move(held)) {
    setWindowTitle(tr("Make a rule of it"));
    resize(kSize);
    build();
    ask();
}

void PromoteDialog::build() {
    ThemeController& themes = context_.themes;
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(kGap + 4, kGap + 4, kGap + 4, kGap + 4);
    rows->setSpacing(kGap);
    rows->addWidget(new ThemedLabel(
        themes, TextTone::Title,
        tr("%1: %2").arg(readableSubject(held_.value.subject), plainLine(holdText(held_.value)))));
    state_ = new ThemedLabel(themes, TextTone::Normal, tr("Fetching the rules in force…"),
                             ThemedLabel::Overflow::Wrap);
    rows->addWidget(state_);
    text_ = new QPlainTextEdit;
    text_->setReadOnly(true);
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text_->setAccessibleName(tr("Difference to the rules in force"));
    rows->addWidget(text_, 1);
    auto* foot = new QHBoxLayout;
    edit_ = new QPushButton(tr("Open as edit"));
    edit_->setToolTip(tr("Takes it into the editor, where it is checked and applied as any edit"));
    copy_ = new QPushButton(tr("Copy the patch"));
    auto* close = new QPushButton(tr("Close"));
    for (QPushButton* button : {copy_, edit_, close})
        button->setMinimumSize(96, 30);
    edit_->setDefault(true);
    foot->addWidget(copy_);
    foot->addStretch(1);
    foot->addWidget(close);
    foot->addWidget(edit_);
    rows->addLayout(foot);
    edit_->setEnabled(false);
    copy_->setEnabled(false);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(copy_, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(patch_); });
    connect(edit_, &QPushButton::clicked, this, &PromoteDialog::openAsEdit);
}

void PromoteDialog::ask() {
    AgentSession* session = context_.overrides.sessionOf(held_.host);
    if (!session)
        return refuse(tr("%1 is not connected.").arg(plainText(held_.host)));
    session->listRevisions({1, true, -1}, this,
                           [this](const Result<std::vector<RuleRevision>>& result) {
                               if (!result)
                                   return refuse(plainText(result.error().message, 600));
                               show(result->empty() ? std::string() : result->front().text);
                           });
}

void PromoteDialog::refuse(const QString& why) {
    state_->setText(glyphOf(VisualState::Failing) + QLatin1Char(' ') + why);
}

void PromoteDialog::show(const std::string& inForce) {
    const Result<std::string> next = promotedRules(inForce, held_.value);
    if (!next)
        return refuse(plainText(next.error().message, 600));
    patch_ = toText(rulesPatch(inForce, *next));
    if (patch_.isEmpty()) {
        state_->setText(tr("The rules in force say it already."));
        return;
    }
    const QString where =
        held_.value.ruleFile.empty()
            ? QString()
            : tr(" The rule stands in %1; there `levee rules promote %2` writes it as a patch of "
                 "the file.")
                  .arg(plainText(held_.value.ruleFile, 200), plainText(held_.value.subject, 120));
    state_->setText(tr("This rule says it for good, on top of the rules in force. Nothing is "
                       "changed before you apply it.") +
                    where);
    text_->setPlainText(patch_);
    copy_->setEnabled(true);
    const bool isHere = context_.document.session() == context_.overrides.sessionOf(held_.host);
    const QString& lock = context_.document.readOnlyReason();
    edit_->setEnabled(isHere && lock.isEmpty());
    if (!lock.isEmpty())
        edit_->setToolTip(lock);
    else if (!isHere)
        edit_->setToolTip(tr("The editor has the rules of another agent: choose %1 there first.")
                              .arg(plainText(held_.host)));
}

void PromoteDialog::openAsEdit() {
    const Result<std::string> next =
        promotedRules(context_.document.text().toStdString(), held_.value);
    if (!next)
        return refuse(plainText(next.error().message, 600));
    context_.document.restoreText(toText(*next));
    context_.views.showPage(Page::Rules);
    accept();
}

}  // namespace levee
