// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/agent_access.h"

#include "shared/base/token_file.h"

namespace levee::wire {
namespace {

bool isOnThisHost(const std::string& address) {
    const std::string host = address.substr(0, address.rfind(':'));
    const bool isNumber = host.find_first_not_of("0123456789.") == std::string::npos;
    return address.starts_with("unix:") || host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") && isNumber);
}

}  // namespace

std::string accessProblem(const AgentAccess& access, const std::string& address) {
    if (!access.problem.empty())
        return access.problem;
    if (access.certFile.empty() != access.keyFile.empty())
        return "a client certificate is of no use without its key: give the certificate and the "
               "key, or neither";
    if (access.hasToken() && !access.speaksTls() && !isOnThisHost(address))
        return "the token would be readable on its way to " + address +
               ": name the authority of the agent's certificate as well (--tls-ca, or ca_file of "
               "the context)";
    return {};
}

Result<std::string> tokenOf(const AgentAccess& access) {
    if (!access.token.empty())
        return access.token;
    if (access.tokenFile.empty())
        return std::string();
    return readTokenFile(access.tokenFile);
}

}  // namespace levee::wire
