// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/options.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <map>

#include "shared/base/units.h"

namespace levee::loadgen {
namespace {

Error invalid(std::string message) {
    return {std::move(message), ErrorKind::Invalid};
}

template <typename Number>
Status readNumber(const std::string& name, const std::string& text, Number low, Number high,
                  Number& out) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value >= low) ||
        !(value <= high))
        return invalid(fmt::format("{} '{}' must be {} to {}", name, text, low, high));
    out = value;
    return {};
}

Status readDuration(const std::string& name, const std::string& text, Duration& out) {
    const auto parsed = parseDuration(text);
    if (!parsed)
        return invalid(fmt::format("{}: {}", name, parsed.error().message));
    out = parsed.value();
    return {};
}

Status readStep(const std::string& text, std::vector<RateStep>& steps) {
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        return invalid(fmt::format("--step '{}' must be LENGTH:RATE, as in 10s:200", text));
    RateStep step;
    if (Status s = readDuration("--step", text.substr(0, colon), step.length); !s)
        return s;
    if (Status s = readNumber("--step's rate", text.substr(colon + 1), 0.0, kMaxRate, step.rate);
        !s)
        return s;
    steps.push_back(step);
    return {};
}

Status readArrivals(const std::string& text, Arrivals& out) {
    if (text != "poisson" && text != "even")
        return invalid(fmt::format("--arrivals '{}' must be poisson or even", text));
    out = text == "even" ? Arrivals::Even : Arrivals::Poisson;
    return {};
}

/// What the arguments said, before it is checked as a whole.
struct Draft {
    Options options;
    std::vector<RateStep> steps;
    std::optional<double> rate;
    bool hasDuration = false;
};

using Setter = std::function<Status(const std::string&)>;

Status readHeader(const std::string& text, Options& options) {
    if (text.find(':') == std::string::npos || text.find_first_of("\r\n") != std::string::npos)
        return invalid(fmt::format("--header '{}' must be 'Name: value'", text));
    options.headers.push_back(text);
    return {};
}

std::map<std::string, Setter> setters(Draft& draft) {
    Options& o = draft.options;
    return {
        {"--url",
         [&](const auto& v) {
             o.urlText = v;
             return Status();
         }},
        {"--method",
         [&](const auto& v) {
             o.method = v;
             return Status();
         }},
        {"--header", [&](const auto& v) { return readHeader(v, o); }},
        {"--body",
         [&](const auto& v) {
             o.body = v;
             return Status();
         }},
        {"--rate",
         [&](const auto& v) {
             return readNumber("--rate", v, 0.0, kMaxRate, draft.rate.emplace());
         }},
        {"--step", [&](const auto& v) { return readStep(v, draft.steps); }},
        {"--arrivals", [&](const auto& v) { return readArrivals(v, o.arrivals); }},
        {"--seed",
         [&](const auto& v) {
             return readNumber<std::uint64_t>("--seed", v, 0, ~std::uint64_t{0}, o.seed);
         }},
        {"--duration",
         [&](const auto& v) {
             draft.hasDuration = true;
             return readDuration("--duration", v, o.duration);
         }},
        {"--warmup", [&](const auto& v) { return readDuration("--warmup", v, o.warmup); }},
        {"--timeout", [&](const auto& v) { return readDuration("--timeout", v, o.timeout); }},
        {"--goodput-within",
         [&](const auto& v) { return readDuration("--goodput-within", v, o.goodputWithin); }},
        {"--max-connections",
         [&](const auto& v) {
             return readNumber<std::size_t>("--max-connections", v, 1, 60'000, o.maxConnections);
         }},
    };
}

Status checkWhole(Draft& draft) {
    Options& o = draft.options;
    if (draft.rate && !draft.steps.empty())
        return invalid("give --rate or --step, not both");
    if (!draft.rate && draft.steps.empty())
        return invalid("--rate or --step is needed");
    Duration total = Duration::zero();
    for (const RateStep& step : draft.steps)
        total += step.length;
    o.steps = draft.rate ? std::vector{RateStep{Duration::zero(), *draft.rate}} : draft.steps;
    if (!draft.hasDuration && !draft.rate)
        o.duration = total;
    if (o.duration > Duration::zero() && o.warmup >= o.duration)
        return invalid("--warmup must be less than --duration");
    if (o.timeout <= Duration::zero())
        return invalid("--timeout must be above 0");
    const auto url = parseUrl(o.urlText);
    if (!url)
        return url.error();
    o.url = url.value();
    return {};
}

}  // namespace

