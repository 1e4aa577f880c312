// SPDX-License-Identifier: Apache-2.0
// Network addresses as configuration has them: "127.0.0.1:7401", "[::1]:7401", "db.local:5432".
// Nothing is looked up: a name stays a name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace levee {

struct Address {
    std::string host;  ///< without brackets; an IPv6 address in its shortest form
    std::uint16_t port = 0;
    bool isIpv6 = false;

    bool operator==(const Address&) const = default;
};

/// `host:port` with an IPv4 address, an IPv6 address in brackets, or a host name; the port is 0 to
/// 65535. Invalid otherwise, with what is wrong and how to write it.
Result<Address> parseAddress(std::string_view text);

/// True for a name that has to be looked up: no numeric address, and not localhost.
bool isHostName(const Address& address);

/// True where only this host can connect to: 127.0.0.0/8, [::1] and localhost.
bool isLoopback(const Address& address);

/// True for 0.0.0.0 and [::].
bool isWildcard(const Address& address);

/// True when two sockets cannot listen on both: the same port, and the same host or a wildcard.
/// Never for port 0, which the system replaces. A host name is taken to be different from every
/// numeric address, but for localhost, which is 127.0.0.1.
bool collide(const Address& a, const Address& b);

/// True when a connection to `target` surely arrives at `bind`.
bool reaches(const Address& target, const Address& bind);

}  // namespace levee
