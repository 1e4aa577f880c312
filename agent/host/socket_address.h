// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace levee::host {

/// One end of a TCP connection. An IPv4 address stands in its IPv4-mapped form, so that both ends
/// of a connection compare equal whichever family each side used.
struct SocketAddress {
    std::array<std::uint8_t, 16> ip{};
    std::uint16_t port = 0;

    static SocketAddress v4(const std::uint8_t* bytes, std::uint16_t port);
    static SocketAddress v6(const std::uint8_t* bytes, std::uint16_t port);
    /// "127.0.0.1", "::1", "localhost"; nothing for other names: they are not looked up.
    static std::optional<SocketAddress> of(std::string_view host, std::uint16_t port);

    bool isLoopback() const;  ///< 127.0.0.0/8, ::1
    bool isWildcard() const;  ///< 0.0.0.0, ::
    /// The address without its port: "10.0.0.7", "fd00::7".
    std::string ipText() const;

    auto operator<=>(const SocketAddress&) const = default;
};

/// True when a listener on `bound` gets what is sent to `target`, an address of this host.
bool accepts(const SocketAddress& bound, const SocketAddress& target);

}  // namespace levee::host
