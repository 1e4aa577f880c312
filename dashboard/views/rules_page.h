// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QWidget>
#include <cstdint>
#include <string>
#include <vector>

#include "dashboard/views/view_context.h"

class QComboBox;
class QLineEdit;
class QListWidget;
class QPushButton;
class QToolButton;

namespace levee {

class AttentionList;
class Banner;
class DataTable;
class HoldButton;
class Section;
class RevisionModel;
class RollbackQuestion;
class RuleDiffView;
class RuleEdit;
class ThemedLabel;

/// The rule set of one agent: edit, check, see the difference, apply with a reason, roll back. GUI
/// thread only.
class RulesPage final : public QWidget {
    Q_OBJECT
public:
    explicit RulesPage(const ViewContext& context, QWidget* parent = nullptr);

private:
    QLayout* buildHead();
    QWidget* buildSide();
    QLayout* buildFoot();
    void bindDocument();
    void bindActions();
    void refreshAgents();
    void refresh();
    void showCheck();
    void showRevisions();
    void apply();
    void fillDrafts();
    void goToRule(const QString& name);
    void showRollout();
    void showShadow();
    void showDiff();
    void rollBack();
    /// Asks, naming what goes and what comes, then rolls back; to revision 0: the one before. What
    /// is undone is what was named: another revision that comes into force meanwhile calls it off.
    void askToRollBack(std::int64_t toRevision, const QString& reason);
    void say(const QString& message, bool isError);

    ViewContext context_;
    RevisionModel* revisions_;
    QComboBox* agents_ = nullptr;
    ThemedLabel* title_ = nullptr;
    ThemedLabel* subtitle_ = nullptr;
    Banner* lock_ = nullptr;
    Banner* conflict_ = nullptr;
    RuleEdit* editor_ = nullptr;
    Section* findingsPanel_ = nullptr;
    QListWidget* findings_ = nullptr;
    Section* changesPanel_ = nullptr;
    ThemedLabel* changes_ = nullptr;
    ThemedLabel* textChanges_ = nullptr;  ///< how many lines
    RuleDiffView* diff_ = nullptr;
    Section* shadowPanel_ = nullptr;
    ThemedLabel* shadow_ = nullptr;
    ThemedLabel* leavesShadow_ = nullptr;  ///< what applying the edit begins to enforce
    std::vector<std::string> leaving_;     ///< the rules of it
    DataTable* revisionTable_ = nullptr;
    QPushButton* restore_ = nullptr;
    QPushButton* rollBackButton_ = nullptr;
    QLineEdit* reason_ = nullptr;
    QPointer<RollbackQuestion> question_;
    QPushButton* check_ = nullptr;
    HoldButton* apply_ = nullptr;
    QToolButton* draft_ = nullptr;
    AttentionList* rollout_ = nullptr;
    ThemedLabel* status_ = nullptr;
};

}  // namespace levee
