// SPDX-License-Identifier: Apache-2.0
// Inside agent/enforce: one listener's sections of the configuration. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "agent/config/agent_config.h"
#include "agent/enforce/config_lines.h"
#include "agent/enforce/gateway_paths.h"
#include "agent/enforce/listener_limits.h"
#include "agent/enforce/listener_rule.h"

namespace levee {

/// What the sections of one listener are made of.
struct ListenerText {
    const GatewayPaths& paths;
    const ListenerConfig& listener;
    const ListenerRule& rule;
    std::size_t index;             ///< in the configuration
    std::string hash;              ///< of the configuration
    const ListenerLimits* limits;  ///< to start with; null: leave them out

    std::string name() const { return proxyName(listener); }
    bool isInbound() const { return listener.direction == Direction::Inbound; }
    bool hasRate() const { return rule.rate.perSecond > 0; }
    /// Whether a reload hands on what a rate has counted. That costs each request as much as a
    /// third of all its checks, and short windows are soon full again: at worst a key gets its
    /// quota once more.
    bool keepsCounts() const {
        return hasRate() && !isAttached() && rule.rate.window > std::chrono::seconds(10);
    }
    bool hasClasses() const { return isInbound() && !rule.priority.classes.empty(); }
    bool hasDeadlines() const { return !rule.deadline.header.empty(); }
    /// Whether the time for an answer is another one than the backend's own.
    bool hasAnswerTime() const { return hasDeadlines() || rule.deadline.answer > Duration::zero(); }
    bool keepsAnswers() const {
        return !isInbound() && !isAttached() && listener.protocol != Protocol::Grpc &&
               rule.fallback.staleFor > Duration::zero();
    }
    bool retriesFailures() const {
        return !isInbound() && rule.retries.most > 0 && rule.retries.on == RetryOn::Failure;
    }
    /// What the gateway does by itself; never Auto.
    AgentLoss onAgentLoss() const;
    bool isAttached() const { return !listener.backend.empty(); }
    /// Whether anything depends on the agent's sign of life.
    bool asksForLife() const { return onAgentLoss() != AgentLoss::Keep; }
    /// Whether a second backend takes the place of the first one then.
    bool hasLoneBackend() const { return asksForLife() && !isAttached(); }
};

/// The backend that holds the listener's stick table; none without a rate.
void writeRateTable(const ListenerText& text, ConfigLines& out);
void writeFrontend(const ListenerText& text, ConfigLines& out);
/// The lines that a backend of somebody else's configuration needs.
void writeAttachedBackend(const ListenerText& text, ConfigLines& out);
/// Marks an answer that a limit further down refused.
void writeRefusedBelow(const ListenerText& text, ConfigLines& out);
/// The lines that each frontend in front of such backends needs.
void writeAttachedLog(ConfigLines& out);
/// The backend, and the one for the time without an agent where the rule asks for one.
void writeBackends(const ListenerText& text, ConfigLines& out);

/// "in.payment.alone": the backend for the time without an agent.
std::string loneBackendName(const ListenerConfig& listener);
/// "stale.out.checkout.payment": the cache of the last answers, and the backend that serves them.
std::string staleName(const ListenerConfig& listener);
/// The cache that nothing is ever kept in: asking it makes HAProxy compute a request's key without
/// answering from anywhere, which storing the answer later needs.
inline constexpr const char* kEmptyCache = "levee.empty";
/// The cache of a listener that keeps answers.
void writeCache(const ListenerText& text, ConfigLines& out);
/// "rate.in.payment": the stick table.
std::string rateTableName(const ListenerConfig& listener);
/// 8 hex digits.
std::string shortHash(std::string_view text);

}  // namespace levee
