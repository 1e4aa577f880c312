// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/rules_page.h"

#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/actions/view_actions.h"
#include "dashboard/client/session_pool.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/revision_model.h"
#include "dashboard/model/rule_completion.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/rule_templates.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/attention_list.h"
#include "dashboard/views/banner.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/draft_menu.h"
#include "dashboard/views/overrides_panel.h"
#include "dashboard/views/rollback_question.h"
#include "dashboard/views/rollout.h"
#include "dashboard/views/rule_diff_view.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/section.h"
#include "dashboard/views/shadow_words.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/hold_button.h"
#include "dashboard/widgets/rule_edit.h"

namespace levee {
namespace {

constexpr int kGap = 12;
constexpr int kSideWidth = 460;
constexpr int kLineRole = Qt::UserRole;
constexpr int kColumnRole = Qt::UserRole + 1;
constexpr int kMaxChanges = 200;

QString findingText(const Diagnostic& diagnostic) {
    const QString message = plainText(diagnostic.message, 400);
    if (diagnostic.place.line <= 0)
        return message;
    return RulesPage::tr("%1:%2  %3")
        .arg(diagnostic.place.line)
        .arg(diagnostic.place.column)
        .arg(message);
}

QString glyphOf(Severity severity) {
    switch (severity) {
        case Severity::Error:
            return glyphOf(VisualState::Failing);
        case Severity::Warning:
            return glyphOf(VisualState::Degraded);
        case Severity::Info:
            break;
    }
    return glyphOf(VisualState::Idle);
}

}  // namespace

RulesPage::RulesPage(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context), revisions_(new RevisionModel(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kGap + 4, kGap, kGap + 4, kGap);
    layout->setSpacing(kGap);
    layout->addLayout(buildHead());
    conflict_ = new Banner(context.themes, VisualState::Degraded);
    conflict_->setObjectName("conflict");
    auto* theirs = new QPushButton(tr("Take theirs"));
    auto* mine = new QPushButton(tr("Keep mine"));
    theirs->setToolTip(tr("Gives up your edit for what is in force"));
    mine->setToolTip(tr("Keeps your edit, from now on against what is in force"));
    conflict_->addButton(theirs);
    conflict_->addButton(mine);
    conflict_->hide();
    lock_ = new Banner(context.themes, VisualState::Idle);
    lock_->hide();
    layout->addWidget(lock_);
    layout->addWidget(conflict_);
    connect(theirs, &QPushButton::clicked, &context.document, &RuleDocument::takeTheirs);
    connect(mine, &QPushButton::clicked, &context.document, &RuleDocument::keepMine);

    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setHandleWidth(kGap);
    splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
    splitter->setChildrenCollapsible(false);
    editor_ = new RuleEdit(context.themes);
    auto* editorPanel = new Section(context.themes, tr("Rules"));
    editorPanel->setFlush();
    editorPanel->body().addWidget(editor_);
    splitter->addWidget(editorPanel);
    // What stands beside the editor scrolls by itself: reason and apply stay in sight.
    auto* side = new QScrollArea;
    side->setFrameShape(QFrame::NoFrame);
    side->setWidgetResizable(true);
    side->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    side->setWidget(buildSide());
    side->setFocusPolicy(Qt::NoFocus);
    splitter->addWidget(side);
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({900, kSideWidth});
    layout->addWidget(splitter, 1);
    layout->addLayout(buildFoot());
    setFocusProxy(editor_);
    bindDocument();
    bindActions();
    refresh();
}

QLayout* RulesPage::buildHead() {
    auto* head = new QHBoxLayout;
    head->setSpacing(kGap);
    title_ = new ThemedLabel(context_.themes, TextTone::Title);
    subtitle_ = new ThemedLabel(context_.themes, TextTone::Dim);
    agents_ = new QComboBox;
    agents_->setAccessibleName(tr("Agent whose rules are edited"));
    agents_->setMinimumWidth(220);
    head->addWidget(title_);
    head->addWidget(subtitle_, 1);
    draft_ = new QToolButton;
    draft_->setText(tr("Draft…"));
    draft_->setToolTip(context_.actions[ActionId::DraftRule].toolTip());
    draft_->setPopupMode(QToolButton::InstantPopup);
    draft_->setMinimumHeight(30);
    auto* drafts = new QMenu(draft_);
    drafts->setObjectName(QStringLiteral("drafts"));
    draft_->setMenu(drafts);
    connect(drafts, &QMenu::aboutToShow, this, &RulesPage::fillDrafts);
    head->addWidget(draft_);
    head->addWidget(agents_);
    connect(&context_.connection, &ConnectionState::modeChanged, this, &RulesPage::refreshAgents);
    connect(agents_, &QComboBox::activated, this, [this](int index) {
        context_.document.setSession(&context_.pool.at(static_cast<std::size_t>(index)));
    });
    refreshAgents();
    return head;
}

void RulesPage::refreshAgents() {
    agents_->setVisible(context_.pool.size() > 1);
    const auto& agents = context_.pool.fleet()->agents;
    while (agents_->count() < static_cast<int>(agents.size()))
        agents_->addItem({});
    for (std::size_t i = 0; i < agents.size(); ++i)
        agents_->setItemText(
            static_cast<int>(i),
            plainText(agents[i].hasSnapshot ? agents[i].info.host : agents[i].address));
}

QWidget* RulesPage::buildSide() {
    auto* side = new QWidget;
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    findingsPanel_ = new Section(context_.themes, tr("Check"));
    findings_ = new QListWidget;
    findings_->setFrameShape(QFrame::NoFrame);
    findings_->setAccessibleName(tr("Check"));
    findings_->setWordWrap(true);
    findings_->setMinimumHeight(70);
    findingsPanel_->body().addWidget(findings_);
    layout->addWidget(findingsPanel_, 2);
    connect(findings_, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        editor_->goTo(item->data(kLineRole).toInt(), item->data(kColumnRole).toInt());
        editor_->setFocus();
    });
    connect(findings_, &QListWidget::itemClicked, findings_, &QListWidget::itemActivated);

