// SPDX-License-Identifier: Apache-2.0
// Backends: how a request gets to a target.
#include "agent/config/address.h"
#include "agent/enforce/haproxy_config.h"
#include "agent/enforce/listener_text.h"
#include "shared/base/hash.h"

namespace levee {
namespace {

std::string balanceWords(const ListenerConfig& listener) {
    switch (listener.balance) {
        case Balance::Auto:
            return listener.direction == Direction::Inbound ? "leastconn" : "random(2)";
        case Balance::RoundRobin:
            return "roundrobin";
        case Balance::LeastConnections:
            return "leastconn";
        case Balance::Random:
            return "random(2)";
        case Balance::Source:
            return "source";
        case Balance::Header:
            return fmt::format("hdr({})", listener.balanceHeader);
    }
    return {};
}

std::int64_t staleSeconds(const ListenerRule& rule) {
    return std::chrono::ceil<std::chrono::seconds>(rule.fallback.staleFor).count();
}

/// Answers while the breaker is open: the last good one, or the fallback.
void writeStaleBackend(const ListenerText& text, ConfigLines& out) {
    const FallbackSettings& fallback = text.rule.fallback;
    out.line("backend {}", staleName(text.listener));
    out.line("    http-request cache-use {}", staleName(text.listener));
    std::string answer = "status 503";
    if (!isBodyless(fallback.status) && !fallback.body.empty())
        answer += fmt::format(" content-type {} file {}", quotedWord(fallback.contentType),
                              quotedWord(text.paths.fallbackBody(shortHash(fallback.body))));
    else
        answer += " file /dev/null";
    out.line("    http-error {}", answer);
    out.line("    http-after-response set-header levee-outcome breaker");
    out.line(
        "    http-after-response set-header x-levee-reason \"breaker; guard={0}; "
        "rule=%[str(rule/{0}),map_str({1},default)]\"",
        text.listener.subject(), text.paths.wordsMap());
    out.line("    http-after-response set-header cache-control no-store");
    out.line(
        "    http-after-response set-header warning '110 levee \"Response is Stale\"' if "
        "{{ res.cache_hit }}");
    if (const auto seconds = std::chrono::ceil<std::chrono::seconds>(fallback.retryAfter).count();
        seconds > 0)
        out.line("    http-after-response set-header retry-after {} unless {{ res.cache_hit }}",
                 seconds);
    if (fallback.status != 503)
        out.line("    http-after-response set-status {} unless {{ res.cache_hit }}",
                 fallback.status);
}

class BackendWriter {
public:
    BackendWriter(const ListenerText& text, bool isLone, ConfigLines& out)
        : text_(text), listener_(text.listener), isLone_(isLone), out_(out) {}

    void write() {
        out_.line("backend {}", isLone_ ? loneBackendName(listener_) : text_.name());
        out_.line("    balance {}", balanceWords(listener_));
        // One that goes or comes back moves no more than its own share of the keys.
        if (listener_.balance == Balance::Source || listener_.balance == Balance::Header)
            out_.line("    hash-type consistent");
        out_.line("    timeout connect {}ms", configMillis(listener_.connectTimeout));
        out_.line("    timeout server {}ms", configMillis(listener_.serverTimeout));
        out_.line("    timeout queue {}ms", configMillis(listener_.queueTimeout));
        out_.line("    timeout tunnel {}ms", configMillis(listener_.tunnelTimeout));
        if (text_.hasAnswerTime())
            out_.line("    http-request set-timeout server var(txn.stop)");
        writeRetries();
        if (listener_.check.isEnabled && !isLone_)
            writeCheck();
        writeRefusedBelow(text_, out_);
        if (text_.isInbound())
            writeQueueTimeout();
        if (text_.keepsAnswers())
            writeKeeping();
        for (std::size_t i = 0; i < listener_.targets.size(); ++i)
            writeServer(i);
    }

private:
    void writeRetries() {
        const RetryBudgetSettings& retries = text_.rule.retries;
        const bool canStepOver = listener_.targets.size() > 1;
        const std::uint32_t most = canStepOver || text_.retriesFailures() ? retries.most : 0;
        out_.line("    retries {}", text_.isInbound() ? (canStepOver ? 1 : 0) : most);
        // Never 503: it is the word of those who refuse, and asking again is what hurts them.
        out_.line("    retry-on conn-failure{}",
                  text_.retriesFailures()
                      ? " empty-response junk-response response-timeout 500 502 504"
                      : "");
        out_.line("    option redispatch 1");
    }

