// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_config.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "agent/config/address.h"
#include "agent/enforce/listener_text.h"
#include "agent/enforce/log_ring_text.h"

namespace levee {
namespace {

bool hasNames(const GatewayConfig& config) {
    for (const ListenerConfig& listener : config.listeners)
        for (const std::string& target : listener.targets)
            if (const auto parsed = parseAddress(target); parsed && isHostName(*parsed))
                return true;
    return false;
}

/// Builds the text section by section.
class ConfigText {
public:
    ConfigText(const GatewayConfig& config, const GatewayPaths& paths, const ListenerRules& rules,
               const std::vector<ListenerLimits>* limits, std::string hash)
        : config_(config), paths_(paths), rules_(rules), limits_(limits), hash_(std::move(hash)) {}

    std::string build() {
        out_.line("# Written by levee-agent; changes are overwritten.");
        // HAProxy reads this from its standard input, and refuses a text without the end of this.
        out_.line(".if 1");
        writeGlobal();
        writeLogRing(paths_, out_);
        if (keepsCounts())
            writePeers();
        if (hasNames(config_))
            writeResolvers();
        writeCaches();
        writeDefaults();
        writeLogSink(paths_, out_);
        if (!config_.statsListen.empty())
            writeStats();
        for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
            const ListenerText text = listenerText(i);
            writeRateTable(text, out_);
            writeFrontend(text, out_);
            writeBackends(text, out_);
        }
        out_.line(".endif");
        return out_.take();
    }

private:
    ListenerText listenerText(std::size_t index) const {
        const ListenerConfig& listener = config_.listeners[index];
        return {paths_, listener, ruleOf(rules_, listener.subject()),
                index,  hash_,    limits_ != nullptr ? &(*limits_)[index] : nullptr};
    }
    bool keepsCounts() const {
        for (std::size_t i = 0; i < config_.listeners.size(); ++i)
            if (listenerText(i).keepsCounts())
                return true;
        return false;
    }

    void writeGlobal() {
        out_.line("global");
        out_.line("    description levee-{}", hash_);
        out_.line("    localpeer levee");
        // Or its HTTP client, which nothing here uses, reads all certificates of the system at each
        // start: 24 of 33 ms of CPU, for a check and again for a reload.
        out_.line("    httpclient.ssl.verify none");
        writeThreads();
        out_.line("    maxconn {}", config_.maxConnections);
        out_.line("    stats socket {} mode 600 level admin expose-fd listeners",
                  quotedWord(paths_.statsSocket()));
        out_.line("    stats timeout 10s");
        // Longer than the keep-alive timeout: the idle connections of an old process end by
        // themselves, and none is cut while its caller sends on it.
        out_.line("    hard-stop-after 90s");
        out_.line("    server-state-file {}", quotedWord(paths_.serverState()));
    }

    /// A thread that logs wakes the one that hands the lines on, and the kernel draws threads that
    /// wake each other to one core: without this the other had nothing to do for a tenth of the
    /// time at full load on two cores.
    void writeThreads() {
        const std::size_t threads = config_.cores.size();
        if (threads < 2)
            return;
        out_.line("    nbthread {}", threads);
        out_.line("    cpu-map auto:1/1-{} {}", threads, fmt::join(config_.cores, " "));
    }

    /// A reload hands what was counted over to the new process.
    void writePeers() {
        out_.line("peers levee");
        out_.line("    peer levee unix@{}", paths_.peerSocket());
    }

    void writeCaches() {
        bool isAny = false;
        for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
            writeCache(listenerText(i), out_);
            isAny = isAny || listenerText(i).keepsAnswers();
        }
        if (!isAny)
            return;
        out_.line("cache {}", kEmptyCache);
        out_.line("    total-max-size 1");
        out_.line("    max-age 1");
    }

    void writeResolvers() {
        out_.line("resolvers levee");
        if (config_.resolvers.empty())
            out_.line("    parse-resolv-conf");
        for (std::size_t i = 0; i < config_.resolvers.size(); ++i)
            out_.line("    nameserver ns{} {}", i, config_.resolvers[i]);
        out_.line("    hold valid 1s");
        // What is known goes on being used while no server of names answers; an address that an
        // answer no longer has goes at once ("obsolete" is not held).
        for (const char* lost : {"timeout", "other", "refused", "nx"})
            out_.line("    hold {} 1h", lost);
    }

    void writeDefaults() {
        out_.line("defaults");
        out_.line("    mode http");
        out_.line("    log ring@levee len 512 format raw local0 info");
        out_.line("    option dontlognull");
        out_.line("    option idle-close-on-response");
        out_.line("    load-server-state-from-file global");
        out_.line("    timeout client 60s");
        out_.line("    timeout http-request 10s");
        out_.line("    timeout http-keep-alive 60s");
        out_.line("    timeout connect 500ms");
        out_.line("    timeout server 5s");
    }

    void writeStats() {
        out_.line("frontend levee.stats");
        out_.line("    bind {}", quotedWord(config_.statsListen));
        out_.line("    no log");
        out_.line("    http-request use-service prometheus-exporter if {{ path /metrics }}");
        out_.line("    stats enable");
        out_.line("    stats uri /");
    }

    const GatewayConfig& config_;
    const GatewayPaths& paths_;
    const ListenerRules& rules_;
    const std::vector<ListenerLimits>* limits_;  ///< null: leave them out
    std::string hash_;
    ConfigLines out_;
};

}  // namespace

std::string haproxyConfig(const GatewayConfig& config, const GatewayPaths& paths,
                          const ListenerRules& rules, const std::vector<ListenerLimits>& limits) {
    return ConfigText(config, paths, rules, &limits, configHash(config, paths, rules)).build();
}

std::string configHash(const GatewayConfig& config, const GatewayPaths& paths,
                       const ListenerRules& rules) {
    return shortHash(ConfigText(config, paths, rules, nullptr, "").build());
}

std::string configName(const GatewayConfig& config, const GatewayPaths& paths,
                       const ListenerRules& rules) {
    return config.mode == GatewayMode::Attached ? kAttachedName : configHash(config, paths, rules);
}

std::vector<GeneratedFile> fallbackFiles(const GatewayConfig& config, const GatewayPaths& paths,
                                         const ListenerRules& rules) {
    std::vector<GeneratedFile> files;
    for (const ListenerConfig& listener : config.listeners) {
        const std::string& body = ruleOf(rules, listener.subject()).fallback.body;
        if (listener.direction == Direction::Outbound && !body.empty())
            files.push_back({paths.fallbackBody(shortHash(body)), body});
    }
    return files;
}

bool isBodyless(std::uint16_t status) {
    return status == 204 || status == 205 || status == 304;
}

}  // namespace levee