    changesPanel_ = new Section(context_.themes, tr("Difference to the rules in force"));
    changes_ = new ThemedLabel(context_.themes, TextTone::Mono, {}, ThemedLabel::Overflow::Wrap);
    changesPanel_->body().addWidget(changes_);
    textChanges_ = new ThemedLabel(context_.themes, TextTone::Dim);
    diff_ = new RuleDiffView(context_.themes);
    diff_->setObjectName(QStringLiteral("textDiff"));
    diff_->setMinimumHeight(130);
    changesPanel_->body().addWidget(textChanges_);
    changesPanel_->body().addWidget(diff_, 1);
    changesPanel_->body().addStretch(0);
    layout->addWidget(changesPanel_, 2);

    shadowPanel_ = new Section(context_.themes, tr("In shadow"));
    shadow_ = new ThemedLabel(context_.themes, TextTone::Normal, {}, ThemedLabel::Overflow::Wrap);
    shadow_->setObjectName(QStringLiteral("shadow"));
    shadowPanel_->body().addWidget(shadow_);
    layout->addWidget(shadowPanel_);

    auto* rollout = new Section(context_.themes, tr("On the hosts"));
    rollout_ = new AttentionList(context_.themes);
    rollout_->setAccessibleName(tr("On the hosts"));
    rollout_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    rollout_->setEmptyText(tr("No agent is connected."));
    rollout->body().addWidget(rollout_);
    layout->addWidget(rollout);
    connect(rollout_, &AttentionList::subjectActivated, this,
            [this] { context_.views.showPage(Page::Fleet); });
    auto* whenSeen = new WhenSeen(*this, [this] { showRollout(); });
    connect(&context_.store, &TopologyStore::changed, whenSeen, &WhenSeen::request);
    connect(&context_.connection, &ConnectionState::modeChanged, whenSeen, &WhenSeen::request);

    layout->addWidget(new OverridesPanel(context_));

    auto* history = new Section(context_.themes, tr("Revisions"));
    history->setFlush();
    restore_ = new QPushButton(tr("Open as edit"));
    rollBackButton_ = new QPushButton(tr("Roll back to it"));
    history->addTrailing(restore_);
    history->addTrailing(rollBackButton_);
    revisionTable_ = new DataTable(context_.themes, *revisions_,
                                   {{RevisionModel::Revision, 96},
                                    {RevisionModel::When, 84},
                                    {RevisionModel::Author, 120},
                                    {RevisionModel::Reason, -1}},
                                   DataTable::Sorting::AsModel);
    revisionTable_->setAccessibleName(tr("Revisions"));
    history->body().addWidget(revisionTable_);
    layout->addWidget(history, 3);
    connect(revisionTable_, &DataTable::rowChosen, this, &RulesPage::refresh);
    connect(restore_, &QPushButton::clicked, this, [this] {
        if (const QModelIndex index = revisionTable_->sourceIndex(); index.isValid())
            context_.document.restore(revisions_->row(index.row()).revision);
    });
    connect(rollBackButton_, &QPushButton::clicked, this, &RulesPage::rollBack);
    return side;
}

