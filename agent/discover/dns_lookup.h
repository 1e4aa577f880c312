// SPDX-License-Identifier: Apache-2.0
// Questions to the name servers of /etc/resolv.conf, as Prometheus' dns_sd asks them: DNS itself,
// not the host's other ways to find names (/etc/hosts, mDNS). The resolver of the C library
// (res_nsearch) asks with times and tries of our own, which getaddrinfo would not let us set.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace levee::discover {

struct DnsRecord {
    std::string host;  ///< an address for A and AAAA; for the others a name with its final dot
    std::uint16_t port = 0;  ///< SRV

    bool operator==(const DnsRecord&) const = default;
};

/// Whom to ask instead of the servers of /etc/resolv.conf.
struct DnsServer {
    std::string address;  ///< IPv4
    std::uint16_t port = 53;
};

/// At most about 10 s. `type` is SRV, MX, NS, A or AAAA. A name that does not exist has no records;
/// a server that fails or does not answer is an Error.
Result<std::vector<DnsRecord>> lookUp(const std::string& name, const std::string& type,
                                      const DnsServer* server = nullptr);

}  // namespace levee::discover
