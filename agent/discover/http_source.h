// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/collect/http_call.h"
#include "agent/discover/target_source.h"

namespace levee::discover {

/// http_sd: a list of target groups from a web server, as application/json.
class HttpSource final : public TargetSource {
public:
    explicit HttpSource(HttpDiscovery config) : config_(std::move(config)) {}

    Result<Found> look(int stop) override;
    void wait(int stop) override { waitForStop(stop, config_.refresh); }

private:
    const HttpDiscovery config_;
    HttpCaller caller_;
};

}  // namespace levee::discover
