// SPDX-License-Identifier: Apache-2.0
// How a client reaches an agent's API: what it believes and what it shows. Values; the gRPC side
// is in agent_channel.h.
#pragma once

#include <string>

#include "shared/base/result.h"

namespace levee::wire {

/// The files are read at each connection, the token at each call.
struct AgentAccess {
    std::string caFile;      ///< PEM: the agent's certificate must be of these; "" : no TLS, unless
                             ///< certFile is given, which then believes the system's
    std::string certFile;    ///< PEM, shown to the agent; together with keyFile
    std::string keyFile;     ///< PEM
    std::string serverName;  ///< expected in the agent's certificate instead of the address' host
    std::string tokenFile;   ///< "" for none
    std::string token = {};  ///< as it comes out of a keychain; wins over tokenFile
    std::string problem = {};  ///< why the token cannot be had; then nothing is connected to

    bool speaksTls() const { return !caFile.empty() || !certFile.empty(); }
    bool hasToken() const { return !token.empty() || !tokenFile.empty(); }
    bool operator==(const AgentAccess&) const = default;
};

/// What is wrong with the combination for `address` ("host:port" or "unix:PATH"), or "": a
/// certificate without its key, a token that would cross the network readable.
std::string accessProblem(const AgentAccess& access, const std::string& address);

/// The token to present, "" for none; an error names the file and the fix.
Result<std::string> tokenOf(const AgentAccess& access);

/// Why a connection to `address` fails, as far as TLS has to do with it, in a sentence with the
/// fix; "" where TLS is not the reason. Connects once by itself and takes at most two seconds
/// after the address was looked up.
std::string explainTls(const AgentAccess& access, const std::string& address);

}  // namespace levee::wire
