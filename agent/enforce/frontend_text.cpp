// SPDX-License-Identifier: Apache-2.0
// Frontends: what a request meets before it goes to a target.
#include <algorithm>
#include <chrono>

#include "agent/enforce/haproxy_config.h"
#include "agent/enforce/listener_text.h"
#include "shared/model/guard_texts.h"

namespace levee {
namespace {

class FrontendWriter {
public:
    FrontendWriter(const ListenerText& text, ConfigLines& out)
        : text_(text),
          out_(out),
          subject_(text.listener.subject()),
          // Where nothing changes without an agent there is nothing to ask.
          unlessGone_(text.asksForLife() ? " !gone" : "") {}

    void write() {
        out_.line("frontend {}", text_.name());
        writeBind();
        out_.line("    http-request set-var(txn.t0) date(0,us)");
        writeTrace();
        writeRules();
        out_.line("    http-after-response set-var(txn.t1) date(0,us)");
        writeSampling();
        writeLog(text_.hash, std::to_string(text_.index), out_);
        if (text_.keepsAnswers())
            out_.line("    use_backend {} if {{ var(txn.out) -m str b }}",
                      staleName(text_.listener));
        if (text_.hasLoneBackend())
            out_.line("    use_backend {} if gone", loneBackendName(text_.listener));
        out_.line("    default_backend {}", text_.name());
    }

    /// What a request meets, in the frontend or, attached, in the backend.
    void writeRules() {
        if (text_.asksForLife())
            writeAgentLoss();
        if (text_.hasRate())
            writeRate();
        if (text_.hasDeadlines())
            writeDeadline();
        if (text_.isInbound())
            writeLimit();
        else
            writeBreaker();
        if (text_.hasAnswerTime())
            writeAnswerTime();
        // After all that refuses: who was refused does not count, or a caller who asks for too much
        // would get nothing at all.
        if (text_.hasRate())
            out_.line("    http-request sc-inc-gpc(0,0) if !{{ var(txn.out) -m found }}");
        if (text_.retriesFailures())
            writeRetries();
        if (text_.listener.protocol == Protocol::Grpc)
            writeGrpc();
    }

    static void writeLog(const std::string& hash, const std::string& index, ConfigLines& out) {
        out.line(
            "    log-format \"L2 {} {} %[var(txn.t0)] %[var(txn.t1)] %[date(0,us)] %Tw %Tc %ST "
            "%tsc %sc %sq %bq %rc %[var(txn.out)] %[srv_id] %[var(txn.class)] %[var(txn.barred)] "
            "%[var(txn.grpc)] %[var(txn.every)]\"",
            hash, index);
    }

private:
    void writeBind() {
        const ListenerTls& tls = text_.listener.tls;
        std::string line = quotedWord(text_.listener.bind);
        if (!tls.certificate.empty()) {
            line += fmt::format(" ssl crt {} alpn h2,http/1.1", quotedWord(tls.certificate));
            if (!tls.clientCa.empty())
                line += fmt::format(" ca-file {} verify required", quotedWord(tls.clientCa));
        }
        out_.line("    bind {}", line);
    }

    void writeTrace() {
        // A trace begins here when the caller has none; "sampled", since otherwise the services
        // behind would be told not to record anything. 64 random bits in the trace's name, hashed
        // in the half that samplers look at, and by far the cheapest way to get them: uuid() costs
        // four times as much. The caller's span, which there is none of, is called "levee".
        out_.line(
            "    http-request set-header traceparent "
            "00-%[rand(),hex(),lower()]%[rand(),xxh64(),hex(),lower()]-6c65766565000000-01 "
            "unless {{ req.fhdr(traceparent) -m found }}");
    }

    /// What isSampled() (log_line.h) says of a line. All that HAProxy answers itself is logged: it
    /// does not come by here.
    void writeSampling() {
        out_.line("    http-request set-var(txn.every) str(log/{}),map_str_int({},1)", subject_,
                  text_.paths.numbersMap());
        out_.line(
            "    http-response set-log-level silent if {{ rand(),mod(txn.every) gt 0 }} "
            "{{ status 100:428 430:499 }} !{{ var(txn.out) -m found }}{}",
            text_.listener.protocol == Protocol::Grpc ? " !{ var(txn.grpc) -m found }" : "");
    }

    void writeAgentLoss() {
        const auto after =
            std::chrono::ceil<std::chrono::seconds>(text_.rule.agentLoss.after).count();
        out_.line("    http-request set-var(txn.alive) str(agent),map_str_int({},0)",
                  text_.paths.agentMap());
        out_.line("    acl gone date(),sub(txn.alive) ge {}", after);
    }

