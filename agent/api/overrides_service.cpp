// SPDX-License-Identifier: Apache-2.0
#include "agent/api/overrides_service.h"

#include <algorithm>

#include "agent/api/rpc_status.h"
#include "shared/wire/convert_guard.h"

namespace levee {
namespace {

/// Times far out of range are told as such by the book; they must not overflow on the way there.
Duration ttlOf(std::int64_t millis) {
    constexpr std::int64_t kYear = 366LL * 24 * 3600 * 1000;
    return std::chrono::milliseconds(std::clamp(millis, -kYear, kYear));
}

grpc::Status answer(const Result<Override>& done, v1::OverrideReply& reply) {
    if (!done)
        return rpcStatus(done.error());
    wire::toWire(*done, *reply.mutable_override());
    return grpc::Status::OK;
}

template <typename Request>
OverrideChange changeOf(const Request& request) {
    OverrideChange change;
    change.subject = request.subject();
    change.id = request.id();
    change.author = request.author();
    change.reason = request.reason();
    return change;
}

}  // namespace

grpc::Status OverridesService::Set(grpc::ServerContext* /*context*/,
                                   const v1::SetOverrideRequest* request,
                                   v1::OverrideReply* reply) {
    OverrideRequest asked;
    switch (request->kind()) {
        case v1::OVERRIDE_KIND_FORCE_OPEN:
            asked.kind = OverrideKind::ForceOpen;
            break;
        case v1::OVERRIDE_KIND_FORCE_CLOSED:
            asked.kind = OverrideKind::ForceClosed;
            break;
        case v1::OVERRIDE_KIND_LIMIT:
            asked.kind = OverrideKind::Limit;
            break;
        case v1::OVERRIDE_KIND_SHED:
            asked.kind = OverrideKind::Shed;
            break;
        default:
            return {grpc::StatusCode::INVALID_ARGUMENT,
                    "the kind must be force-open, force-closed, limit or shed"};
    }
    asked.subject = request->subject();
    asked.limit = request->limit();
    asked.factor = request->factor();
    asked.className = request->class_name();
    asked.ttl = ttlOf(request->ttl_millis());
    asked.author = request->author();
    asked.reason = request->reason();
    asked.replace = request->replace();
    asked.evenProtected = request->even_protected();
    return answer(book_.set(asked), *reply);
}

grpc::Status OverridesService::Extend(grpc::ServerContext* /*context*/,
                                      const v1::ExtendOverrideRequest* request,
                                      v1::OverrideReply* reply) {
    OverrideChange change = changeOf(*request);
    change.ttl = ttlOf(request->ttl_millis());
    return answer(book_.extend(change), *reply);
}

grpc::Status OverridesService::Clear(grpc::ServerContext* /*context*/,
                                     const v1::ClearOverrideRequest* request,
                                     v1::OverrideReply* reply) {
    return answer(book_.clear(changeOf(*request)), *reply);
}

grpc::Status OverridesService::List(grpc::ServerContext* /*context*/,
                                    const v1::ListOverridesRequest* /*request*/,
                                    v1::ListOverridesReply* reply) {
    for (const Override& each : book_.list())
        wire::toWire(each, *reply->add_overrides());
    const OverrideConfig config = book_.config();
    const auto millis = [](Duration duration) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    };
    reply->set_default_ttl_millis(millis(config.defaultTtl));
    reply->set_max_ttl_millis(millis(config.maxTtl));
    return grpc::Status::OK;
}

}  // namespace levee
