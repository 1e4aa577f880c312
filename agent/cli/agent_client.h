// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/cli/agent_at.h"
#include "rules/promql/signal_reading.h"
#include "shared/base/diagnostic.h"
#include "shared/base/result.h"
#include "shared/model/audit.h"
#include "shared/model/automation_state.h"
#include "shared/model/snapshot.h"
#include "shared/model/trace.h"

namespace levee::cli {

/// An answer to an edit of the rules.
struct RuleAnswer {
    bool isApplied = false;
    bool isConflict = false;
    std::int64_t activeRevision = 0;
    Diagnostics diagnostics;
    std::vector<std::string> changes;
};

/// What shall be held by hand, for longer, or no longer.
struct OverrideOrder {
    std::string subject;
    OverrideKind kind = OverrideKind::ForceOpen;
    std::uint32_t limit = 0;
    double factor = 0;
    std::string className;
    std::int64_t ttlMillis = 0;  ///< 0: the agent's default
    std::string author;
    std::string reason;
    bool replace = false;
    bool evenProtected = false;
};

/// The value of an expression, or what is wrong with it.
struct QueryAnswer {
    Diagnostics diagnostics;
    std::int64_t millis = 0;
    promql::Value value;
};

/// One agent over gRPC. Every call has a deadline of five seconds and names the address when it
/// fails. Confined to one thread.
class AgentClient {
public:
    explicit AgentClient(const AgentAt& agent);
    ~AgentClient();

    Result<AgentSnapshot> snapshot();
    Result<std::vector<Event>> events(int limit, const std::string& subject);
    /// Traffic from one instant to another (0: now), in ms of the agent's clock, oldest first; by
    /// the second for the last two hours.
    Result<std::vector<SeriesPoint>> series(const std::string& subject, std::int64_t fromMillis,
                                            std::int64_t toMillis);
    /// The signals of the packs that the agent uses.
    Result<std::vector<promql::SignalReading>> readSignals();
    Result<QueryAnswer> query(const std::string& expression);
    /// Calls back with each new state until the callback returns false or the agent goes.
    Status watch(
        const std::function<bool(const AgentSnapshot&, const std::vector<Event>&)>& onNews);

    /// The traces that are kept for a service or an edge; "": all of them.
    Result<std::vector<TraceSummary>> traces(const std::string& subject);
    Result<Trace> trace(const std::string& id);

    /// Switches all enforcement; returns what the agent keeps about it.
    Result<std::string> switchEnforcement(bool isOn, const std::string& author,
                                          const std::string& reason);

    Result<RuleAnswer> check(const std::string& text, const std::string& file, bool merge);
    /// expectedRevision -1: on whatever is active.
    Result<RuleAnswer> apply(const std::string& text, const std::string& file, bool merge,
                             std::int64_t expectedRevision, const std::string& author,
                             const std::string& reason);
    Result<RuleAnswer> rollback(std::int64_t toRevision, const std::string& author,
                                const std::string& reason);
    Result<Override> setOverride(const OverrideOrder& order);
    Result<Override> extendOverride(const OverrideOrder& order);
    Result<Override> clearOverride(const OverrideOrder& order);
    Result<std::vector<Override>> overrides();
    Result<std::vector<AutomationState>> automations();
    /// Newest first, fewer than `limit` where they are long. beforeId 0: from the newest.
    Result<std::vector<AuditEntry>> audit(int limit, std::int64_t beforeId,
                                          const std::string& subject);

    /// onlyRevision: 0 all, -1 the active one.
    Result<std::vector<RuleRevision>> revisions(int limit, bool withText,
                                                std::int64_t onlyRevision);

private:
    struct Stubs;
    std::unique_ptr<Stubs> stubs_;
};

}  // namespace levee::cli