    std::string keyFetch() const {
        const std::string& key = text_.rule.rate.key;
        if (key == "source")
            return "src";
        if (key == "path")
            return "path";
        if (key == "all")
            return "fe_id";
        return fmt::format("req.fhdr({})", rateKeyHeader(key));
    }

    void writeRate() {
        out_.line("    http-request set-var(txn.rate) str(rate/{}),map_str_int({},0)", subject_,
                  text_.paths.numbersMap());
        const std::string key = keyFetch();
        const std::string table = rateTableName(text_.listener);
        out_.line("    http-request track-sc0 {} table {}", key, table);
        // Leaving the header out must not be a way round the limit, and one that is empty is a key
        // like any other. Who is tracked stays so.
        if (!rateKeyHeader(text_.rule.rate.key).empty())
            out_.line("    http-request track-sc0 str(-) table {}", table);
        const bool staysWhenGone = text_.onAgentLoss() != AgentLoss::Open;
        const std::string_view unlessGone = staysWhenGone ? "" : std::string_view(unlessGone_);
        out_.line(
            "    http-request set-var(txn.out) str(q) if {{ sc_gpc_rate(0,0),sub(txn.rate) ge 0 }} "
            "{{ var(txn.rate) -m int gt 0 }}{}",
            unlessGone);
        // A negative number is a limit in shadow.
        out_.line(
            "    http-request set-var(txn.out) str(Q) if {{ var(txn.rate) -m int lt 0 }} "
            "{{ sc_gpc_rate(0,0),add(txn.rate) ge 0 }}");
        const auto retryAfter = std::max<std::int64_t>(
            1, std::chrono::ceil<std::chrono::seconds>(text_.rule.rate.window).count());
        refuse('q', "rate", fmt::format("; key={}", text_.rule.rate.key), 429, "too many requests",
               8, retryAfter);
    }

    /// txn.left: microseconds that the caller still waits; whoever gets no answer in that time is
    /// refused.
    void writeDeadline() {
        const std::string& header = text_.rule.deadline.header;
        if (isGrpcTimeout(header)) {
            for (const auto& [unit, scale] : {std::pair{'H', "mul(3600000000)"},
                                              {'M', "mul(60000000)"},
                                              {'S', "mul(1000000)"},
                                              {'m', "mul(1000)"},
                                              {'u', "mul(1)"},
                                              {'n', "div(1000)"}})
                out_.line(
                    "    http-request set-var(txn.left) req.hdr({0}),field(1,{1}),{2} if "
                    "{{ req.hdr({0}) -m reg ^[0-9]{{1,8}}{1}$ }}",
                    header, unit, scale);
        } else {
            out_.line(
                "    http-request set-var(txn.left) req.hdr({0}),mul(1000) if "
                "{{ req.hdr({0}) -m reg ^[0-9]{{1,9}}$ }}",
                header);
        }
        out_.line("    acl has_deadline var(txn.left) -m found");
        out_.line("    http-request set-var(txn.least) str(least/{}),map_str_int({},0)", subject_,
                  text_.paths.numbersMap());
        if (text_.isInbound()) {
            out_.line("    http-request set-var(txn.turn) str(turn/{}),map_str_int({},0)", subject_,
                      text_.paths.numbersMap());
            out_.line("    http-request set-var(txn.least) queue({}),mul(txn.turn),add(txn.least)",
                      text_.name());
        }
        // A negative number is in shadow.
        out_.line("    acl deadline_acts var(txn.least) -m int ge 0");
        out_.line(
            "    http-request set-var(txn.out) str(d) if has_deadline deadline_acts "
            "{{ var(txn.left),sub(txn.least) le 0 }}{}",
            unlessGone_);
        out_.line(
            "    http-request set-var(txn.out) str(D) if has_deadline !deadline_acts "
            "{{ var(txn.left),add(txn.least) le 0 }} !{{ var(txn.out) -m found }}");
        refuse('d', "deadline", fmt::format("; header={}", header), 504, "too late", 4, 0);
    }

    /// txn.stop: milliseconds that a target has for its answer.
    void writeAnswerTime() {
        out_.line("    http-request set-var(txn.stop) str(answer/{}),map_str_int({},{})", subject_,
                  text_.paths.numbersMap(), configMillis(text_.listener.serverTimeout));
        if (!text_.hasDeadlines())
            return;
        out_.line(
            "    http-request set-var(txn.stop) var(txn.left),add(999),div(1000) if has_deadline "
            "deadline_acts {{ var(txn.left),add(999),div(1000),sub(txn.stop) lt 0 }}");
        // Where the rule itself gives a time, it begins here for those who brought none.
        out_.line("    http-request set-header {} %[var(txn.stop)]{} if {}deadline_acts",
                  text_.rule.deadline.header, isGrpcTimeout(text_.rule.deadline.header) ? "m" : "",
                  text_.rule.deadline.answer > Duration::zero() ? "" : "has_deadline ");
    }

