// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/dns_source.h"

#include <poll.h>

namespace levee::discover {
namespace {

bool isStopped(int stop) {
    pollfd wait{stop, POLLIN, 0};
    return ::poll(&wait, 1, 0) > 0;
}

}  // namespace

TargetGroups DnsSource::groupsOf(const std::string& name,
                                 const std::vector<DnsRecord>& records) const {
    TargetGroups groups;
    for (const DnsRecord& record : records) {
        StaticTargets group;
        group.labels["__meta_dns_name"] = name;
        std::string host = record.host;
        std::string port = std::to_string(config_.port);
        if (config_.type == "SRV") {
            port = std::to_string(record.port);
            group.labels["__meta_dns_srv_record_target"] = host;
            group.labels["__meta_dns_srv_record_port"] = port;
        } else if (config_.type == "MX") {
            group.labels["__meta_dns_mx_record_target"] = host;
        } else if (config_.type == "NS") {
            group.labels["__meta_dns_ns_record_target"] = host;
        }
        host.resize(host.find_last_not_of('.') + 1);
        group.targets.push_back(hostPort(host, port));
        groups.push_back(std::move(group));
    }
    return groups;
}

Result<Found> DnsSource::look(int stop) {
    Found all;
    for (const std::string& name : config_.names) {
        if (isStopped(stop))
            return Error{"given up, the agent stops", ErrorKind::Unavailable};
        const auto records = lookUp(name, config_.type, server_ ? &*server_ : nullptr);
        if (records)
            names_[name] = groupsOf(name, *records);
        else if (all.problem.empty())
            all.problem = records.error().message;
        const TargetGroups& groups = names_[name];
        all.groups.insert(all.groups.end(), groups.begin(), groups.end());
    }
    if (Status counted = checkCount(all.groups); !counted)
        return counted.error();
    return all;
}

}  // namespace levee::discover
