// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace levee::loadgen {
namespace {

double toMillis(Duration d) {
    return toSeconds(d) * 1e3;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out + '"';
}

/// Milliseconds with a microsecond's precision, or null without a value.
std::string millis(const LatencyHistogram& histogram, Duration value) {
    return histogram.count() == 0 ? "null" : fmt::format("{:.3f}", toMillis(value));
}

std::string latencyJson(const LatencyHistogram& h) {
    return fmt::format(
        R"({{"count": {}, "min": {}, "mean": {}, "p50": {}, "p90": {}, "p95": {}, "p99": {}, "p999": {}, "max": {}}})",
        h.count(), millis(h, h.min()), millis(h, h.mean()), millis(h, h.quantile(0.5)),
        millis(h, h.quantile(0.9)), millis(h, h.quantile(0.95)), millis(h, h.quantile(0.99)),
        millis(h, h.quantile(0.999)), millis(h, h.max()));
}

}  // namespace

Report::Report(const Options& options) : options_(options) {}

void Report::onOffered(Duration due) {
    ++rowAt(due).offered;
    if (isCounted(due))
        ++totals_.offered;
}

void Report::onSent(Duration due, Duration now) {
    if (!isCounted(due))
        return;
    ++totals_.sent;
    lag_.record(now - due);
}

void Report::onAnswer(Duration due, Duration now, int status) {
    const Duration latency = now - due;
    const bool isOk = status >= 200 && status < 300;
    const bool isRefused = status == 429 || status == 503;
    const bool isGood = isOk && latency <= options_.goodputWithin;
    Row& row = rowAt(now);
    ++(isOk ? row.ok : isRefused ? row.refused : row.failed);
    row.good += isGood ? 1 : 0;
    if (isOk)
        thisSecond_.record(latency);
    if (!isCounted(due))
        return;
    ++totals_.byStatus[status];
    ++(isOk ? totals_.ok : isRefused ? totals_.refused : totals_.failed);
    totals_.good += isGood ? 1 : 0;
    if (isOk)
        ok_.record(latency);
    else if (isRefused)
        refused_.record(latency);
}

void Report::onTimeout(Duration due, Duration now) {
    ++rowAt(now).timeouts;
    if (isCounted(due))
        ++totals_.timeouts;
}

void Report::onFailure(Duration due, Duration now, Failure failure) {
    ++rowAt(now).errors;
    if (isCounted(due))
        ++totals_.byFailure[failure];
}

void Report::onRetry(Duration due) {
    if (isCounted(due))
        ++totals_.retries;
}

void Report::onConnections(std::uint64_t opened, std::uint64_t peak) {
    opened_ = opened;
    peak_ = peak;
}

Report::Row& Report::rowAt(Duration now) {
    const auto second = static_cast<std::uint64_t>(std::max(toSeconds(now), 0.0));
    while (firstRow_ + rows_.size() <= second) {
        closeRow();
        rows_.emplace_back();
        if (rows_.size() > kMaxRows) {
            rows_.pop_front();
            ++firstRow_;
        }
    }
    return rows_[std::max(second, firstRow_) - firstRow_];
}

void Report::closeRow() {
    if (rows_.empty() || thisSecond_.count() == 0)
        return;
    rows_.back().p50 = thisSecond_.quantile(0.5);
    rows_.back().p99 = thisSecond_.quantile(0.99);
    thisSecond_.clear();
}

std::string Report::onTick(Duration now) {
    const std::uint64_t before = firstRow_ + rows_.size();
    rowAt(now);
    if (before == 0 || firstRow_ + rows_.size() == before || rows_.size() < 2)
        return {};
    const Row& r = rows_[rows_.size() - 2];
    return fmt::format(
        "{:5} s  offered {:5}  ok {:5}  good {:5}  refused {:5}  failed {:4}  timeouts {:4}  "
        "errors {:4}  p50 {:.1f} ms  p99 {:.1f} ms",
        firstRow_ + rows_.size() - 2, r.offered, r.ok, r.good, r.refused, r.failed, r.timeouts,
        r.errors, toMillis(r.p50), toMillis(r.p99));
}

