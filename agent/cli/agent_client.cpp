// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/agent_client.h"

#include "agent/cli/agent_client_stubs.h"
#include "shared/model/snapshot_delta.h"
#include "shared/wire/agent_channel.h"
#include "shared/wire/convert_agent.h"
#include "shared/wire/convert_guard.h"
#include "shared/wire/convert_history.h"
#include "shared/wire/convert_rules.h"
#include "shared/wire/convert_signals.h"
#include "shared/wire/convert_traces.h"
#include "shared/wire/version.h"

namespace levee::cli {
namespace {

template <typename Reply>
RuleAnswer ruleAnswer(const Reply& reply) {
    RuleAnswer answer;
    answer.activeRevision = reply.active_revision();
    for (const auto& diagnostic : reply.diagnostics())
        answer.diagnostics.push_back(wire::fromWire(diagnostic));
    answer.changes.assign(reply.changes().begin(), reply.changes().end());
    return answer;
}

RuleAnswer applyAnswer(const v1::ApplyRulesReply& reply) {
    RuleAnswer answer = ruleAnswer(reply);
    answer.isApplied = reply.applied();
    answer.isConflict = reply.conflict();
    return answer;
}

v1::EditKind editKind(bool merge) {
    return merge ? v1::EDIT_KIND_MERGE : v1::EDIT_KIND_REPLACE;
}

}  // namespace

AgentClient::AgentClient(const AgentAt& agent) : stubs_(std::make_unique<Stubs>()) {
    stubs_->at = agent;
    const auto opened = wire::openAgentChannel(agent.address, agent.access, {});
    stubs_->unusable = opened ? "" : opened.error().message;
    const auto channel = opened ? *opened : grpc::CreateChannel("", nullptr);
    stubs_->agent = v1::Agent::NewStub(channel);
    stubs_->rules = v1::Rules::NewStub(channel);
    stubs_->overrides = v1::Overrides::NewStub(channel);
    stubs_->history = v1::History::NewStub(channel);
    stubs_->signals = v1::Signals::NewStub(channel);
    stubs_->traces = v1::Traces::NewStub(channel);
    stubs_->enforcement = v1::EnforcementSwitch::NewStub(channel);
    stubs_->automations = v1::Automations::NewStub(channel);
}

AgentClient::~AgentClient() = default;

Result<AgentSnapshot> AgentClient::snapshot() {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::HelloRequest request;
    request.set_protocol(wire::kProtocol);
    v1::Snapshot reply;
    const grpc::Status status = stubs_->agent->GetSnapshot(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return wire::fromWire(reply);
}

Result<std::vector<Event>> AgentClient::events(int limit, const std::string& subject) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::EventsRequest request;
    request.set_limit(limit);
    request.set_subject(subject);
    v1::EventsReply reply;
    const grpc::Status status = stubs_->history->Events(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    std::vector<Event> events;
    for (const auto& event : reply.events())
        events.push_back(wire::fromWire(event));
    return events;
}

Result<std::vector<SeriesPoint>> AgentClient::series(const std::string& subject,
                                                     std::int64_t fromMillis,
                                                     std::int64_t toMillis) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::SeriesRequest request;
    request.set_subject(subject);
    request.set_from_millis(fromMillis);
    request.set_to_millis(toMillis);
    v1::SeriesReply reply;
    const grpc::Status status = stubs_->history->Series(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    std::vector<SeriesPoint> points;
    for (const auto& point : reply.points())
        points.push_back(wire::fromWire(point));
    return points;
}

Result<std::vector<promql::SignalReading>> AgentClient::readSignals() {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ListSignalsReply reply;
    const grpc::Status status = stubs_->signals->List(&context, {}, &reply);
    if (!status.ok())
        return stubs_->error(status);
    std::vector<promql::SignalReading> all;
    for (const v1::SignalReading& signal : reply.readings())
        all.push_back(wire::fromWire(signal));
    return all;
}

Result<QueryAnswer> AgentClient::query(const std::string& expression) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::QueryRequest request;
    request.set_expression(expression);
    v1::QueryReply reply;
    const grpc::Status status = stubs_->signals->Query(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    QueryAnswer answer;
    for (const auto& diagnostic : reply.diagnostics())
        answer.diagnostics.push_back(wire::fromWire(diagnostic));
    answer.millis = reply.millis();
    answer.value = wire::fromWire(reply);
    return answer;
}

Result<std::vector<TraceSummary>> AgentClient::traces(const std::string& subject) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ListTracesRequest request;
    request.set_subject(subject);
    v1::ListTracesReply reply;
    const grpc::Status status = stubs_->traces->List(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    std::vector<TraceSummary> traces;
    for (const auto& trace : reply.traces())
        traces.push_back(wire::fromWire(trace));
    return traces;
}

Result<Trace> AgentClient::trace(const std::string& id) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::GetTraceRequest request;
    request.set_id(id);
    v1::Trace reply;
    const grpc::Status status = stubs_->traces->Get(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return wire::fromWire(reply);
}

Status AgentClient::watch(
    const std::function<bool(const AgentSnapshot&, const std::vector<Event>&)>& onNews) {
    grpc::ClientContext context;
    stubs_->present(context);
    const auto reader = stubs_->agent->Watch(&context, v1::WatchRequest());
    AgentSnapshot snapshot;
    v1::WatchUpdate update;
    while (reader->Read(&update)) {
        if (update.has_snapshot())
            snapshot = wire::fromWire(update.snapshot());
        else if (update.has_delta())
            levee::apply(wire::fromWire(update.delta()), snapshot);
        std::vector<Event> events;
        for (const auto& event : update.events())
            events.push_back(wire::fromWire(event));
        if (!onNews(snapshot, events)) {
            context.TryCancel();
            (void)reader->Finish();
            return Status::ok();
        }
    }
    return stubs_->error(reader->Finish());
}

Result<std::string> AgentClient::switchEnforcement(bool isOn, const std::string& author,
                                                   const std::string& reason) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::TurnEnforcementRequest request;
    request.set_on(isOn);
    request.set_author(author);
    request.set_reason(reason);
    v1::TurnEnforcementReply reply;
    const grpc::Status status = stubs_->enforcement->Turn(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return reply.detail();
}

Result<RuleAnswer> AgentClient::check(const std::string& text, const std::string& file,
                                      bool merge) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::CheckRulesRequest request;
    request.set_text(text);
    request.set_file_name(file);
    request.set_edit(editKind(merge));
    v1::CheckRulesReply reply;
    const grpc::Status status = stubs_->rules->Check(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return ruleAnswer(reply);
}

Result<RuleAnswer> AgentClient::apply(const std::string& text, const std::string& file, bool merge,
                                      std::int64_t expectedRevision, const std::string& author,
                                      const std::string& reason) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ApplyRulesRequest request;
    request.set_text(text);
    request.set_file_name(file);
    request.set_edit(editKind(merge));
    request.set_expected_revision(expectedRevision);
    request.set_author(author);
    request.set_reason(reason);
    v1::ApplyRulesReply reply;
    const grpc::Status status = stubs_->rules->Apply(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return applyAnswer(reply);
}

Result<RuleAnswer> AgentClient::rollback(std::int64_t toRevision, const std::string& author,
                                         const std::string& reason) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::RollbackRulesRequest request;
    request.set_to_revision(toRevision);
    request.set_author(author);
    request.set_reason(reason);
    v1::ApplyRulesReply reply;
    const grpc::Status status = stubs_->rules->Rollback(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    return applyAnswer(reply);
}

Result<std::vector<RuleRevision>> AgentClient::revisions(int limit, bool withText,
                                                         std::int64_t onlyRevision) {
    grpc::ClientContext context;
    stubs_->prepare(context);
    v1::ListRevisionsRequest request;
    request.set_limit(limit);
    request.set_with_text(withText);
    request.set_only_revision(onlyRevision);
    v1::ListRevisionsReply reply;
    const grpc::Status status = stubs_->rules->ListRevisions(&context, request, &reply);
    if (!status.ok())
        return stubs_->error(status);
    std::vector<RuleRevision> revisions;
    for (const auto& revision : reply.revisions())
        revisions.push_back(wire::fromWire(revision));
    return revisions;
}

}  // namespace levee::cli