    /// An answer of Levee's own. `kind`: in levee-outcome; `grpcStatus`: the same in gRPC's words;
    /// `retryAfter`: seconds, 0 not said.
    void refuse(char mark, std::string_view kind, const std::string& more, int status,
                std::string_view words, int grpcStatus, std::int64_t retryAfter) {
        const std::string_view outcome = kind == "rate" ? "rate" : "shed";
        std::string answer;
        if (text_.listener.protocol == Protocol::Grpc)
            answer = fmt::format("status 200 hdr grpc-status {} hdr grpc-message \"{}\"",
                                 grpcStatus, words);
        else
            answer =
                fmt::format("status {} content-type text/plain string \"{}\\n\"", status, words);
        out_.line(
            "    http-request return {} hdr levee-outcome {}{} hdr x-levee-reason {} if "
            "{{ var(txn.out) -m str {} }}",
            answer, outcome, retryAfter > 0 ? fmt::format(" hdr retry-after {}", retryAfter) : "",
            reason(kind, more), mark);
    }

    /// Who refused, and by which rule.
    std::string reason(std::string_view kind, const std::string& more) const {
        return fmt::format("\"{}; guard={}; rule=%[str(rule/{}),map_str({},default)]{}\"", kind,
                           subject_, subject_, text_.paths.wordsMap(), more);
    }

    void writeLimit() {
        if (text_.hasClasses())
            writeClasses();
        // Both: with a bound of 0 nobody may wait, yet a free slot is still there to be taken. The
        // bound is not looked up where there is one.
        const std::string look =
            text_.hasClasses()
                ? ""
                : fmt::format("{{ str(queue/{}),map_str_int({},{}),set-var(txn.queue) -m found }} ",
                              subject_, text_.paths.numbersMap(), kUnboundedQueue);
        out_.line(
            "    http-request set-var(txn.out) str(s) if {{ be_conn_free({0}) le 0 }} {1}"
            "{{ queue({0}),sub(txn.queue) ge 0 }}{2}",
            text_.name(), look, unlessGone_);
        if (text_.hasLoneBackend() && text_.onAgentLoss() == AgentLoss::Ceiling)
            writeCeiling();
        refuse('s', "limit", "", 503, "overloaded", 14, 1);
    }

    void writeCeiling() {
        const std::string lone = loneBackendName(text_.listener);
        out_.line("    acl lone_queue_full queue({}) ge {}", lone,
                  std::max<std::uint32_t>(1, text_.rule.agentLoss.ceiling / 2));
        out_.line("    acl lone_no_slot be_conn_free({}) le 0", lone);
        out_.line("    http-request set-var(txn.out) str(s) if lone_queue_full lone_no_slot gone");
    }

    void writeClasses() {
        const std::vector<std::string> classes = priorityClassNames(text_.rule.priority);
        out_.line("    http-request set-var(txn.class) int({})", classes.size() - 1);
        for (std::size_t level = 0; level + 1 < classes.size(); ++level)
            out_.line(
                "    http-request set-var(txn.class) int({}) if {{ req.hdr({}) -m str -i {} }}",
                level, text_.rule.priority.header, classes[level]);
        out_.line("    http-request set-priority-class var(txn.class)");
        out_.line(
            "    http-request set-var(txn.share) "
            "str(class/{}/),concat(,txn.class),map_str_int({},{})",
            subject_, text_.paths.numbersMap(), kAdmitAll);
        out_.line(
            "    http-request set-var(txn.queue) "
            "str(queue/{}/),concat(,txn.class),map_str_int({},{})",
            subject_, text_.paths.numbersMap(), kUnboundedQueue);
        out_.line(
            "    http-request set-var(txn.out) str(p) if {{ rand({}),sub(txn.share) ge 0 }}{}",
            kAdmitAll, unlessGone_);
        refuse('p', "priority", "; class=%[var(txn.class)]", 503, "overloaded", 14, 1);
    }