const char* const kUsage =
    "usage: levee-loadgen --url http://HOST:PORT/PATH --rate N [options]\n"
    "\n"
    "Sends requests at fixed times, whether or not the earlier ones are answered (open loop).\n"
    "Latency counts from the intended time. Prints a JSON report; progress goes to stderr.\n"
    "\n"
    "  --rate N               requests a second\n"
    "  --step LENGTH:RATE     instead of --rate, any number of them: --step 10s:100 --step "
    "20s:500\n"
    "  --arrivals KIND        poisson (default) or even\n"
    "  --seed N               of the arrival times (1)\n"
    "  --duration D           10s, or the sum of the steps; 0: until SIGINT or SIGTERM\n"
    "  --warmup D             what is due in it is sent but not counted (0)\n"
    "  --timeout D            of a request, from its intended time (5s)\n"
    "  --goodput-within D     a 2xx answer later than this is not good (1s)\n"
    "  --max-connections N    the pool grows to this (1024)\n"
    "  --method NAME          GET\n"
    "  --header 'NAME: VALUE' any number of them\n"
    "  --body TEXT\n"
    "  --quiet                no progress\n";

Result<Url> parseUrl(std::string_view text) {
    const auto bad = [&](std::string_view why) {
        return invalid(
            fmt::format("--url '{}' {}; it must be http://HOST[:PORT][/PATH]", text, why));
    };
    constexpr std::string_view kScheme = "http://";
    if (!text.starts_with(kScheme))
        return bad("does not begin with http://");
    std::string_view rest = text.substr(kScheme.size());
    if (rest.find_first_of(" \r\n\t") != std::string_view::npos)
        return bad("contains a space");
    Url url;
    const auto slash = rest.find_first_of("/?");
    if (slash != std::string_view::npos) {
        url.path = rest.substr(slash);
        if (url.path.front() == '?')
            url.path.insert(0, "/");
        rest = rest.substr(0, slash);
    }
    url.authority = rest;
    const auto bracket = rest.find(']');
    const auto colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        url.port = rest.substr(colon + 1);
        int port = 0;
        if (!readNumber("port", url.port, 1, 65'535, port))
            return bad("has a port outside 1 to 65535");
        rest = rest.substr(0, colon);
    }
    if (rest.starts_with('[') && rest.ends_with(']'))
        rest = rest.substr(1, rest.size() - 2);
    if (rest.empty())
        return bad("has no host");
    url.host = rest;
    return url;
}

std::string Options::requestText() const {
    std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: levee-loadgen\r\n",
                                   method, url.path, url.authority);
    for (const std::string& header : headers)
        text += header + "\r\n";
    if (!body.empty() || method == "POST" || method == "PUT")
        text += fmt::format("Content-Length: {}\r\n", body.size());
    return text + "\r\n" + body;
}

Result<std::optional<Options>> parseOptions(const std::vector<std::string>& arguments) {
    Draft draft;
    const auto known = setters(draft);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (name == "--help" || name == "-h")
            return std::optional<Options>();
        if (name == "--quiet") {
            draft.options.isQuiet = true;
            continue;
        }
        const auto setter = known.find(name);
        if (setter == known.end())
            return invalid(fmt::format("unknown argument '{}'", name));
        if (i + 1 == arguments.size())
            return invalid(fmt::format("{} needs a value", name));
        if (Status status = setter->second(arguments[++i]); !status)
            return status.error();
    }
    if (Status status = checkWhole(draft); !status)
        return status.error();
    return std::optional(draft.options);
}

}  // namespace levee::loadgen
