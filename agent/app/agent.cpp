// SPDX-License-Identifier: Apache-2.0
#include "agent/app/agent.h"

#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <cstdio>

#include "agent/app/agent_graph.h"
#include "agent/config/config_loader.h"
#include "agent/config/pack_folder.h"
#include "agent/runtime/own_capabilities.h"
#include "agent/runtime/service_notice.h"
#include "agent/runtime/startup_memory.h"
#include "shared/base/log.h"

namespace levee {
namespace {

/// Signals are taken by sigwait in the main thread alone; every thread made after this has them
/// blocked.
sigset_t blockSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGHUP, SIGINT, SIGTERM})
        sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

}  // namespace

int runAgent(const std::string& configFile, const std::string& version) {
    keepOwnCapabilities();
    const sigset_t signals = blockSignals();
    LoadedConfig loaded = loadConfig(configFile);
    std::fputs(format(loaded.diagnostics).c_str(), stderr);
    if (hasErrors(loaded.diagnostics))
        return 1;
    Agent agent(configFile, std::move(loaded.config), version);
    const Status started = agent.start();
    if (!started) {
        std::fprintf(stderr, "levee-agent: %s\n", started.error().message.c_str());
        agent.stop(true);
        return 1;
    }
    notifyServiceManager("READY=1");
    releaseStartupMemory();
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
        notifyReloading();
        (void)agent.reload();
        notifyServiceManager("READY=1");
        releaseStartupMemory();
    }
    notifyServiceManager("STOPPING=1");
    log::info("agent", "stopping on {}",
              signal == SIGTERM ? "SIGTERM, the gateway serves on" : "SIGINT, with the gateway");
    agent.stop(signal == SIGTERM);
    return 0;
}

int checkAgent(const std::string& configFile) {
    const LoadedConfig loaded = loadConfig(configFile);
    std::fputs(format(loaded.diagnostics).c_str(), stderr);
    if (hasErrors(loaded.diagnostics))
        return 1;
    const Diagnostics rules =
        checkRuleFiles(loaded.config.ruleFiles, packRuleFiles(loaded.config.packs));
    std::fputs(format(rules).c_str(), stderr);
    if (hasErrors(rules))
        return 1;
    std::printf("%s and its rules are right\n", configFile.c_str());
    return 0;
}

}  // namespace levee