    void writeBreaker() {
        out_.line("    http-request set-var(txn.admit) str(admit/{}),map_str_int({},{})", subject_,
                  text_.paths.numbersMap(), kAdmitAll);
        out_.line(
            "    http-request set-var(txn.out) str(b) if {{ rand({}),sub(txn.admit) ge 0 }}{}",
            kAdmitAll, unlessGone_);
        if (text_.keepsAnswers()) {
            // Whether there is an answer is seen in a backend alone: a `return` here would come
            // first.
            out_.line("    http-request cache-use {} if !{{ var(txn.out) -m str b }}", kEmptyCache);
            return;
        }
        out_.line(
            "    http-request return {} hdr levee-outcome breaker hdr x-levee-reason {} if "
            "{{ var(txn.out) -m str b }}",
            fallbackAnswer(), reason("breaker", ""));
    }

    std::string fallbackAnswer() const {
        const FallbackSettings& fallback = text_.rule.fallback;
        if (text_.listener.protocol == Protocol::Grpc)
            return "status 200 hdr grpc-status 14 hdr grpc-message unavailable";
        std::string answer = fmt::format("status {}", fallback.status);
        if (!isBodyless(fallback.status) && !fallback.body.empty())
            answer += fmt::format(" content-type {} file {}", quotedWord(fallback.contentType),
                                  quotedWord(text_.paths.fallbackBody(shortHash(fallback.body))));
        else
            answer += " file /dev/null";
        if (const auto seconds =
                std::chrono::ceil<std::chrono::seconds>(fallback.retryAfter).count();
            seconds > 0)
            answer += fmt::format(" hdr retry-after {}", seconds);
        return answer;
    }

    void writeRetries() {
        out_.line("    http-request set-var(txn.retry) str(retry/{}),map_str_int({},{})", subject_,
                  text_.paths.numbersMap(), kAdmitAll);
        out_.line(
            "    http-request set-var(txn.barred) int(1) if {{ rand({}),sub(txn.retry) ge 0 }}",
            kAdmitAll);
        // A budget that nobody looks after any more is none.
        if (text_.asksForLife())
            out_.line("    http-request set-var(txn.barred) int(1) if gone");
        out_.line("    http-request disable-l7-retry if {{ var(txn.barred) -m found }}");
        out_.line(
            "    http-request disable-l7-retry unless {{ method GET HEAD OPTIONS PUT DELETE }}");
    }

    void writeGrpc() {
        out_.line("    http-response set-var(txn.grpc) res.hdr(grpc-status)");
        // An answer without a body has no type of its own.
        out_.line(
            "    http-after-response set-header content-type application/grpc if "
            "{{ var(txn.out) -m str s p q b d }}");
    }

    const ListenerText& text_;
    ConfigLines& out_;
    std::string subject_;
    std::string unlessGone_;
};

}  // namespace

void writeRateTable(const ListenerText& text, ConfigLines& out) {
    if (!text.hasRate())
        return;
    const RateSettings& rate = text.rule.rate;
    std::string type = "string len 128";
    if (rate.key == "source")
        type = "ipv6";
    else if (rate.key == "all")
        type = "integer";
    out.line("backend {}", rateTableName(text.listener));
    // Two windows: what is older has no part in the rate.
    out.line("    stick-table type {} size {} expire {}ms store gpc(1),gpc_rate(1,{}ms){}", type,
             rate.key == "all" ? 1 : rate.keys, 2 * configMillis(rate.window),
             configMillis(rate.window), text.keepsCounts() ? " peers levee" : "");
}

void writeFrontend(const ListenerText& text, ConfigLines& out) {
    FrontendWriter(text, out).write();
}

void writeAttachedBackend(const ListenerText& text, ConfigLines& out) {
    out.line("backend {}", text.name());
    out.line("    http-request set-var(txn.levee) int({})", text.index);
    out.line("    http-request set-var(txn.t0) date(0,us)");
    FrontendWriter(text, out).writeRules();
    if (text.hasAnswerTime())
        out.line("    http-request set-timeout server var(txn.stop)");
    out.line("    http-after-response set-var(txn.t1) date(0,us)");
    writeRefusedBelow(text, out);
}

void writeRefusedBelow(const ListenerText& text, ConfigLines& out) {
    out.line(
        "    http-response set-var(txn.out) str(r) if {}{{ res.fhdr(levee-outcome) -m str shed "
        "rate }}",
        text.listener.protocol == Protocol::Grpc ? "" : "{ status 429 503 504 } ");
}

void writeAttachedLog(ConfigLines& out) {
    out.line("    log ring@levee len 512 format raw local0 info");
    FrontendWriter::writeLog(kAttachedName, "%[var(txn.levee)]", out);
}

}  // namespace levee
