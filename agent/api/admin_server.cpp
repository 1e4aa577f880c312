// SPDX-License-Identifier: Apache-2.0
#include "agent/api/admin_server.h"

#include "agent/api/self_metrics.h"
#include "agent/api/state_json.h"
#include "agent/control/bulletin.h"

namespace levee {
namespace {

HttpResponse text(int status, const std::string& line) {
    return {status, "text/plain; charset=utf-8", line + "\n", {}};
}

HttpResponse onlyWith(const std::string& method) {
    HttpResponse response = text(405, "use " + method);
    response.headers.emplace_back("Allow", method);
    return response;
}

}  // namespace

Result<std::unique_ptr<AdminServer>> AdminServer::start(const std::string& address, Parts parts) {
    std::unique_ptr<AdminServer> admin(new AdminServer(std::move(parts)));
    auto server = HttpServer::start(
        address, {}, [self = admin.get()](HttpRequest&& request) { return self->answer(request); });
    if (!server)
        return server.error();
    admin->server_ = *std::move(server);
    return admin;
}

HttpResponse AdminServer::answer(const HttpRequest& request) const {
    if (request.path == "/-/reload") {
        if (!parts_.reload)
            return text(403, "reloading over HTTP is off: set lifecycle_api: true, or send SIGHUP");
        if (request.method != "POST" && request.method != "PUT")
            return onlyWith("POST");
        const Status done = parts_.reload();
        return done ? text(200, "reloaded") : text(400, done.error().message);
    }
    if (request.method != "GET" && request.method != "HEAD")
        return onlyWith("GET");
    if (request.path == "/-/healthy")
        return text(200, "healthy");
    if (request.path == "/-/ready") {
        const Status ready = parts_.ready();
        return ready ? text(200, "ready") : text(503, "not ready: " + ready.error().message);
    }
    if (request.path == "/metrics")
        return {200,
                "text/plain; version=0.0.4; charset=utf-8",
                renderMetrics(*parts_.bulletin.snapshot(), parts_.counters()),
                {}};
    if (request.path == "/api/v1/state")
        return {200, "application/json", stateJson(*parts_.bulletin.snapshot()), {}};
    return text(404,
                "not here; there are /metrics, /-/healthy, /-/ready, /-/reload, /api/v1/state");
}

}  // namespace levee
