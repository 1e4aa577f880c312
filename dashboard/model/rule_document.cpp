// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/rule_document.h"

#include "dashboard/model/cell_values.h"
#include "rules/lang/rule_parser.h"

namespace levee {
namespace {

constexpr auto kCheckDelay = std::chrono::milliseconds(250);
constexpr const char* kFileName = "rules.yaml";

}  // namespace

RuleDocument::RuleDocument(std::string author, QObject* parent)
    : QObject(parent), author_(std::move(author)) {
    checkTimer_.setSingleShot(true);
    checkTimer_.setInterval(kCheckDelay);
    connect(&checkTimer_, &QTimer::timeout, this, &RuleDocument::checkNow);
}

void RuleDocument::setSession(AgentSession* session) {
    if (session_)
        session_->disconnect(this);
    session_ = session;
    isLoaded_ = false;
    isApplying_ = false;
    seenRevision_ = -1;
    baseRevision_ = activeRevision_ = 0;
    baseText_.clear();
    activeText_.clear();
    activeRules_.reset();
    revisions_.clear();
    replaceText({});
    emit revisionsChanged();
    updateState();
    if (!session)
        return;
    connect(session, &AgentSession::stateChanged, this, &RuleDocument::onSessionState);
    connect(session, &AgentSession::snapshotChanged, this, &RuleDocument::onSnapshot);
    onSnapshot();
    onSessionState();
}

void RuleDocument::onSessionState() {
    if (session_ && session_->isReady() && !isLoaded_)
        load();
    else
        updateState();
}

void RuleDocument::onSnapshot() {
    const AgentSnapshot* snapshot = session_ ? session_->snapshot() : nullptr;
    if (!snapshot || snapshot->agent.rulesRevision == seenRevision_)
        return;
    seenRevision_ = snapshot->agent.rulesRevision;
    if (session_->isReady() && (!isLoaded_ || seenRevision_ != activeRevision_))
        load();
}

void RuleDocument::load() {
    const auto onReply = [this](const Result<std::vector<RuleRevision>>& result) {
        if (!result) {
            emit failed(
                tr("The rules in force cannot be read: %1").arg(toText(result.error().message)));
            return;
        }
        // An agent without any rules has no active revision: the rule set is empty.
        onLoaded(result->empty() ? RuleRevision{} : result->front());
    };
    session_->listRevisions({1, true, -1}, this, onReply);
    loadRevisions();
    updateState();
}

void RuleDocument::loadRevisions() {
    session_->listRevisions({50, true, 0}, this,
                            [this](const Result<std::vector<RuleRevision>>& result) {
                                if (!result)
                                    return;
                                revisions_ = *result;
                                emit revisionsChanged();
                            });
}

void RuleDocument::onLoaded(const RuleRevision& active) {
    const bool wasDirty = isLoaded_ && isDirty();
    activeRevision_ = active.revision;
    activeText_ = toText(active.text);
    ParsedRules parsed = parseRules(active.text, kFileName);
    activeRules_ = hasErrors(parsed.diagnostics)
                       ? nullptr
                       : std::make_shared<const RuleSet>(std::move(parsed.rules));
    isLoaded_ = true;
    if (wasDirty && activeRevision_ != baseRevision_ && activeText_ != text_) {
        conflictText_ = tr("Revision %1 by %2 is in force now: %3")
                            .arg(active.revision)
                            .arg(toText(active.author), toText(active.reason));
        checkTimer_.start();
    } else if (!wasDirty || activeText_ == text_) {
        baseRevision_ = activeRevision_;
        baseText_ = activeText_;
        conflictText_.clear();
        if (text_ != activeText_)
            replaceText(activeText_);
        checkNow();
    }
    updateState();
}

std::optional<GuardSettings> RuleDocument::settingsOf(const std::string& host,
                                                      const GuardState& guard) const {
    const AgentSnapshot* snapshot = session_ ? session_->snapshot() : nullptr;
    if (!snapshot || snapshot->agent.host != host || !activeRules_ || !isLoaded_ ||
        guard.revision != activeRevision_)
        return std::nullopt;
    const Rule* rule = activeRules_->find(guard.rule);
    return rule != nullptr ? rule->settings : GuardSettings{};
}

void RuleDocument::replaceText(const QString& text) {
    text_ = text;
    diagnostics_.clear();
    changes_.clear();
    checkState_ = CheckState::Unchecked;
    ++checkNumber_;
    emit textReplaced();
    emit checked();
}

void RuleDocument::setText(const QString& text) {
    if (text == text_)
        return;
    text_ = text;
    checkState_ = CheckState::Unchecked;
    ++checkNumber_;
    checkTimer_.start();
    updateState();
}

void RuleDocument::checkNow() {
    checkTimer_.stop();
    if (!session_)
        return;
    checkState_ = CheckState::Checking;
    const std::uint64_t number = ++checkNumber_;
    session_->checkRules({text_.toStdString(), kFileName, RuleEditKind::Replace}, this,
                         [this, number](const Result<RuleCheckResult>& result) {
                             if (number == checkNumber_)
                                 onChecked(result);
                         });
    emit changed();
}

void RuleDocument::onChecked(const Result<RuleCheckResult>& result) {
    if (!result) {
        checkState_ = CheckState::Unavailable;
        emit changed();
        return;
    }
    diagnostics_ = result->diagnostics;
    changes_.clear();
    for (const std::string& change : result->changes)
        changes_ << toText(change);
    checkState_ = hasErrors(diagnostics_) ? CheckState::Failed : CheckState::Passed;
    emit checked();
    emit changed();
}

void RuleDocument::setReadOnly(const QString& reason) {
    readOnlyReason_ = reason;
    emit changed();
}

QString RuleDocument::whyNotApply(const QString& reason) const {
    if (!readOnlyReason_.isEmpty())
        return readOnlyReason_;
    if (!session_ || !session_->isReady())
        return tr("Not connected to the agent.");
    if (isApplying_)
        return tr("Applying…");
    if (state_ == State::Conflict)
        return tr("Another revision came into force: keep yours or take theirs first.");
    if (!isDirty())
        return tr("Nothing is changed.");
    if (checkState_ == CheckState::Failed)
        return tr("The rules have errors.");
    if (checkState_ == CheckState::Unavailable)
        return tr("Not checked: the agent could not be asked. Check again first.");
    if (checkState_ != CheckState::Passed)
        return tr("The agent is checking the rules.");
    if (reason.trimmed().isEmpty())
        return tr("Say why: the reason is kept with the revision.");
    return {};
}

void RuleDocument::apply(const QString& reason) {
    if (const QString why = whyNotApply(reason); !why.isEmpty()) {
        emit failed(why);
        return;
    }
    isApplying_ = true;
    RuleApplyRequest request;
    request.text = sentText_ = text_.toStdString();
    request.fileName = kFileName;
    request.expectedRevision = baseRevision_;
    request.author = author_;
    request.reason = reason.trimmed().toStdString();
    session_->applyRules(request, this, [this](const Result<RuleApplyResult>& result) {
        if (result.isOk() && result->applied) {
            baseRevision_ = result->activeRevision;
            baseText_ = QString::fromStdString(sentText_);
        }
        onApplied(result, tr("Revision %1 is in force."));
    });
    updateState();
}

void RuleDocument::rollback(std::int64_t toRevision, const QString& reason) {
    if (!session_ || isApplying_)
        return;
    if (!readOnlyReason_.isEmpty()) {
        emit failed(readOnlyReason_);
        return;
    }
    isApplying_ = true;
    // Compare-and-set here as well: what is undone is what the person saw.
    session_->rollbackRules({toRevision, activeRevision_, author_, reason.trimmed().toStdString()},
                            this, [this](const Result<RuleApplyResult>& result) {
                                onApplied(result, tr("Rolled back; revision %1 is in force."));
                            });
    updateState();
}

void RuleDocument::onApplied(const Result<RuleApplyResult>& result, const QString& what) {
    isApplying_ = false;
    if (!result) {
        emit failed(toText(result.error().message));
        updateState();
        return;
    }
    if (result->applied) {
        activeRevision_ = result->activeRevision;
        conflictText_.clear();
        emit succeeded(what.arg(result->activeRevision));
    } else if (result->conflict) {
        emit failed(tr("Nothing was changed: revision %1 came into force meanwhile.")
                        .arg(result->activeRevision));
    } else {
        diagnostics_ = result->diagnostics;
        checkState_ = CheckState::Failed;
        emit checked();
        emit failed(tr("Nothing was changed: the rules have errors."));
    }
    // Brings the text that is in force now. After a rollback, an edit stands against it.
    load();
    updateState();
}

void RuleDocument::takeTheirs() {
    baseRevision_ = activeRevision_;
    baseText_ = activeText_;
    conflictText_.clear();
    replaceText(activeText_);
    checkNow();
    updateState();
}

void RuleDocument::keepMine() {
    baseRevision_ = activeRevision_;
    baseText_ = activeText_;
    conflictText_.clear();
    checkNow();
    updateState();
}

void RuleDocument::restore(std::int64_t revision) {
    for (const RuleRevision& known : revisions_) {
        if (known.revision != revision)
            continue;
        restoreText(toText(known.text));
        return;
    }
}

void RuleDocument::restoreText(const QString& text) {
    replaceText(text);
    checkNow();
    updateState();
}

void RuleDocument::updateState() {
    if (!session_)
        state_ = State::NoAgent;
    else if (isApplying_)
        state_ = State::Applying;
    else if (!isLoaded_)
        state_ = session_->isReady() ? State::Loading : State::NoAgent;
    else if (!isDirty())
        state_ = State::Clean;
    else
        state_ = baseRevision_ == activeRevision_ ? State::Dirty : State::Conflict;
    emit changed();
}

}  // namespace levee
