// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/status.h>

#include "shared/base/result.h"

namespace levee {

/// The gRPC status that says the same as an Error.
inline grpc::Status rpcStatus(const Error& error) {
    switch (error.kind) {
        case ErrorKind::Invalid:
            return {grpc::StatusCode::INVALID_ARGUMENT, error.message};
        case ErrorKind::NotFound:
            return {grpc::StatusCode::NOT_FOUND, error.message};
        case ErrorKind::Conflict:
            return {grpc::StatusCode::ABORTED, error.message};
        case ErrorKind::Unavailable:
            return {grpc::StatusCode::UNAVAILABLE, error.message};
        case ErrorKind::Exhausted:
            return {grpc::StatusCode::RESOURCE_EXHAUSTED, error.message};
        case ErrorKind::Failed:
            break;
    }
    return {grpc::StatusCode::INTERNAL, error.message};
}

}  // namespace levee
