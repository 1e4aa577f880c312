// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levee/v1/rules.grpc.pb.h>

#include "agent/control/rule_book.h"

namespace levee {

/// Checking and changing rules. Thread-safe. Texts above 1 MiB are refused by the server's message
/// limit.
class RulesService final : public v1::Rules::Service {
public:
    RulesService(RuleBook& book, RuleStore& store) : book_(book), store_(store) {}

    grpc::Status Check(grpc::ServerContext* context, const v1::CheckRulesRequest* request,
                       v1::CheckRulesReply* reply) override;
    grpc::Status Apply(grpc::ServerContext* context, const v1::ApplyRulesRequest* request,
                       v1::ApplyRulesReply* reply) override;
    grpc::Status Rollback(grpc::ServerContext* context, const v1::RollbackRulesRequest* request,
                          v1::ApplyRulesReply* reply) override;
    grpc::Status ListRevisions(grpc::ServerContext* context,
                               const v1::ListRevisionsRequest* request,
                               v1::ListRevisionsReply* reply) override;
    grpc::Status ListAudit(grpc::ServerContext* context, const v1::ListAuditRequest* request,
                           v1::ListAuditReply* reply) override;

private:
    RuleBook& book_;
    RuleStore& store_;
};

}  // namespace levee
