// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/grpc_agent_session.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <levee/v1/history.grpc.pb.h>
#include <levee/v1/overrides.grpc.pb.h>
#include <levee/v1/rules.grpc.pb.h>
#include <levee/v1/traces.grpc.pb.h>

#include <QPointer>
#include <utility>

#include "dashboard/client/link_text.h"
#include "dashboard/client/snapshot_order.h"
#include "shared/wire/convert_guard.h"
#include "shared/wire/convert_history.h"
#include "shared/wire/convert_rules.h"
#include "shared/wire/convert_traces.h"

namespace levee {
namespace {

Error toError(const grpc::Status& status) {
    switch (status.error_code()) {
        case grpc::StatusCode::INVALID_ARGUMENT:
            return {status.error_message(), ErrorKind::Invalid};
        case grpc::StatusCode::NOT_FOUND:
            return {status.error_message(), ErrorKind::NotFound};
        case grpc::StatusCode::FAILED_PRECONDITION:
        case grpc::StatusCode::ABORTED:
            return {status.error_message(), ErrorKind::Conflict};
        case grpc::StatusCode::DEADLINE_EXCEEDED:
            return {LinkText::tr("the agent did not answer in time; what was asked may still take "
                                 "effect")
                        .toStdString(),
                    ErrorKind::Unavailable};
        case grpc::StatusCode::UNAVAILABLE:
            return {LinkText::tr("the agent cannot be reached: %1")
                        .arg(QString::fromStdString(status.error_message()))
                        .toStdString(),
                    ErrorKind::Unavailable};
        case grpc::StatusCode::RESOURCE_EXHAUSTED:
            return {status.error_message(), ErrorKind::Exhausted};
        default:
            return {status.error_message(), ErrorKind::Failed};
    }
}

v1::EditKind toWireEdit(RuleEditKind edit) {
    return edit == RuleEditKind::Merge ? v1::EDIT_KIND_MERGE : v1::EDIT_KIND_REPLACE;
}

v1::OverrideKind toWireKind(OverrideKind kind) {
    switch (kind) {
        case OverrideKind::ForceOpen:
            return v1::OVERRIDE_KIND_FORCE_OPEN;
        case OverrideKind::ForceClosed:
            return v1::OVERRIDE_KIND_FORCE_CLOSED;
        case OverrideKind::Shed:
            return v1::OVERRIDE_KIND_SHED;
        case OverrideKind::Limit:
            break;
    }
    return v1::OVERRIDE_KIND_LIMIT;
}

Result<Override> overrideOf(const grpc::Status& status, const v1::OverrideReply& answer) {
    if (!status.ok())
        return toError(status);
    return wire::fromWire(answer.override());
}

template <typename Messages>
Diagnostics diagnosticsFrom(const Messages& messages) {
    Diagnostics diagnostics;
    for (const v1::Diagnostic& message : messages)
        diagnostics.push_back(wire::fromWire(message));
    return diagnostics;
}

RuleApplyResult fromReply(const v1::ApplyRulesReply& reply) {
    return {reply.applied(),
            reply.conflict(),
            reply.active_revision(),
            diagnosticsFrom(reply.diagnostics()),
            {reply.changes().begin(), reply.changes().end()}};
}

}  // namespace

GrpcAgentSession::GrpcAgentSession(LinkOptions options, const TimeSource& time, QObject* parent)
    : AgentSession(parent),
      options_(std::move(options)),
      time_(time),
      throttle_(kStateInterval, time, [this] { emit snapshotChanged(); }) {}

GrpcAgentSession::~GrpcAgentSession() = default;

void GrpcAgentSession::connectToAgent() {
    if (link_)
        return;
    state_ = {.phase = SessionPhase::Connecting};
    link_ = std::make_unique<AgentLink>(options_, time_, [this] { wake(); });
    link_->setSeen(isSeen_);
    emit stateChanged();
}

void GrpcAgentSession::setSeen(bool isSeen) {
    isSeen_ = isSeen;
    if (link_)
        link_->setSeen(isSeen);
}

void GrpcAgentSession::disconnectFromAgent() {
    if (!link_)
        return;
    link_.reset();
    state_ = {};
    emit stateChanged();
}

void GrpcAgentSession::wake() {
    if (!isAwake_.exchange(true))
        QMetaObject::invokeMethod(this, &GrpcAgentSession::fetch, Qt::QueuedConnection);
}

void GrpcAgentSession::fetch() {
    isAwake_ = false;
    if (!link_)
        return;
    SessionState state = link_->state();
    for (LinkUpdate& update : link_->takeUpdates())
        take(update);
    if (state != state_) {
        state_ = std::move(state);
        emit stateChanged();
    }
}

void GrpcAgentSession::take(LinkUpdate& update) {
    heardAt_ = time_.monotonic();
    // A snapshot says whose events these are, so it is taken in before them.
    if (update.snapshot) {
        sortAsPromised(*update.snapshot);
        snapshot_ = std::move(*update.snapshot);
        emit snapshotReceived();
    }
    if (!update.events.empty())
        emit eventsReceived(update.events);
    if (!update.snapshot) {
        if (!update.delta || !snapshot_)
            return;
        apply(*update.delta, *snapshot_);
        emit deltaReceived(*update.delta);
    }
    throttle_.request();
}

template <typename T, typename Ask>
void GrpcAgentSession::ask(QObject* context, Reply<T> reply, Ask call) {
    auto answer = [this, receiver = QPointer<QObject>(context),
                   reply = std::move(reply)](Result<T> result) {
        QMetaObject::invokeMethod(
            this,
            [receiver, reply, result = std::move(result)] {
                if (receiver)
                    reply(result);
            },
            Qt::QueuedConnection);
    };
    const Error notConnected{LinkText::tr("not connected to %1: nothing was sent")
                                 .arg(QString::fromStdString(options_.address))
                                 .toStdString(),
                             ErrorKind::Unavailable};
    if (!link_) {
        answer(notConnected);
        return;
    }
    const bool isQueued = link_->enqueue([answer, notConnected, call = std::move(call)](
                                             const auto& channel, grpc::ClientContext& rpc) {
        answer(channel ? call(channel, rpc) : Result<T>(notConnected));
    });
    if (!isQueued)
        answer(Error{LinkText::tr("too many requests wait for this agent").toStdString(),
                     ErrorKind::Exhausted});
}

void GrpcAgentSession::checkRules(RuleCheckRequest request, QObject* context,
                                  Reply<RuleCheckResult> reply) {
    ask<RuleCheckResult>(
        context, std::move(reply),
        [request = std::move(request)](const auto& channel,
                                       grpc::ClientContext& rpc) -> Result<RuleCheckResult> {
            v1::CheckRulesRequest message;
            message.set_text(request.text);
            message.set_file_name(request.fileName);
            message.set_edit(toWireEdit(request.edit));
            v1::CheckRulesReply answer;
            const auto status = v1::Rules::NewStub(channel)->Check(&rpc, message, &answer);
            if (!status.ok())
                return toError(status);
            return RuleCheckResult{diagnosticsFrom(answer.diagnostics()),
                                   {answer.changes().begin(), answer.changes().end()},
                                   answer.active_revision()};
        });
}

void GrpcAgentSession::applyRules(RuleApplyRequest request, QObject* context,
                                  Reply<RuleApplyResult> reply) {
    ask<RuleApplyResult>(
        context, std::move(reply),
        [request = std::move(request)](const auto& channel,
                                       grpc::ClientContext& rpc) -> Result<RuleApplyResult> {
            v1::ApplyRulesRequest message;
            message.set_text(request.text);
            message.set_file_name(request.fileName);
            message.set_edit(toWireEdit(request.edit));
            message.set_expected_revision(request.expectedRevision);
            message.set_author(request.author);
            message.set_reason(request.reason);
            v1::ApplyRulesReply answer;
            const auto status = v1::Rules::NewStub(channel)->Apply(&rpc, message, &answer);
            if (!status.ok())
                return toError(status);
            return fromReply(answer);
        });
}

void GrpcAgentSession::rollbackRules(RuleRollbackRequest request, QObject* context,
                                     Reply<RuleApplyResult> reply) {
    ask<RuleApplyResult>(
        context, std::move(reply),
        [request = std::move(request)](const auto& channel,
                                       grpc::ClientContext& rpc) -> Result<RuleApplyResult> {
            v1::RollbackRulesRequest message;
            message.set_to_revision(request.toRevision);
            message.set_expected_revision(request.expectedRevision);
            message.set_author(request.author);
            message.set_reason(request.reason);
            v1::ApplyRulesReply answer;
            const auto status = v1::Rules::NewStub(channel)->Rollback(&rpc, message, &answer);
            if (!status.ok())
                return toError(status);
            return fromReply(answer);
        });
}

void GrpcAgentSession::listRevisions(RevisionsRequest request, QObject* context,
                                     Reply<std::vector<RuleRevision>> reply) {
    ask<std::vector<RuleRevision>>(
        context, std::move(reply),
        [request](const auto& channel,
                  grpc::ClientContext& rpc) -> Result<std::vector<RuleRevision>> {
            v1::ListRevisionsRequest message;
            message.set_limit(request.limit);
            message.set_with_text(request.withText);
            message.set_only_revision(request.onlyRevision);
            v1::ListRevisionsReply answer;
            const auto status = v1::Rules::NewStub(channel)->ListRevisions(&rpc, message, &answer);
            if (!status.ok())
                return toError(status);
            std::vector<RuleRevision> revisions;
            for (const v1::RuleRevision& revision : answer.revisions())
                revisions.push_back(wire::fromWire(revision));
            return revisions;
        });
}

void GrpcAgentSession::series(SeriesRequest request, QObject* context,
                              Reply<std::vector<SeriesPoint>> reply) {
    ask<std::vector<SeriesPoint>>(
        context, std::move(reply),
        [request = std::move(request)](
            const auto& channel, grpc::ClientContext& rpc) -> Result<std::vector<SeriesPoint>> {
            v1::SeriesRequest message;
            message.set_subject(request.subject);
            message.set_from_millis(request.fromMillis);
            message.set_to_millis(request.toMillis);
            v1::SeriesReply answer;
            const auto status = v1::History::NewStub(channel)->Series(&rpc, message, &answer);
            if (!status.ok())
                return toError(status);
            std::vector<SeriesPoint> points;
            for (const v1::SeriesPoint& point : answer.points())
                points.push_back(wire::fromWire(point));
            return points;
        });
}

void GrpcAgentSession::latency(LatencyRequest request, QObject* context, Reply<LatencyMap> reply) {
    ask<LatencyMap>(
        context, std::move(reply),
        [request = std::move(request)](const auto& channel,
                                       grpc::ClientContext& rpc) -> Result<LatencyMap> {
            v1::LatencyRequest message;
            message.set_subject(request.subject);
            message.set_from_millis(request.fromMillis);
            v1::LatencyReply answer;
            const auto status = v1::History::NewStub(channel)->Latency(&rpc, message, &answer);
            if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED)
                return Error{LinkText::tr("this agent is of a version that keeps no latencies")
                                 .toStdString(),
                             ErrorKind::Unavailable};
            if (!status.ok())
                return toError(status);
            return wire::fromWire(answer);
        });
}

