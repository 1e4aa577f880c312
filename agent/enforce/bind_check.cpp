// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/bind_check.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "agent/runtime/unique_fd.h"

namespace levee {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos)
        return {nullptr, &::freeaddrinfo};
    std::string host = address.substr(0, colon);
    const std::string port = address.substr(colon + 1);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    const bool any = host.empty() || host == "*";
    addrinfo hints{};
    hints.ai_family = any ? AF_INET : AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (::getaddrinfo(any ? nullptr : host.c_str(), port.c_str(), &hints, &found) != 0)
        found = nullptr;
    return {found, &::freeaddrinfo};
}

}  // namespace

Status checkBind(const std::string& address) {
    const Addresses addresses = resolve(address);
    if (!addresses)
        return Status::ok();
    const UniqueFd fd(::socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd.isOpen())
        return Status::ok();
    // As HAProxy binds. Without listen() no connection comes here.
    const int yes = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    if (::bind(fd.get(), addresses->ai_addr, addresses->ai_addrlen) == 0)
        return Status::ok();
    return Error{fmt::format("cannot listen at {}: {}", address, std::strerror(errno)),
                 errno == EADDRINUSE ? ErrorKind::Conflict : ErrorKind::Invalid};
}

}  // namespace levee
