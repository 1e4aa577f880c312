// SPDX-License-Identifier: Apache-2.0
// The rules in force, and the only way to change them: checked, compared with the revision the edit
// was made on, stored, announced. Files on disk are the base; an edit through the API lasts until
// they change.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/store/rule_store.h"
#include "rules/lang/rule_parser.h"
#include "shared/base/diagnostic.h"
#include "shared/base/time.h"

namespace levee {

/// How an edit meets the rules in force.
enum class RuleEdit { Replace, Merge };

struct RuleCheck {
    Diagnostics diagnostics;
    std::vector<std::string> changes;  ///< semantic difference to the rules in force, a line each
    std::int64_t activeRevision = 0;
};

struct RuleEditResult {
    bool isApplied = false;
    bool isConflict = false;
    RuleCheck check;  ///< activeRevision is the one after the call
};

/// A rule set in force and its number. Immutable.
struct ActiveRules {
    std::int64_t revision = 0;
    RuleSet rules;
    /// Which rule files of this host name a rule, whatever is in force: the base that an edit or an
    /// override stands above.
    std::map<std::string, std::string> files = {};

    std::string fileOf(const std::string& rule) const {
        const auto found = files.find(rule);
        return found != files.end() ? found->second : std::string();
    }
};

/// What reading these rule files would say, without using them.
Diagnostics checkRuleFiles(const std::vector<std::string>& globs,
                           const std::vector<std::string>& packs = {});

/// Thread-safe; calls wait for the disk, so not for the control thread.
class RuleBook {
public:
    using Announce = std::function<void(std::shared_ptr<const ActiveRules>, const RuleRevision&)>;

    /// `announce` is called with each new rule set, inside the lock that orders them.
    RuleBook(RuleStore& store, const TimeSource& time, Announce announce);

    /// Reads the files; where their content differs from what was last read they become a new
    /// revision, otherwise the stored active revision stands (an edit survives a restart). With
    /// errors in the files nothing changes and the diagnostics say why.
    Diagnostics load(const std::vector<std::string>& globs,
                     const std::vector<std::string>& packs = {});

    /// What the live traffic says against rules that are right; asked for the rules of an edit, by
    /// check() and after apply(). Set it before the first call of these.
    using LiveCheck = std::function<Diagnostics(const RuleSet& edited)>;
    void setLiveCheck(LiveCheck check) { liveCheck_ = std::move(check); }

    RuleCheck check(const std::string& text, const std::string& fileName, RuleEdit edit);
    /// expectedRevision kActiveRevision: whatever is active.
    static constexpr std::int64_t kActiveRevision = -1;
    Result<RuleEditResult> apply(const std::string& text, const std::string& fileName,
                                 RuleEdit edit, std::int64_t expectedRevision,
                                 const std::string& author, const std::string& reason);
    /// toRevision 0: the one before the active one. expectedRevision 0: whatever is active.
    Result<RuleEditResult> rollback(std::int64_t toRevision, std::int64_t expectedRevision,
                                    const std::string& author, const std::string& reason);

    std::shared_ptr<const ActiveRules> active() const;

private:
    struct Draft {
        std::string text;
        RuleSet rules;
        RuleSet edited;  ///< what the edit itself says, with its places
        RuleCheck check;
        bool isUsable = false;
    };
    void addLive(const RuleSet& edited, Diagnostics& diagnostics) const;
    void use(const RuleRevision& revision, RuleSet rules);
    Draft draft(const std::string& text, const std::string& fileName, RuleEdit edit) const;
    Result<RuleEditResult> commit(Draft draft, std::int64_t expectedRevision, AuditAction action,
                                  const std::string& author, const std::string& reason);

    RuleStore& store_;
    const TimeSource& time_;
    const Announce announce_;
    LiveCheck liveCheck_;
    mutable std::mutex mutex_;
    std::shared_ptr<const ActiveRules> active_;
    std::string activeText_;
    std::map<std::string, std::string> files_;  ///< by rule
};

}  // namespace levee