void GrpcAgentSession::listTraces(TracesRequest request, QObject* context,
                                  Reply<std::vector<TraceSummary>> reply) {
    ask<std::vector<TraceSummary>>(
        context, std::move(reply),
        [request = std::move(request)](
            const auto& channel, grpc::ClientContext& rpc) -> Result<std::vector<TraceSummary>> {
            v1::ListTracesRequest message;
            message.set_subject(request.subject);
            message.set_limit(request.limit);
            v1::ListTracesReply answer;
            const auto status = v1::Traces::NewStub(channel)->List(&rpc, message, &answer);
            if (!status.ok())
                return toError(status);
            std::vector<TraceSummary> traces;
            for (const v1::TraceSummary& each : answer.traces())
                traces.push_back(wire::fromWire(each));
            return traces;
        });
}

void GrpcAgentSession::trace(std::string id, QObject* context, Reply<Trace> reply) {
    ask<Trace>(
        context, std::move(reply),
        [id = std::move(id)](const auto& channel, grpc::ClientContext& rpc) -> Result<Trace> {
            v1::GetTraceRequest message;
            message.set_id(id);
            v1::Trace answer;
            const auto status = v1::Traces::NewStub(channel)->Get(&rpc, message, &answer);
            if (!status.ok())
                return toError(status);
            return wire::fromWire(answer);
        });
}

