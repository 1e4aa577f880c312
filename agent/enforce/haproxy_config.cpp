// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "shared/base/hash.h"

namespace levee {
namespace {

std::string hexHash(std::string_view text) {
    return fmt::format("{:08x}", stableHash(text) & 0xffffffffU);
}

/// One word of the configuration, whatever it holds. Control characters cannot be written in one
/// and have no place in a header either: they become spaces.
std::string quoted(std::string_view text) {
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'')
            word += "'\\''";
        else
            word += std::iscntrl(static_cast<unsigned char>(c)) != 0 ? ' ' : c;
    }
    return word + "'";
}

std::int64_t millis(Duration duration) {
    return std::max<std::int64_t>(1, duration / std::chrono::milliseconds(1));
}

/// Builds the text section by section.
class ConfigText {
public:
    ConfigText(const GatewayConfig& config, const GatewayPaths& paths, const Fallbacks& fallbacks,
               const std::vector<ListenerLimits>* limits, std::string hash)
        : config_(config),
          paths_(paths),
          fallbacks_(fallbacks),
          limits_(limits),
          hash_(std::move(hash)) {}

    std::string build() {
        writeGlobal();
        writeDefaults();
        if (!config_.statsListen.empty())
            writeStats();
        for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
            writeFrontend(i);
            writeBackend(i);
        }
        return std::move(text_);
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> text, Args&&... args) {
        fmt::format_to(std::back_inserter(text_), text, std::forward<Args>(args)...);
        text_ += '\n';
    }

    void writeGlobal() {
        line("# Written by levee-agent; changes are overwritten.");
        line("global");
        line("    description levee-{}", hash_);
        line("    maxconn {}", config_.maxConnections);
        line("    stats socket {} mode 600 level admin expose-fd listeners",
             quoted(paths_.statsSocket()));
        line("    stats timeout 10s");
        // Longer than the keep-alive timeout: the idle connections of an old process end by
        // themselves, and none is cut while its caller sends on it.
        line("    hard-stop-after 90s");
        line("    server-state-file {}", quoted(paths_.serverState()));
        line("ring levee");
        line("    format raw");
        line("    maxlen 512");
        line("    size 4194304");
        line("    timeout connect 1s");
        line("    timeout server 5s");
        line("    server agent unix@{}", paths_.logSocket());
    }

    void writeDefaults() {
        line("defaults");
        line("    mode http");
        line("    log ring@levee len 512 format raw local0 info");
        line("    option dontlognull");
        line("    option idle-close-on-response");
        line("    load-server-state-from-file global");
        line("    timeout client 60s");
        line("    timeout http-request 10s");
        line("    timeout http-keep-alive 60s");
        line("    timeout tunnel 1h");
        line("    timeout connect 500ms");
        line("    timeout server 5s");
    }

    void writeStats() {
        line("frontend levee.stats");
        line("    bind {}", quoted(config_.statsListen));
        line("    no log");
        line("    http-request use-service prometheus-exporter if {{ path /metrics }}");
        line("    stats enable");
        line("    stats uri /");
    }

    void writeFrontend(std::size_t index) {
        const ListenerConfig& listener = config_.listeners[index];
        const std::string name = proxyName(listener);
        line("frontend {}", name);
        line("    bind {}", quoted(listener.bind));
        line("    http-request set-var(txn.t0) date(0,us)");
        // A trace begins here when the caller has none; "sampled", since otherwise the services
        // behind would be told not to record anything.
        line(
            "    http-request set-header traceparent \"00-%[uuid(),regsub(-,,g)]-"
            "%[uuid(),regsub(-,,g),bytes(0,16)]-01\" unless {{ req.hdr(traceparent) -m found }}");
        line("    http-request set-var(txn.trace) req.hdr(traceparent),bytes(3,32)");
        if (listener.direction == Direction::Inbound)
            writeQueueBound(listener, name);
        else
            writeBreaker(listener);
        line("    http-after-response set-var(txn.t1) date(0,us)");
        line(
            "    log-format \"L1 {} {} %[var(txn.t0)] %[var(txn.t1)] %[date(0,us)] %Tw %Tc %ST "
            "%tsc %sc %sq %bq %rc %[var(txn.out)] %[var(txn.trace)]\"",
            hash_, index);
        line("    default_backend {}", name);
    }

    void writeQueueBound(const ListenerConfig& listener, const std::string& name) {
        line("    http-request set-var(txn.queue) str({}),map_str_int({},100000)",
             listener.subject(), paths_.queueMap());
        // Both: with a bound of 0 nobody may wait, yet a free slot is still there to be taken.
        line("    acl queue_full queue({}),sub(txn.queue) ge 0", name);
        line("    acl no_slot be_conn_free({}) le 0", name);
        line("    http-request set-var(txn.out) str(s) if queue_full no_slot");
        line(
            "    http-request return status 503 content-type text/plain string \"overloaded\\n\" "
            "hdr levee-outcome shed hdr retry-after 1 if {{ var(txn.out) -m str s }}");
    }

    void writeBreaker(const ListenerConfig& listener) {
        line("    http-request set-var(txn.admit) str({}),map_str_int({},{})", listener.subject(),
             paths_.admitMap(), kAdmitAll);
        line("    http-request set-var(txn.out) str(b) if {{ rand({}),sub(txn.admit) ge 0 }}",
             kAdmitAll);
        const auto found = fallbacks_.find(listener.subject());
        const FallbackSettings fallback =
            found == fallbacks_.end() ? FallbackSettings{} : found->second;
        std::string answer = fmt::format("status {}", fallback.status);
        if (!isBodyless(fallback.status) && !fallback.body.empty())
            answer += fmt::format(" content-type {} file {}", quoted(fallback.contentType),
                                  quoted(paths_.fallbackBody(hexHash(fallback.body))));
        else
            answer += " file /dev/null";
        answer += " hdr levee-outcome breaker";
        if (const auto seconds =
                std::chrono::ceil<std::chrono::seconds>(fallback.retryAfter).count();
            seconds > 0)
            answer += fmt::format(" hdr retry-after {}", seconds);
        line("    http-request return {} if {{ var(txn.out) -m str b }}", answer);
    }

    void writeBackend(std::size_t index) {
        const ListenerConfig& listener = config_.listeners[index];
        const bool inbound = listener.direction == Direction::Inbound;
        line("backend {}", proxyName(listener));
        line("    balance {}", inbound ? "leastconn" : "random(2)");
        line("    timeout connect {}ms", millis(listener.connectTimeout));
        line("    timeout server {}ms", millis(listener.serverTimeout));
        line("    timeout queue {}ms", millis(listener.queueTimeout));
        // Only what was never sent is tried again, and only at another target.
        line("    retries {}", listener.targets.size() > 1 ? 1 : 0);
        line("    retry-on conn-failure");
        line("    option redispatch");
        line(
            "    http-response set-var(txn.out) str(r) if {{ res.hdr(levee-outcome) -m str shed "
            "}}");
        // A wait in the queue that ended before a server had a slot was a refusal, not a failure.
        if (inbound) {
            line("    acl was_sent srv_id -m found");
            line(
                "    http-after-response set-header levee-outcome shed if {{ status 503 }} "
                "!was_sent {{ nbsrv gt 0 }}");
            line(
                "    http-after-response set-header retry-after 1 if {{ status 503 }} "
                "!was_sent {{ nbsrv gt 0 }}");
        }
        for (std::size_t i = 0; i < listener.targets.size(); ++i)
            writeServer(index, i);
    }

    void writeServer(std::size_t index, std::size_t target) {
        const ListenerConfig& listener = config_.listeners[index];
        const std::string& address = listener.targets[target];
        // Weight 100: a share of it can be set at run time without rounding down to nothing.
        std::string text = fmt::format("    server {} {} weight 100", serverName(address), address);
        if (listener.direction == Direction::Inbound && limits_ != nullptr)
            text += fmt::format(" maxconn {}", (*limits_)[index].servers[target]);
        line("{}", text);
    }

    const GatewayConfig& config_;
    const GatewayPaths& paths_;
    const Fallbacks& fallbacks_;
    const std::vector<ListenerLimits>* limits_;  ///< null: leave them out
    std::string hash_;
    std::string text_;
};

}  // namespace

std::string haproxyConfig(const GatewayConfig& config, const GatewayPaths& paths,
                          const Fallbacks& fallbacks, const std::vector<ListenerLimits>& limits) {
    return ConfigText(config, paths, fallbacks, &limits, configHash(config, paths, fallbacks))
        .build();
}

std::string configHash(const GatewayConfig& config, const GatewayPaths& paths,
                       const Fallbacks& fallbacks) {
    return hexHash(ConfigText(config, paths, fallbacks, nullptr, "").build());
}

std::vector<GeneratedFile> fallbackFiles(const GatewayConfig& config, const GatewayPaths& paths,
                                         const Fallbacks& fallbacks) {
    std::vector<GeneratedFile> files;
    for (const ListenerConfig& listener : config.listeners) {
        if (listener.direction != Direction::Outbound)
            continue;
        const auto found = fallbacks.find(listener.subject());
        const std::string body =
            found == fallbacks.end() ? FallbackSettings{}.body : found->second.body;
        if (!body.empty())
            files.push_back({paths.fallbackBody(hexHash(body)), body});
    }
    return files;
}

bool isBodyless(std::uint16_t status) {
    return status == 204 || status == 205 || status == 304;
}

}  // namespace levee