QLayout* RulesPage::buildFoot() {
    auto* rows = new QVBoxLayout;
    rows->setSpacing(6);
    leavesShadow_ =
        new ThemedLabel(context_.themes, TextTone::Strong, {}, ThemedLabel::Overflow::Wrap);
    leavesShadow_->setObjectName(QStringLiteral("leavesShadow"));
    rows->addWidget(leavesShadow_);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(kGap);
    rows->addLayout(foot);
    reason_ = new QLineEdit;
    reason_->setObjectName(QStringLiteral("reason"));
    reason_->setPlaceholderText(tr("Reason, kept with the revision"));
    reason_->setAccessibleName(tr("Reason"));
    reason_->setMaxLength(500);
    reason_->setMinimumWidth(320);
    reason_->setMinimumHeight(30);
    status_ = new ThemedLabel(context_.themes, TextTone::Dim);
    check_ = new QPushButton(tr("Check"));
    apply_ = new HoldButton(context_.themes, tr("Hold to apply"));
    apply_->setObjectName(QStringLiteral("apply"));
    check_->setToolTip(context_.actions[ActionId::CheckRules].toolTip());
    apply_->setToolTip(context_.actions[ActionId::ApplyRules].toolTip());
    check_->setMinimumSize(96, 30);
    apply_->setDefault(true);
    foot->addWidget(reason_, 2);
    foot->addWidget(status_, 3);
    foot->addWidget(check_);
    foot->addWidget(apply_);
    connect(reason_, &QLineEdit::textChanged, this, &RulesPage::refresh);
    return rows;
}

void RulesPage::bindDocument() {
    RuleDocument& document = context_.document;
    connect(editor_, &RuleEdit::textEdited, this,
            [this] { context_.document.setText(editor_->text()); });
    connect(&document, &RuleDocument::textReplaced, this,
            [this] { editor_->setText(context_.document.text()); });
    connect(&document, &RuleDocument::checked, this, &RulesPage::showCheck);
    connect(&document, &RuleDocument::changed, this, &RulesPage::refresh);
    connect(&document, &RuleDocument::revisionsChanged, this, &RulesPage::showRevisions);
    connect(&document, &RuleDocument::succeeded, this, [this](const QString& message) {
        reason_->clear();
        say(message, false);
    });
    connect(&document, &RuleDocument::failed, this,
            [this](const QString& message) { say(message, true); });
    editor_->setCompleter([this](int line, int column) {
        QStringList services;
        for (const FleetNode& node : context_.store.fleet().nodes)
            services << plainText(node.node.name, 200);
        std::vector<EditWord> words;
        for (const RuleWord& each : completeRule(editor_->text(), line, column, services))
            words.push_back({each.word, each.doc});
        return words;
    });
    editor_->setExplainer([this](int line) {
        QStringList parts{explainRule(editor_->text(), line)};
        const std::string name = shadowRuleAt(editor_->text(), line).toStdString();
        for (const ShadowResult& each : shadowResults(context_.store.fleet().guards))
            if (!name.empty() && each.rule == name)
                parts << shadowText(each);
        parts.removeAll(QString());
        return parts.join(QLatin1Char('\n'));
    });
    connect(&context_.views, &ViewActions::pageChanged, this, &RulesPage::showRollout);
    editor_->setText(document.text());
    showCheck();
    showRevisions();
}