void GrpcAgentSession::setOverride(OverrideOrder order, QObject* context, Reply<Override> reply) {
    ask<Override>(context, std::move(reply),
                  [order = std::move(order)](const auto& channel,
                                             grpc::ClientContext& rpc) -> Result<Override> {
                      v1::SetOverrideRequest message;
                      message.set_subject(order.subject);
                      message.set_kind(toWireKind(order.kind));
                      message.set_limit(order.limit);
                      message.set_factor(order.factor);
                      message.set_ttl_millis(order.ttlMillis);
                      message.set_author(order.author);
                      message.set_reason(order.reason);
                      message.set_replace(order.replace);
                      message.set_even_protected(order.isMeant);
                      v1::OverrideReply answer;
                      return overrideOf(
                          v1::Overrides::NewStub(channel)->Set(&rpc, message, &answer), answer);
                  });
}

void GrpcAgentSession::extendOverride(OverrideChange change, QObject* context,
                                      Reply<Override> reply) {
    ask<Override>(context, std::move(reply),
                  [change = std::move(change)](const auto& channel,
                                               grpc::ClientContext& rpc) -> Result<Override> {
                      v1::ExtendOverrideRequest message;
                      message.set_subject(change.subject);
                      message.set_id(change.id);
                      message.set_ttl_millis(change.ttlMillis);
                      message.set_author(change.author);
                      message.set_reason(change.reason);
                      v1::OverrideReply answer;
                      return overrideOf(
                          v1::Overrides::NewStub(channel)->Extend(&rpc, message, &answer), answer);
                  });
}

void GrpcAgentSession::clearOverride(OverrideChange change, QObject* context,
                                     Reply<Override> reply) {
    ask<Override>(context, std::move(reply),
                  [change = std::move(change)](const auto& channel,
                                               grpc::ClientContext& rpc) -> Result<Override> {
                      v1::ClearOverrideRequest message;
                      message.set_subject(change.subject);
                      message.set_id(change.id);
                      message.set_author(change.author);
                      message.set_reason(change.reason);
                      v1::OverrideReply answer;
                      return overrideOf(
                          v1::Overrides::NewStub(channel)->Clear(&rpc, message, &answer), answer);
                  });
}

}  // namespace levee
