// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/control/metric_value.h"
#include "agent/runtime/http_server.h"
#include "shared/base/result.h"

namespace levee {

class Bulletin;

/// The agent's HTTP face: /metrics, /-/healthy, /-/ready, POST /-/reload (only with lifecycle_api),
/// /api/v1/state. Thread-safe.
class AdminServer {
public:
    struct Parts {
        const Bulletin& bulletin;
        std::function<std::vector<MetricValue>()> counters;
        std::function<Status()> ready;   ///< Ok, or what is still missing
        std::function<Status()> reload;  ///< null: the endpoint is off
    };

    static Result<std::unique_ptr<AdminServer>> start(const std::string& address, Parts parts);

    int port() const { return server_->port(); }

private:
    explicit AdminServer(Parts parts) : parts_(std::move(parts)) {}
    HttpResponse answer(const HttpRequest& request) const;

    Parts parts_;
    std::unique_ptr<HttpServer> server_;
};

}  // namespace levee