void RulesPage::bindActions() {
    ActionRegistry& actions = context_.actions;
    const auto onPage = [this](ActionId id, auto act) {
        connect(&context_.actions[id], &QAction::triggered, this, [this, act] {
            if (context_.views.page() == Page::Rules)
                act();
        });
    };
    onPage(ActionId::CheckRules, [this] { context_.document.checkNow(); });
    // The key is held down like the button; while something stands against it, that is said.
    onPage(ActionId::ApplyRules, [this] {
        if (apply_->isEnabled())
            apply_->holdByKey();
        else
            apply();
    });
    connect(&actions[ActionId::DraftRule], &QAction::triggered, this, [this] {
        context_.views.showPage(Page::Rules);
        draft_->menu()->popup(draft_->mapToGlobal(QPoint(0, draft_->height())));
    });
    connect(&context_.views, &ViewActions::ruleAsked, this, &RulesPage::goToRule);
    // Undo works from every page: it shows this one first.
    connect(&actions[ActionId::RollBackRules], &QAction::triggered, this, [this] {
        context_.views.showPage(Page::Rules);
        askToRollBack(0, tr("undone from the dashboard"));
    });
    connect(check_, &QPushButton::clicked, this, [this] { context_.document.checkNow(); });
    connect(apply_, &HoldButton::held, this, &RulesPage::apply);
}

void RulesPage::fillDrafts() {
    fillDraftMenu(*draft_->menu(), context_, [this](const QString& document) {
        context_.document.restoreText(withDocument(context_.document.text(), document));
        editor_->goTo(static_cast<int>(context_.document.text().count(QLatin1Char('\n'))), 1);
        // The reason is proposed and selected: typing writes another, Ctrl+Enter takes it.
        if (reason_->text().trimmed().isEmpty())
            reason_->setText(draftReason(context_));
        reason_->setFocus();
        reason_->end(false);
        reason_->home(true);  // its beginning stays in sight
    });
}

void RulesPage::goToRule(const QString& name) {
    const QStringList lines = editor_->text().split(QLatin1Char('\n'));
    const QRegularExpression form(QStringLiteral("\\bname:\\s*[\"']?%1[\"']?\\s*(,|\\}|$)")
                                      .arg(QRegularExpression::escape(name)));
    for (int i = 0; i < lines.size(); ++i)
        if (form.match(lines[i]).hasMatch()) {
            editor_->goTo(i + 1, 1);
            editor_->setFocus();
            return;
        }
    say(tr("No rule in the editor is named %1.").arg(plainLine(name, 80)), true);
}

void RulesPage::showRollout() {
    if (context_.views.page() != Page::Rules)
        return;
    rollout_->setItems(buildRollout(context_.store, context_.connection.agents()));
    showShadow();
}

void RulesPage::showShadow() {
    const std::vector<ShadowResult> results = shadowResults(context_.store.fleet().guards);
    shadowPanel_->setVisible(!results.empty());
    shadow_->setText(shadowText(results));
    const QString leaving = leavingShadowText(leaving_, results);
    leavesShadow_->setVisible(!leaving.isEmpty());
    leavesShadow_->setText(glyphOf(VisualState::Degraded) + QLatin1Char(' ') + leaving);
}

void RulesPage::apply() {
    context_.document.apply(reason_->text());
}

void RulesPage::rollBack() {
    const QModelIndex index = revisionTable_->sourceIndex();
    if (!index.isValid())
        return;
    const std::int64_t revision = revisions_->row(index.row()).revision;
    const QString reason = reason_->text().trimmed();
    askToRollBack(revision, reason.isEmpty() ? tr("back to revision %1").arg(revision) : reason);
}

void RulesPage::askToRollBack(std::int64_t toRevision, const QString& reason) {
    if (context_.document.activeRevision() == 0) {
        say(tr("No rules were ever applied: there is nothing to undo."), true);
        return;
    }
    if (!context_.document.readOnlyReason().isEmpty()) {
        say(context_.document.readOnlyReason(), true);
        return;
    }
    if (question_)
        return;
    question_ = new RollbackQuestion(context_.document, toRevision, reason, this);
    connect(question_, &RollbackQuestion::tooLate, this, [this] {
        say(tr("Nothing was changed: another revision came into force meanwhile."), true);
    });
    question_->open();
}

void RulesPage::say(const QString& message, bool isError) {
    status_->setText((isError ? glyphOf(VisualState::Failing) : glyphOf(VisualState::Ok)) +
                     QLatin1Char(' ') + message);
}

