// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "agent/collect/http_call.h"
#include "agent/discover/target_source.h"

namespace levee::discover {

/// kubernetes_sd with role pod. The pods are listed each refresh interval from the API server's
/// cache (resourceVersion=0), a page at a time; a list that breaks off in the middle is none.
class KubernetesSource final : public TargetSource {
public:
    /// `account` is the folder with the pod's own token, ca.crt and namespace.
    explicit KubernetesSource(
        KubernetesDiscovery config,
        std::string account = "/var/run/secrets/kubernetes.io/serviceaccount");

    Result<Found> look(int stop) override;
    void wait(int stop) override { waitForStop(stop, config_.refresh); }

private:
    Result<std::vector<std::string>> namespaces() const;
    Status list(const std::string& path, int stop, TargetGroups& groups);

    KubernetesDiscovery config_;
    const std::string account_;
    HttpCaller caller_;
};

/// One page of GET /api/v1/pods: adds a target for each port of each container of each pod that has
/// an address, and gives the token of the next page, or "". Pure.
Result<std::string> addPods(std::string_view page, TargetGroups& groups);

}  // namespace levee::discover