void Report::dropSilenceAfter(Duration end) {
    while (!rows_.empty() && rows_.back() == Row() &&
           toSeconds(end) <= static_cast<double>(firstRow_ + rows_.size() - 1))
        rows_.pop_back();
}

std::string Report::timelineJson() const {
    std::string out;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const Row& r = rows_[i];
        fmt::format_to(
            std::back_inserter(out),
            R"({}    {{"t": {}, "offered": {}, "ok": {}, "good": {}, "refused": {}, "failed": {}, "timeouts": {}, "errors": {}, "p50_ms": {}, "p99_ms": {}}})",
            i == 0 ? "\n" : ",\n", firstRow_ + i, r.offered, r.ok, r.good, r.refused, r.failed,
            r.timeouts, r.errors, r.ok == 0 ? "null" : fmt::format("{:.3f}", toMillis(r.p50)),
            r.ok == 0 ? "null" : fmt::format("{:.3f}", toMillis(r.p99)));
    }
    return out;
}

std::string Report::json(Duration end) {
    closeRow();
    dropSilenceAfter(end);
    const double seconds = std::max(toSeconds(end - options_.warmup), 0.0);
    const auto rate = [&](std::uint64_t n) {
        return seconds > 0 ? static_cast<double>(n) / seconds : 0.0;
    };
    std::string statuses;
    for (const auto& [status, count] : totals_.byStatus)
        statuses += fmt::format("{}\"{}\": {}", statuses.empty() ? "" : ", ", status, count);
    const auto& failures = totals_.byFailure;
    const auto failed = [&](Failure f) { return failures.contains(f) ? failures.at(f) : 0; };
    std::string out = "{\n";
    const auto add = [&](std::string_view key, const std::string& value) {
        out += fmt::format("  \"{}\": {},\n", key, value);
    };
    add("url", quoted(options_.urlText));
    add("method", quoted(options_.method));
    add("arrivals", options_.arrivals == Arrivals::Even ? "\"even\"" : "\"poisson\"");
    add("seed", fmt::format("{}", options_.seed));
    add("timeout_ms", fmt::format("{}", toMillis(options_.timeout)));
    add("goodput_within_ms", fmt::format("{}", toMillis(options_.goodputWithin)));
    add("warmup_seconds", fmt::format("{}", toSeconds(options_.warmup)));
    add("measured_seconds", fmt::format("{:.3f}", seconds));
    add("offered", fmt::format("{}", totals_.offered));
    add("sent", fmt::format("{}", totals_.sent));
    add("completed", "{" + statuses + "}");
    add("ok", fmt::format("{}", totals_.ok));
    add("refused", fmt::format("{}", totals_.refused));
    add("failed", fmt::format("{}", totals_.failed));
    add("timeouts", fmt::format("{}", totals_.timeouts));
    add("errors",
        fmt::format(R"({{"connect": {}, "reset": {}, "protocol": {}}})", failed(Failure::Connect),
                    failed(Failure::Reset), failed(Failure::Protocol)));
    add("retries", fmt::format("{}", totals_.retries));
    add("goodput", fmt::format("{}", totals_.good));
    add("offered_rate", fmt::format("{:.3f}", rate(totals_.offered)));
    add("goodput_rate", fmt::format("{:.3f}", rate(totals_.good)));
    add("latency_ms",
        fmt::format(R"({{"ok": {}, "refused": {}}})", latencyJson(ok_), latencyJson(refused_)));
    add("send_lag_ms", latencyJson(lag_));
    add("connections", fmt::format(R"({{"opened": {}, "peak": {}}})", opened_, peak_));
    return out + "  \"timeline\": [" + timelineJson() + "\n  ]\n}\n";
}

}  // namespace levee::loadgen
