// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dashboard/client/agent_session.h"
#include "shared/base/diagnostic.h"
#include "shared/model/guard_settings.h"

namespace levee {

struct RuleSet;

/// The rule set of one agent under edit: the text, the revision it was made on, what the agent
/// thinks of it, and whether somebody else was faster.
///
/// An edit is checked by the agent a moment after the last key press. Applying is a compare-and-set
/// on the base revision, so nobody's work is overwritten unseen: when another revision comes into
/// force under an edit, the document is in conflict until the person either takes theirs
/// (takeTheirs) or, having seen the difference to it, keeps the edit (keepMine). GUI thread only.
class RuleDocument final : public QObject {
    Q_OBJECT
public:
    enum class State {
        NoAgent,   ///< no session, or nothing was ever fetched
        Loading,   ///< the rules in force are on their way
        Clean,     ///< the text is what is in force
        Dirty,     ///< edited
        Conflict,  ///< edited, and another revision is in force than the edit was made on
        Applying,
    };
    enum class CheckState { Unchecked, Checking, Passed, Failed, Unavailable };

    /// `author` is written into the revisions.
    explicit RuleDocument(std::string author, QObject* parent = nullptr);

    /// The agent whose rules are edited. REQUIRES: outlives the document, or is destroyed after
    /// setSession(nullptr).
    void setSession(AgentSession* session);
    AgentSession* session() const { return session_; }
    const std::string& author() const { return author_; }

    /// With a reason nothing is applied or rolled back, and the reason is said; "" allows it again.
    void setReadOnly(const QString& reason);
    const QString& readOnlyReason() const { return readOnlyReason_; }

    State state() const { return state_; }
    CheckState checkState() const { return checkState_; }
    const QString& text() const { return text_; }
    bool isDirty() const { return text_ != baseText_; }
    /// The rules in force, as the agent has told them last.
    const QString& activeText() const { return activeText_; }
    /// What the rules in force set for this guard, where it stands on the document's agent and has
    /// taken them; nothing: not known.
    std::optional<GuardSettings> settingsOf(const std::string& host, const GuardState& guard) const;
    std::int64_t baseRevision() const { return baseRevision_; }
    std::int64_t activeRevision() const { return activeRevision_; }
    /// Who put the revision in force that the edit collides with: "17 by ana: ledger slow".
    const QString& conflictText() const { return conflictText_; }
    const Diagnostics& diagnostics() const { return diagnostics_; }
    /// Difference to the rules in force, as the agent tells it, a line each.
    const QStringList& changes() const { return changes_; }
    const std::vector<RuleRevision>& revisions() const { return revisions_; }
    /// What stands against applying now, as a sentence; "" when nothing does. Only a text that the
    /// agent has checked as it stands can be applied.
    QString whyNotApply(const QString& reason) const;

    void setText(const QString& text);  ///< by the person
    void checkNow();
    void apply(const QString& reason);
    void rollback(std::int64_t toRevision, const QString& reason);
    void takeTheirs();  ///< the edit is given up for what is in force
    void keepMine();    ///< the edit is from now on one of what is in force
    /// Puts the text of an older revision into the editor, as an edit.
    void restore(std::int64_t revision);
    /// Puts a text into the editor, as an edit: a draft out of a template.
    void restoreText(const QString& text);

signals:
    void changed();       ///< any state but the text
    void textReplaced();  ///< not by the person: load, take theirs, restore
    void checked();
    void revisionsChanged();
    void succeeded(const QString& message);
    void failed(const QString& message);

private:
    void onSessionState();
    void onSnapshot();
    void load();
    void loadRevisions();
    void onLoaded(const RuleRevision& active);
    void onChecked(const Result<RuleCheckResult>& result);
    void onApplied(const Result<RuleApplyResult>& result, const QString& what);
    void replaceText(const QString& text);
    void updateState();

    const std::string author_;
    QPointer<AgentSession> session_;
    State state_ = State::NoAgent;
    CheckState checkState_ = CheckState::Unchecked;
    QString text_;
    QString baseText_;
    QString activeText_;
    std::shared_ptr<const RuleSet> activeRules_;  ///< null: not known, or not right
    QString conflictText_;
    QString readOnlyReason_;
    std::int64_t baseRevision_ = 0;
    std::int64_t activeRevision_ = 0;
    std::int64_t seenRevision_ = -1;  ///< newest that a snapshot told of
    std::string sentText_;            ///< of the apply under way; typing may go on meanwhile
    bool isLoaded_ = false;
    bool isApplying_ = false;
    Diagnostics diagnostics_;
    QStringList changes_;
    std::vector<RuleRevision> revisions_;
    QTimer checkTimer_;
    std::uint64_t checkNumber_ = 0;  ///< drops the answers to older texts
};

}  // namespace levee