    /// Each good answer replaces the one before, whatever age the service gives it: it is served
    /// while the breaker is open only. Callers see the service's own headers.
    void writeKeeping() {
        out_.line("    http-response set-var(txn.cc) res.hdr(cache-control)");
        out_.line("    acl not_kept res.hdr(cache-control) -m sub -i no-store private");
        out_.line("    acl not_kept res.hdr(set-cookie) -m found");
        out_.line(
            "    http-response set-var(txn.keep) int(1) if {{ status 200 }} {{ method GET }} "
            "!not_kept");
        out_.line(
            "    http-response set-header cache-control max-age={} if {{ var(txn.keep) -m found }}",
            staleSeconds(text_.rule));
        out_.line("    http-response cache-store {} if {{ var(txn.keep) -m found }}",
                  staleName(listener_));
        out_.line("    http-response del-header cache-control if {{ var(txn.keep) -m found }}");
        out_.line(
            "    http-response set-header cache-control %[var(txn.cc)] if {{ var(txn.keep) -m "
            "found "
            "}} {{ var(txn.cc) -m found }}");
    }

    void writeCheck() {
        if (listener_.check.path.empty())
            return;
        out_.line("    option httpchk");
        out_.line("    http-check send meth GET uri {} hdr host levee-check",
                  quotedWord(listener_.check.path));
        out_.line("    http-check expect status 200-399");
    }

    /// A wait in the queue that ended before a server had a slot was a refusal, not a failure.
    void writeQueueTimeout() {
        out_.line("    acl was_sent srv_id -m found");
        // What follows is for that one answer.
        out_.line("    http-after-response allow if !{{ status 503 }}");
        for (const std::string& header :
             {std::string("levee-outcome shed"), std::string("retry-after 1"),
              fmt::format("x-levee-reason \"queue-timeout; guard={0}; "
                          "rule=%[str(rule/{0}),map_str({1},default)]\"",
                          listener_.subject(), text_.paths.wordsMap())})
            out_.line("    http-after-response set-header {} if !was_sent {{ nbsrv gt 0 }}",
                      header);
    }

    std::string targetTls() const {
        const TargetTls& tls = listener_.targetTls;
        const bool isHttp2 = listener_.protocol != Protocol::Http1;
        if (!tls.isEnabled)
            return isHttp2 ? " proto h2" : "";
        std::string words = fmt::format(" ssl alpn {}", isHttp2 ? "h2" : "http/1.1");
        if (tls.isVerified)
            words += fmt::format(" verify required ca-file {}", quotedWord(tls.ca));
        else
            words += " verify none";
        if (tls.serverName.empty())
            return words + " sni req.hdr(host),field(1,:)";
        words += fmt::format(" sni str({0}) check-sni {0}", tls.serverName);
        return tls.isVerified ? words + fmt::format(" verifyhost {}", tls.serverName) : words;
    }

    void writeServer(std::size_t target) {
        const std::string& address = listener_.targets[target];
        std::string line = fmt::format("    server {} {} weight {}{}", serverName(address), address,
                                       fullWeights(listener_)[target], targetTls());
        // A name is looked up while HAProxy runs: a target that moves needs no reload.
        if (const auto parsed = parseAddress(address); parsed && isHostName(*parsed))
            line += " resolvers levee init-addr last,libc,none";
        if (isLone_) {
            if (text_.onAgentLoss() == AgentLoss::Ceiling && text_.isInbound())
                line += fmt::format(" maxconn {}", divideLimit(text_.rule.agentLoss.ceiling,
                                                               listener_.targets.size())[target]);
            else
                line += fmt::format(" maxconn {}", kUnlimitedInFlight);
        } else if (text_.isInbound() && text_.limits != nullptr) {
            line += fmt::format(" maxconn {}", text_.limits->servers[target]);
        }
        if (listener_.check.isEnabled)
            line += isLone_ ? fmt::format(" track {}/{}", text_.name(), serverName(address))
                            : fmt::format(" check inter {}ms rise {} fall {}",
                                          configMillis(listener_.check.interval),
                                          listener_.check.rise, listener_.check.fall);
        out_.line("{}", line);
    }

    const ListenerText& text_;
    const ListenerConfig& listener_;
    bool isLone_;
    ConfigLines& out_;
};

}  // namespace

AgentLoss ListenerText::onAgentLoss() const {
    if (rule.agentLoss.then == AgentLoss::Auto)
        return isInbound() ? AgentLoss::Keep : AgentLoss::Open;
    return rule.agentLoss.then;
}

void writeBackends(const ListenerText& text, ConfigLines& out) {
    BackendWriter(text, false, out).write();
    if (text.hasLoneBackend())
        BackendWriter(text, true, out).write();
    if (text.keepsAnswers())
        writeStaleBackend(text, out);
}

void writeCache(const ListenerText& text, ConfigLines& out) {
    if (!text.keepsAnswers())
        return;
    out.line("cache {}", staleName(text.listener));
    out.line("    total-max-size 16");
    out.line("    max-object-size 262144");
    out.line("    max-age {}", staleSeconds(text.rule));
    out.line("    process-vary on");
}

std::string staleName(const ListenerConfig& listener) {
    return "stale." + proxyName(listener);
}

std::string loneBackendName(const ListenerConfig& listener) {
    return proxyName(listener) + ".alone";
}

std::string rateTableName(const ListenerConfig& listener) {
    return "rate." + proxyName(listener);
}

std::string shortHash(std::string_view text) {
    return fmt::format("{:08x}", stableHash(text) & 0xffffffffU);
}

}  // namespace levee
