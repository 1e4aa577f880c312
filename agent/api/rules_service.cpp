// SPDX-License-Identifier: Apache-2.0
#include "agent/api/rules_service.h"

#include "agent/api/rpc_status.h"
#include "shared/wire/convert_rules.h"

namespace levee {
namespace {

RuleEdit editOf(v1::EditKind kind) {
    return kind == v1::EDIT_KIND_MERGE ? RuleEdit::Merge : RuleEdit::Replace;
}

template <typename Reply>
void fillCheck(const RuleCheck& check, Reply& reply) {
    for (const Diagnostic& diagnostic : check.diagnostics)
        wire::toWire(diagnostic, *reply.add_diagnostics());
    for (const std::string& change : check.changes)
        reply.add_changes(change);
    reply.set_active_revision(check.activeRevision);
}

grpc::Status answer(const Result<RuleEditResult>& change, v1::ApplyRulesReply& reply) {
    if (!change)
        return rpcStatus(change.error());
    reply.set_applied(change->isApplied);
    reply.set_conflict(change->isConflict);
    fillCheck(change->check, reply);
    return grpc::Status::OK;
}

}  // namespace

grpc::Status RulesService::Check(grpc::ServerContext* /*context*/,
                                 const v1::CheckRulesRequest* request, v1::CheckRulesReply* reply) {
    fillCheck(book_.check(request->text(), request->file_name(), editOf(request->edit())), *reply);
    return grpc::Status::OK;
}

grpc::Status RulesService::Apply(grpc::ServerContext* /*context*/,
                                 const v1::ApplyRulesRequest* request, v1::ApplyRulesReply* reply) {
    return answer(book_.apply(request->text(), request->file_name(), editOf(request->edit()),
                              request->expected_revision(), request->author(), request->reason()),
                  *reply);
}

grpc::Status RulesService::Rollback(grpc::ServerContext* /*context*/,
                                    const v1::RollbackRulesRequest* request,
                                    v1::ApplyRulesReply* reply) {
    return answer(book_.rollback(request->to_revision(), request->expected_revision(),
                                 request->author(), request->reason()),
                  *reply);
}

grpc::Status RulesService::ListRevisions(grpc::ServerContext* /*context*/,
                                         const v1::ListRevisionsRequest* request,
                                         v1::ListRevisionsReply* reply) {
    const int limit = request->limit() > 0 ? request->limit() : 50;
    const auto revisions = store_.list(limit, request->with_text(), request->only_revision());
    if (!revisions)
        return rpcStatus(revisions.error());
    for (const RuleRevision& revision : *revisions)
        wire::toWire(revision, *reply->add_revisions());
    return grpc::Status::OK;
}

grpc::Status RulesService::ListAudit(grpc::ServerContext* /*context*/,
                                     const v1::ListAuditRequest* request,
                                     v1::ListAuditReply* reply) {
    constexpr std::size_t kMostBytes = 3 * 1024 * 1024;  // clients take 4 MiB
    const int limit = request->limit() > 0 ? request->limit() : 50;
    const auto entries = store_.audit(limit, request->before_id(), request->subject());
    if (!entries)
        return rpcStatus(entries.error());
    std::size_t bytes = 0;
    for (const AuditEntry& entry : *entries) {
        bytes += entry.change.size() + entry.reason.size() + 200;
        if (bytes > kMostBytes && reply->entries_size() > 0)
            break;
        wire::toWire(entry, *reply->add_entries());
    }
    return grpc::Status::OK;
}

}  // namespace levee
