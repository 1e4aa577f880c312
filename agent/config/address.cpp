// SPDX-License-Identifier: Apache-2.0
#include "agent/config/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "rules/lang/source_text.h"

namespace levee {
namespace {

Error invalid(std::string_view text, std::string_view problem) {
    return {fmt::format("'{}' {}", shown(text), problem), ErrorKind::Invalid};
}

std::optional<std::uint16_t> parsePort(std::string_view text) {
    std::uint16_t port = 0;
    const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || code != std::errc{} || stop != text.data() + text.size())
        return std::nullopt;
    return port;
}

/// The shortest spelling of an IPv6 address, so that equal addresses compare equal.
std::optional<std::string> canonicalIpv6(const std::string& text) {
    in6_addr address{};
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (inet_pton(AF_INET6, text.c_str(), &address) != 1 ||
        inet_ntop(AF_INET6, &address, buffer.data(), buffer.size()) == nullptr)
        return std::nullopt;
    return std::string(buffer.data());
}

bool isIpv4(const std::string& text) {
    in_addr address{};
    return inet_pton(AF_INET, text.c_str(), &address) == 1;
}

/// Letters, digits, '-' and '_' in labels of 1 to 63, separated by dots.
bool isHostName(std::string_view text) {
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (text.size() > 253)
        return false;
    while (true) {
        const std::size_t dot = text.find('.');
        const std::string_view label = text.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.starts_with('-') || label.ends_with('-') ||
            label.find_first_not_of(kAllowed) != std::string_view::npos)
            return false;
        if (dot == std::string_view::npos)
            return true;
        text.remove_prefix(dot + 1);
    }
}

/// localhost is the one name whose meaning is known without asking.
std::string numericHost(const Address& address) {
    return address.host == "localhost" ? "127.0.0.1" : address.host;
}

Result<Address> parseIpv6(std::string_view text) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !text.substr(close + 1).starts_with(':'))
        return invalid(text, "is not an address; write an IPv6 address as [::1]:7401");
    const auto host = canonicalIpv6(std::string(text.substr(1, close - 1)));
    if (!host)
        return invalid(text, "has no IPv6 address in its brackets");
    const auto port = parsePort(text.substr(close + 2));
    if (!port)
        return invalid(text, "has no port of 0 to 65535 at its end");
    return Address{*host, *port, true};
}

}  // namespace

Result<Address> parseAddress(std::string_view text) {
    if (text.find('/') != std::string_view::npos)
        return invalid(text, "is not an address; write only host:port, without scheme and path");
    if (text.starts_with('['))
        return parseIpv6(text);
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return invalid(text, "has no port; write it as host:port, for example 127.0.0.1:7401");
    const std::string host(text.substr(0, colon));
    if (host.empty())
        return invalid(text,
                       fmt::format("has no host; write 0.0.0.0{} for all interfaces", shown(text)));
    if (host.find(':') != std::string::npos)
        return invalid(text, "is not an address; write an IPv6 address in brackets, as [::1]:7401");
    const auto port = parsePort(text.substr(colon + 1));
    if (!port)
        return invalid(text, "has no port of 0 to 65535 at its end");
    if (host.find_first_not_of("0123456789.") == std::string::npos && !isIpv4(host))
        return invalid(text, "has no IPv4 address before its port: four numbers of 0 to 255");
    if (!isHostName(host))
        return invalid(text, "has no host name or address before its port");
    return Address{host, *port, false};
}

bool isHostName(const Address& address) {
    return !address.isIpv6 && !isIpv4(address.host) && address.host != "localhost";
}

bool isLoopback(const Address& address) {
    return address.host == "::1" || address.host == "localhost" ||
           (address.host.starts_with("127.") && !isHostName(address));
}

bool isWildcard(const Address& address) {
    return address.host == "0.0.0.0" || address.host == "::";
}

bool collide(const Address& a, const Address& b) {
    if (a.port != b.port || a.port == 0)
        return false;
    return isWildcard(a) || isWildcard(b) || numericHost(a) == numericHost(b);
}

bool reaches(const Address& target, const Address& bind) {
    if (target.port != bind.port || target.port == 0)
        return false;
    return numericHost(target) == numericHost(bind) ||
           (isWildcard(bind) && (isLoopback(target) || isWildcard(target)));
}

}  // namespace levee