void RulesPage::showCheck() {
    const Diagnostics& diagnostics = context_.document.diagnostics();
    editor_->setDiagnostics(diagnostics);
    findings_->clear();
    for (const Diagnostic& diagnostic : diagnostics) {
        auto* item = new QListWidgetItem(
            glyphOf(diagnostic.severity) + QLatin1Char(' ') + findingText(diagnostic), findings_);
        item->setData(kLineRole, diagnostic.place.line);
        item->setData(kColumnRole, diagnostic.place.column);
    }
    const QStringList& changes = context_.document.changes();
    QStringList lines;
    for (const QString& change : changes.mid(0, kMaxChanges))
        lines << change;
    if (changes.size() > kMaxChanges)
        lines << tr("and %n more", nullptr, static_cast<int>(changes.size()) - kMaxChanges);
    const RuleDocument& document = context_.document;
    leaving_ = document.isDirty() ? leavingShadow(document.activeText(), document.text())
                                  : std::vector<std::string>();
    showShadow();
    findings_->setVisible(!diagnostics.empty());
    findingsPanel_->setSizePolicy(QSizePolicy::Preferred, diagnostics.empty()
                                                              ? QSizePolicy::Maximum
                                                              : QSizePolicy::Preferred);
    const RuleDocument::CheckState check = context_.document.checkState();
    if (check == RuleDocument::CheckState::Failed)
        changes_->setText(tr("Not known while there are errors."));
    else if (check != RuleDocument::CheckState::Passed)
        changes_->setText(tr("Not known before the check."));
    else
        changes_->setText(lines.isEmpty() ? tr("No difference.") : lines.join(QLatin1Char('\n')));
}

/// Against what is in force now, also where that is another revision than the edit was made on.
void RulesPage::showDiff() {
    const RuleDocument& document = context_.document;
    const std::vector<RuleDiffLine> diff = ruleTextDiff(document.activeText(), document.text());
    textChanges_->setVisible(!diff.empty());
    textChanges_->setText(diffSummary(diff));
    diff_->setVisible(!diff.empty());
    diff_->setDiff(diff);
}

void RulesPage::showRevisions() {
    revisions_->setRevisions(context_.document.revisions());
}

void RulesPage::refresh() {
    using State = RuleDocument::State;
    using Check = RuleDocument::CheckState;
    const RuleDocument& document = context_.document;
    const AgentSession* session = document.session();
    const AgentSnapshot* snapshot = session ? session->snapshot() : nullptr;
    title_->setText(snapshot ? tr("Rules of %1").arg(plainText(snapshot->agent.host))
                             : tr("Rules"));
    const bool isEditable =
        document.state() != State::NoAgent && document.state() != State::Loading;
    const QString edited = document.isDirty() ? tr(" · edited") : QString();
    subtitle_->setText(isEditable
                           ? tr("revision %1 in force").arg(document.activeRevision()) + edited
                           : tr("waiting for the agent"));
    editor_->setReadOnly(!isEditable);
    conflict_->setVisible(document.state() == State::Conflict);
    conflict_->setText(document.conflictText());
    showDiff();

    revisionTable_->setEmptyText(isEditable
                                     ? tr("No rules were ever applied: the agent runs on defaults.")
                                     : tr("Waiting for the agent."));
    const auto errors = document.diagnostics().size();
    switch (document.checkState()) {
        case Check::Passed:
            findingsPanel_->setCaption(
                errors == 0 ? tr("Check: no problems")
                            : tr("Check: %n remark(s)", nullptr, static_cast<int>(errors)));
            break;
        case Check::Failed:
            findingsPanel_->setCaption(
                tr("Check: %n problem(s)", nullptr, static_cast<int>(errors)));
            break;
        case Check::Checking:
        case Check::Unchecked:
            findingsPanel_->setCaption(isEditable ? tr("Checking…") : tr("Check"));
            break;
        case Check::Unavailable:
            findingsPanel_->setCaption(tr("Not checked: the agent cannot be asked"));
            break;
    }
    const bool isReadOnly = !document.readOnlyReason().isEmpty();
    lock_->setVisible(isReadOnly);
    lock_->setText(document.readOnlyReason());
    const QString obstacle = document.whyNotApply(reason_->text());
    apply_->setEnabled(obstacle.isEmpty());
    check_->setEnabled(isEditable);
    if (document.isDirty() || document.state() == State::Conflict)
        status_->setText(obstacle.isEmpty() ? tr("Ready to apply: Ctrl+Enter.") : obstacle);
    const QModelIndex chosen = revisionTable_->sourceIndex();
    const bool canReturn = isEditable && chosen.isValid() && !revisions_->row(chosen.row()).active;
    restore_->setEnabled(canReturn);
    rollBackButton_->setEnabled(canReturn && !isReadOnly);
    reason_->setEnabled(!isReadOnly);
}

}  // namespace levee
