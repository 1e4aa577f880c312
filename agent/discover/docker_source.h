// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "agent/collect/http_call.h"
#include "agent/discover/target_source.h"

namespace levee::discover {

/// docker_sd: the containers of a Docker daemon, asked over its Unix socket or TCP.
class DockerSource final : public TargetSource {
public:
    explicit DockerSource(DockerDiscovery config);

    Result<Found> look(int stop) override;
    void wait(int stop) override { waitForStop(stop, config_.refresh); }

private:
    Result<std::string> get(const std::string& path, int stop);

    const DockerDiscovery config_;
    std::string base_;  ///< http://host:port
    std::string unixSocket_;
    HttpCaller caller_;
};

/// From the answers of GET /containers/json and GET /networks: one target for each published or
/// exposed TCP port of each container in each of its networks. Pure.
Result<TargetGroups> dockerTargets(std::string_view containers, std::string_view networks,
                                   const DockerDiscovery& config);

}  // namespace levee::discover
