// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <CLI/CLI.hpp>

#include "agent/app/agent.h"
#include "shared/base/log.h"

int main(int argc, char** argv) {
    // A large body's memory goes back to the system when it is freed. Left alone, glibc raises the
    // size from which it does that with the largest block it has seen, and keeps tens of MiB.
    ::mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    CLI::App app(
        "Levee's agent: adaptive limits and circuit breakers for the services of this host.",
        "levee-agent");
    app.set_version_flag("--version", "levee-agent " LEVEE_VERSION);
    std::string config = "/etc/levee/agent.yaml";
    std::string level = "info";
    bool checkOnly = false;
    app.add_option("--config", config, "The configuration")->capture_default_str();
    app.add_flag("--check", checkOnly, "Check the configuration and the rules, and end");
    app.add_option("--log-level", level, "debug, info, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
    CLI11_PARSE(app, argc, argv);
    using levee::log::Level;
    levee::log::setLevel(level == "debug"     ? Level::Debug
                         : level == "warning" ? Level::Warning
                         : level == "error"   ? Level::Error
                                              : Level::Info);
    return checkOnly ? levee::checkAgent(config) : levee::runAgent(config, LEVEE_VERSION);
}
