// SPDX-License-Identifier: Apache-2.0
// Who may do what by the network: TLS, client certificates and bearer tokens on listen.grpc.
#pragma once

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_context.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/agent_config.h"

namespace levee {

enum class Refusal {
    NoToken,
    WrongToken,
    ReadOnly,        ///< the token may only read
    TokenFileFault,  ///< our own token files cannot be used: nobody gets in
};

/// Thread-safe. Token files are read at each call, certificates looked at every second: what is
/// rotated is in force at once for new calls and connections.
class ApiAccess {
public:
    explicit ApiAccess(ApiConfig config);

    /// For the TCP address. They refer to this.
    std::shared_ptr<grpc::ServerCredentials> credentials();

    /// OK, or the refusal of a call of `method` ("/levee.v1.Rules/Apply") that presents
    /// `authorization`, the value of that header or "". Counts it.
    grpc::Status judge(std::string_view method, std::string_view authorization);
    /// True where the caller of this call may only read. By the Unix socket nobody is.
    bool isReader(const grpc::ServerContext& context) const;

    /// By the name of the reason; "handshake" counts connections since the process began.
    std::vector<std::pair<std::string_view, std::uint64_t>> refusals() const;

private:
    bool isReaderToken(std::string_view authorization) const;
    grpc::Status refuse(Refusal why, grpc::StatusCode code, std::string text);

    const ApiConfig config_;
    std::array<std::atomic<std::uint64_t>, 4> refused_{};
};

/// True for the methods that change nothing.
bool isReadMethod(std::string_view method);

}  // namespace levee
