// SPDX-License-Identifier: Apache-2.0
#include "agent/control/rule_book.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "rules/lang/answer_chains.h"
#include "rules/lang/diff.h"
#include "rules/lang/document.h"
#include "rules/lang/retry_chains.h"
#include "rules/lang/text_diff.h"
#include "shared/base/hash.h"

namespace levee {
namespace {

constexpr std::size_t kLargestFile =
    1024 * 1024;  // what parseRules takes; one byte more is read to see it

std::vector<std::string> filesOf(const std::vector<std::string>& globs) {
    std::vector<std::string> files;
    for (const std::string& pattern : globs) {
        glob_t found{};
        if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
            files.insert(files.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
        ::globfree(&found);
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

Result<std::string> readFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(kLargestFile + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.eof() && !file)
        return Error{"cannot be read", ErrorKind::Unavailable};
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

/// The rule files as one rule set and one text.
struct RuleFiles {
    ParsedRules parsed;
    std::string text;
    std::string hash;  ///< of names and contents
};

/// Takes out of a pack what the other files say themselves under the same name: theirs counts.
void giveWay(std::string& text, RuleSet& rules, const std::vector<ParsedRules>& others) {
    std::set<std::string> taken;
    for (const ParsedRules& file : others) {
        for (const Rule& rule : file.rules.rules)
            taken.insert(rule.name);
        for (const Automation& automation : file.rules.automations)
            taken.insert(automation.name);
    }
    for (const std::string& name : taken) {
        if (const Result<std::string> rest = removeDocument(text, name))
            text = *rest;
    }
    const auto isTaken = [&](const auto& each) { return taken.contains(each.name); };
    std::erase_if(rules.rules, isTaken);
    std::erase_if(rules.automations, isTaken);
}

RuleFiles readRuleFiles(const std::vector<std::string>& globs,
                        const std::vector<std::string>& packs) {
    RuleFiles files;
    std::vector<ParsedRules> parsed;
    Diagnostics unreadable;
    std::string hashed;
    const auto add = [&](const std::string& file, bool isPack) {
        Result<std::string> content = readFile(file);
        if (!content) {
            unreadable.push_back(
                {Severity::Error, "unreadable", content.error().message, {file, 0, 0, 0}});
            return;
        }
        hashed += file + '\0' + *content + '\0';
        ParsedRules read = parseRules(*content, file);
        if (isPack)
            giveWay(*content, read.rules, parsed);
        files.text +=
            (files.text.empty() ? "" : "---\n") + *content + (content->ends_with('\n') ? "" : "\n");
        parsed.push_back(std::move(read));
    };
    for (const std::string& file : filesOf(globs))
        add(file, false);
    for (const std::string& file : packs)
        add(file, true);
    files.hash = fmt::format("{:016x}", stableHash(hashed));
    files.parsed = joinRules(std::move(parsed));
    files.parsed.diagnostics.insert(files.parsed.diagnostics.end(), unreadable.begin(),
                                    unreadable.end());
    return files;
}

std::vector<std::string> changesOf(const RuleSet& before, const RuleSet& after) {
    std::vector<std::string> lines;
    for (const RuleChange& change : diffRules(before, after))
        lines.push_back(format(change));
    return lines;
}

/// For the audit: the difference of the texts, of a bounded length; the texts are kept whole beside
/// it.
std::string changeOf(const std::string& before, const std::string& after, std::int64_t revision) {
    constexpr std::size_t kLongest = 64 * 1024;
    std::string diff = unifiedDiff(before, after, fmt::format("revision {}", revision),
                                   fmt::format("revision {}", revision + 1));
    if (diff.size() > kLongest) {
        const std::size_t cut = diff.rfind('\n', kLongest);
        const std::size_t left = diff.size() - cut - 1;
        diff.resize(cut + 1);
        diff += fmt::format("... and {} bytes more\n", left);
    }
    return diff;
}

}  // namespace

RuleBook::RuleBook(RuleStore& store, const TimeSource& time, Announce announce)
    : store_(store),
      time_(time),
      announce_(std::move(announce)),
      active_(std::make_shared<const ActiveRules>()) {}

Diagnostics checkRuleFiles(const std::vector<std::string>& globs,
                           const std::vector<std::string>& packs) {
    return readRuleFiles(globs, packs).parsed.diagnostics;
}

Diagnostics RuleBook::load(const std::vector<std::string>& globs,
                           const std::vector<std::string>& packs) {
    const std::lock_guard lock(mutex_);
    RuleFiles files = readRuleFiles(globs, packs);
    Diagnostics& found = files.parsed.diagnostics;
    const Result<RuleRevision> stored = store_.active();
    if (!stored) {
        found.push_back({Severity::Error, "store", stored.error().message, {}});
        return found;
    }
    activeText_ = stored->text;
    files_.clear();
    for (const Rule& rule : files.parsed.rules.rules)
        files_.emplace(rule.name, rule.place.file);
    for (const Automation& automation : files.parsed.rules.automations)
        files_.emplace(automation.name, automation.place.file);
    const bool isUnchanged = stored->revision > 0 && store_.fileHash() == files.hash;
    if (hasErrors(found) || isUnchanged) {
        // What was in force before goes on: the files say nothing new, or nothing usable.
        if (active_->revision != stored->revision)
            use(*stored, parseRules(stored->text, "rules").rules);
        return found;
    }
    Draft draft{files.text, std::move(files.parsed.rules), {}, {}, true};
    const auto committed =
        commit(std::move(draft), stored->revision, AuditAction::Files, "files", "rule files read");
    if (committed)
        (void)store_.setFileHash(files.hash);
    else
        found.push_back({Severity::Error, "store", committed.error().message, {}});
    return found;
}

void RuleBook::use(const RuleRevision& revision, RuleSet rules) {
    activeText_ = revision.text;
    active_ = std::make_shared<const ActiveRules>(
        ActiveRules{revision.revision, std::move(rules), files_});
    announce_(active_, revision);
}

namespace {

/// Those that an edit brings; the ones of before are no news.
void addChains(const RuleSet& before, const RuleSet& after, Diagnostics& diagnostics) {
    const auto chains = [](const RuleSet& rules) {
        Diagnostics all = retryChains(rules);
        for (Diagnostic& chain : answerChains(rules))
            all.push_back(std::move(chain));
        return all;
    };
    const Diagnostics known = chains(before);
    for (Diagnostic& chain : chains(after)) {
        const bool isNew = std::none_of(known.begin(), known.end(), [&](const Diagnostic& each) {
            return each.message == chain.message;
        });
        if (isNew)
            diagnostics.push_back(std::move(chain));
    }
}

}  // namespace

RuleBook::Draft RuleBook::draft(const std::string& text, const std::string& fileName,
                                RuleEdit edit) const {
    Draft draft;
    draft.check.activeRevision = active_->revision;
    ParsedRules alone = parseRules(text, fileName);
    draft.check.diagnostics = std::move(alone.diagnostics);
    if (hasErrors(draft.check.diagnostics))
        return draft;
    draft.text = text;
    draft.edited = alone.rules;
    draft.rules = std::move(alone.rules);
    if (edit == RuleEdit::Merge) {
        Result<std::string> merged = mergeDocuments(activeText_, text);
        if (!merged) {
            draft.check.diagnostics.push_back(
                {Severity::Error, "merge", merged.error().message, {fileName, 0, 0, 0}});
            return draft;
        }
        draft.text = *std::move(merged);
        ParsedRules whole = parseRules(draft.text, "rules");
        draft.rules = std::move(whole.rules);
        for (Diagnostic& diagnostic : whole.diagnostics) {
            if (diagnostic.severity == Severity::Error)
                draft.check.diagnostics.push_back(std::move(diagnostic));
        }
    }
    draft.isUsable = !hasErrors(draft.check.diagnostics);
    if (draft.isUsable) {
        draft.check.changes = changesOf(active_->rules, draft.rules);
        addChains(active_->rules, draft.rules, draft.check.diagnostics);
    }
    return draft;
}

RuleCheck RuleBook::check(const std::string& text, const std::string& fileName, RuleEdit edit) {
    Draft made;
    {
        const std::lock_guard lock(mutex_);
        made = draft(text, fileName, edit);
    }
    if (made.isUsable)
        addLive(made.edited, made.check.diagnostics);
    return std::move(made.check);
}

/// Without the lock: it may read the history.
void RuleBook::addLive(const RuleSet& edited, Diagnostics& diagnostics) const {
    if (!liveCheck_)
        return;
    for (Diagnostic& found : liveCheck_(edited))
        diagnostics.push_back(std::move(found));
}

Result<RuleEditResult> RuleBook::apply(const std::string& text, const std::string& fileName,
                                       RuleEdit edit, std::int64_t expectedRevision,
                                       const std::string& author, const std::string& reason) {
    if (reason.empty())
        return Error{"a reason is required: say why the rules change", ErrorKind::Invalid};
    RuleSet edited;
    Result<RuleEditResult> result = RuleEditResult{};
    {
        const std::lock_guard lock(mutex_);
        Draft next = draft(text, fileName, edit);
        if (!next.isUsable)
            return RuleEditResult{false, false, std::move(next.check)};
        edited = std::move(next.edited);
        const std::int64_t made =
            expectedRevision == kActiveRevision ? active_->revision : expectedRevision;
        result = commit(std::move(next), made, AuditAction::Apply, author, reason);
    }
    // In force first; what there is to say about it afterwards.
    if (result && result->isApplied)
        addLive(edited, result->check.diagnostics);
    return result;
}

Result<RuleEditResult> RuleBook::rollback(std::int64_t toRevision, std::int64_t expectedRevision,
                                          const std::string& author, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    const std::int64_t target = toRevision > 0 ? toRevision : active_->revision - 1;
    const auto found = target > 0 ? store_.list(1, true, target)
                                  : Result<std::vector<RuleRevision>>(std::vector<RuleRevision>{});
    if (!found)
        return found.error();
    if (found->empty())
        return Error{fmt::format("there is no revision {} to go back to", target),
                     ErrorKind::NotFound};
    Draft old = draft(found->front().text, fmt::format("revision {}", target), RuleEdit::Replace);
    if (!old.isUsable)
        return RuleEditResult{false, false, std::move(old.check)};
    const std::string why =
        fmt::format("rollback to revision {}{}{}", target, reason.empty() ? "" : ": ", reason);
    return commit(std::move(old), expectedRevision > 0 ? expectedRevision : active_->revision,
                  AuditAction::Rollback, author, why);
}

Result<RuleEditResult> RuleBook::commit(Draft draft, std::int64_t expectedRevision,
                                        AuditAction action, const std::string& author,
                                        const std::string& reason) {
    RuleRevision next;
    next.millis = toUnixMillis(time_.wall());
    next.author = author.empty() ? "unknown" : author;
    next.reason = reason;
    next.text = draft.text;
    const Result<RuleRevision> stored = store_.append(
        expectedRevision, next, action, changeOf(activeText_, next.text, expectedRevision));
    if (!stored && stored.error().kind == ErrorKind::Conflict) {
        draft.check.diagnostics.push_back(
            {Severity::Error, "conflict", stored.error().message, {}});
        return RuleEditResult{false, true, std::move(draft.check)};
    }
    if (!stored)
        return stored.error();
    draft.check.activeRevision = stored->revision;
    use(*stored, std::move(draft.rules));
    return RuleEditResult{true, false, std::move(draft.check)};
}

std::shared_ptr<const ActiveRules> RuleBook::active() const {
    const std::lock_guard lock(mutex_);
    return active_;
}

}  // namespace levee
