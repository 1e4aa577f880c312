// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/agent_client_stubs.h"
#include "shared/wire/convert_automation.h"
#include "shared/wire/convert_guard.h"
#include "shared/wire/convert_rules.h"

namespace levee::cli {

Result<Override> AgentClient::setOverride(const OverrideOrder& order) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::SetOverrideRequest request;
    request.set_subject(order.subject);
    request.set_kind(order.kind == OverrideKind::ForceOpen     ? v1::OVERRIDE_KIND_FORCE_OPEN
                     : order.kind == OverrideKind::ForceClosed ? v1::OVERRIDE_KIND_FORCE_CLOSED
                     : order.kind == OverrideKind::Shed        ? v1::OVERRIDE_KIND_SHED
                                                               : v1::OVERRIDE_KIND_LIMIT);
    request.set_class_name(order.className);
    request.set_limit(order.limit);
    request.set_factor(order.factor);
    request.set_ttl_millis(order.ttlMillis);
    request.set_author(order.author);
    request.set_reason(order.reason);
    request.set_replace(order.replace);
    request.set_even_protected(order.evenProtected);
    v1::OverrideReply reply;
    const grpc::Status status = stubs_->overrides->Set(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return wire::fromWire(reply.override());
}

Result<Override> AgentClient::extendOverride(const OverrideOrder& order) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ExtendOverrideRequest request;
    request.set_subject(order.subject);
    request.set_ttl_millis(order.ttlMillis);
    request.set_author(order.author);
    request.set_reason(order.reason);
    v1::OverrideReply reply;
    const grpc::Status status = stubs_->overrides->Extend(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return wire::fromWire(reply.override());
}

Result<Override> AgentClient::clearOverride(const OverrideOrder& order) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ClearOverrideRequest request;
    request.set_subject(order.subject);
    request.set_author(order.author);
    request.set_reason(order.reason);
    v1::OverrideReply reply;
    const grpc::Status status = stubs_->overrides->Clear(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return wire::fromWire(reply.override());
}

Result<std::vector<Override>> AgentClient::overrides() {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ListOverridesReply reply;
    const grpc::Status status =
        stubs_->overrides->List(&context, v1::ListOverridesRequest(), &reply);
    if (!status.ok())
        return stubs_->error(status);
    std::vector<Override> overrides;
    for (const auto& each : reply.overrides())
        overrides.push_back(wire::fromWire(each));
    return overrides;
}

Result<std::vector<AutomationState>> AgentClient::automations() {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ListAutomationsReply reply;
    const grpc::Status status =
        stubs_->automations->List(&context, v1::ListAutomationsRequest(), &reply);
    if (!status.ok())
        return stubs_->error(status);
    std::vector<AutomationState> states;
    for (const auto& each : reply.automations())
        states.push_back(wire::fromWire(each));
    return states;
}

Result<std::vector<AuditEntry>> AgentClient::audit(int limit, std::int64_t beforeId,
                                                   const std::string& subject) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ListAuditRequest request;
    request.set_limit(limit);
    request.set_before_id(beforeId);
    request.set_subject(subject);
    v1::ListAuditReply reply;
    const grpc::Status status = stubs_->rules->ListAudit(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    std::vector<AuditEntry> entries;
    for (const auto& entry : reply.entries())
        entries.push_back(wire::fromWire(entry));
    return entries;
}

}  // namespace levee::cli
