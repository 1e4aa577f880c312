// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "agent/discover/dns_lookup.h"
#include "agent/discover/target_source.h"

namespace levee::discover {

/// dns_sd: the addresses behind names. A name that no server answers for keeps what it had.
class DnsSource final : public TargetSource {
public:
    explicit DnsSource(DnsDiscovery config, std::optional<DnsServer> server = std::nullopt)
        : config_(std::move(config)), server_(std::move(server)) {}

    Result<Found> look(int stop) override;
    void wait(int stop) override { waitForStop(stop, config_.refresh); }

private:
    TargetGroups groupsOf(const std::string& name, const std::vector<DnsRecord>& records) const;

    const DnsDiscovery config_;
    const std::optional<DnsServer> server_;
    std::map<std::string, TargetGroups> names_;  ///< the last good answer for each
};

}  // namespace levee::discover
