// SPDX-License-Identifier: Apache-2.0
#include "agent/host/socket_address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace levee::host {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool isV4(const SocketAddress& address) {
    return std::equal(kMapped.begin(), kMapped.end(), address.ip.begin());
}

}  // namespace

SocketAddress SocketAddress::v4(const std::uint8_t* bytes, std::uint16_t port) {
    SocketAddress address;
    std::copy(kMapped.begin(), kMapped.end(), address.ip.begin());
    std::copy(bytes, bytes + 4, address.ip.begin() + 12);
    address.port = port;
    return address;
}

SocketAddress SocketAddress::v6(const std::uint8_t* bytes, std::uint16_t port) {
    SocketAddress address;
    std::copy(bytes, bytes + 16, address.ip.begin());
    address.port = port;
    return address;
}

std::optional<SocketAddress> SocketAddress::of(std::string_view host, std::uint16_t port) {
    const std::string text(host == "localhost" ? "127.0.0.1" : host);
    std::array<std::uint8_t, 16> bytes{};
    if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
        return v4(bytes.data(), port);
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1)
        return v6(bytes.data(), port);
    return std::nullopt;
}

bool SocketAddress::isLoopback() const {
    if (isV4(*this))
        return ip[12] == 127;
    return ip[15] == 1 && std::all_of(ip.begin(), ip.end() - 1, [](auto b) { return b == 0; });
}

bool SocketAddress::isWildcard() const {
    const auto rest = isV4(*this) ? ip.begin() + 12 : ip.begin();
    return std::all_of(rest, ip.end(), [](auto b) { return b == 0; });
}

std::string SocketAddress::ipText() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (isV4(*this))
        ::inet_ntop(AF_INET, ip.data() + 12, text.data(), text.size());
    else
        ::inet_ntop(AF_INET6, ip.data(), text.data(), text.size());
    return text.data();
}

bool accepts(const SocketAddress& bound, const SocketAddress& target) {
    return bound.port == target.port && (bound.ip == target.ip || bound.isWildcard());
}

}  // namespace levee::host
