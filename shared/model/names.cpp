// SPDX-License-Identifier: Apache-2.0
#include "shared/model/names.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace levee {
namespace {

/// The name at the enumerator's position; the arrays stand in the order of the declarations.
template <typename Enum, std::size_t N>
std::string_view at(const std::array<std::string_view, N>& names, Enum value) {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? names[index] : "invalid";
}

constexpr std::array<std::string_view, 11> kLimiterKinds{"off",
                                                         "fixed",
                                                         "adaptive",
                                                         "aimd",
                                                         "vegas",
                                                         "gradient2",
                                                         "envoy-gradient",
                                                         "codel",
                                                         "client-throttle",
                                                         "admission-control",
                                                         "sentinel-bbr"};

}  // namespace

std::string_view name(NodeKind kind) {
    static constexpr std::array<std::string_view, 6> kNames{"service", "database", "queue",
                                                            "cache",   "external", "user"};
    return at(kNames, kind);
}

std::string_view name(Health health) {
    static constexpr std::array<std::string_view, 5> kNames{"unknown", "idle", "ok", "degraded",
                                                            "failing"};
    return at(kNames, health);
}

std::string_view name(GuardMode mode) {
    static constexpr std::array<std::string_view, 3> kNames{"off", "shadow", "enforce"};
    return at(kNames, mode);
}

std::string_view name(BreakerState state) {
    static constexpr std::array<std::string_view, 7> kNames{
        "disabled", "closed", "open", "half-open", "ramp", "forced-open", "forced-closed"};
    return at(kNames, state);
}

std::string_view name(InstanceStatus status) {
    static constexpr std::array<std::string_view, 3> kNames{"in", "ejected", "ramp"};
    return at(kNames, status);
}

std::string_view name(OverrideKind kind) {
    static constexpr std::array<std::string_view, 4> kNames{"force-open", "force-closed", "limit",
                                                            "shed"};
    return at(kNames, kind);
}

std::string_view name(AuditAction action) {
    static constexpr std::array<std::string_view, 7> kNames{
        "apply",           "rollback",       "files",          "override-set",
        "override-extend", "override-clear", "override-expire"};
    return at(kNames, action);
}

std::string_view name(Enforcement enforcement) {
    static constexpr std::array<std::string_view, 5> kNames{"unknown", "sent", "accepted",
                                                            "enforcing", "refused"};
    return at(kNames, enforcement);
}

std::string_view name(EventKind kind) {
    static constexpr std::array<std::string_view, 10> kNames{
        "breaker", "limit", "rule",     "override", "target",
        "gateway", "agent", "topology", "ejection", "automation"};
    return at(kNames, kind);
}

std::string_view name(EventSeverity severity) {
    static constexpr std::array<std::string_view, 4> kNames{"info", "notice", "warning",
                                                            "critical"};
    return at(kNames, severity);
}

std::string_view name(Confidence confidence) {
    static constexpr std::array<std::string_view, 3> kNames{"low", "medium", "high"};
    return at(kNames, confidence);
}

std::string_view name(Outcome outcome) {
    static constexpr std::array<std::string_view, 9> kNames{
        "success",     "failure",     "timeout",   "shed-limit",   "shed-breaker",
        "shed-remote", "client-gone", "shed-rate", "shed-priority"};
    return at(kNames, outcome);
}

std::string_view name(SpanKind kind) {
    static constexpr std::array<std::string_view, 6> kNames{"unspecified", "internal", "server",
                                                            "client",      "producer", "consumer"};
    return at(kNames, kind);
}

std::string_view name(RetryOn on) {
    static constexpr std::array<std::string_view, 2> kNames{"connect", "failure"};
    return at(kNames, on);
}

std::string_view name(AgentLoss then) {
    static constexpr std::array<std::string_view, 4> kNames{"auto", "keep", "ceiling", "open"};
    return at(kNames, then);
}

std::string_view name(AutomationPhase phase) {
    static constexpr std::array<std::string_view, 4> kNames{"idle", "pending", "firing",
                                                            "cooldown"};
    return at(kNames, phase);
}

std::string_view name(ConditionState state) {
    static constexpr std::array<std::string_view, 5> kNames{"unknown", "false", "true", "absent",
                                                            "failed"};
    return at(kNames, state);
}

std::string_view name(LimiterKind kind) {
    return at(kLimiterKinds, kind);
}

std::optional<LimiterKind> limiterKindNamed(std::string_view text) {
    const auto it = std::find(kLimiterKinds.begin(), kLimiterKinds.end(), text);
    if (it == kLimiterKinds.end()) {
        return std::nullopt;
    }
    return static_cast<LimiterKind>(it - kLimiterKinds.begin());
}

}  // namespace levee
