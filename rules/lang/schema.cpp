// SPDX-License-Identifier: Apache-2.0
// Over 600 lines: one table, a row for each field that a rule can set, and what walks it.
#include "rules/lang/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <type_traits>

#include "rules/lang/scalar_reader.h"
#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee {
namespace {

template <typename Member>
struct MemberOf;
template <typename C, typename T>
struct MemberOf<T C::*> {
    using Type = T;
};

/// SentinelBbr is not among them: it exists to compare with and collapses under load.
constexpr std::array<LimiterKind, 10> kLimiterKinds{LimiterKind::Off,
                                                    LimiterKind::Fixed,
                                                    LimiterKind::Adaptive,
                                                    LimiterKind::Aimd,
                                                    LimiterKind::Vegas,
                                                    LimiterKind::Gradient2,
                                                    LimiterKind::EnvoyGradient,
                                                    LimiterKind::Codel,
                                                    LimiterKind::ClientThrottle,
                                                    LimiterKind::AdmissionControl};
constexpr std::array<GuardMode, 3> kModes{GuardMode::Off, GuardMode::Shadow, GuardMode::Enforce};
constexpr std::array<RetryOn, 2> kRetryOn{RetryOn::Connect, RetryOn::Failure};
constexpr std::array<AgentLoss, 4> kAgentLoss{AgentLoss::Auto, AgentLoss::Keep, AgentLoss::Ceiling,
                                              AgentLoss::Open};

template <typename Enum, std::size_t N>
Enum enumNamed(const std::array<Enum, N>& all, const FieldValue& value) {
    return *std::find_if(all.begin(), all.end(),
                         [&](Enum each) { return name(each) == std::get<std::string>(value); });
}

template <typename Enum, std::size_t N>
std::vector<std::string_view> namesOf(const std::array<Enum, N>& all) {
    std::vector<std::string_view> names;
    for (const Enum each : all)
        names.push_back(name(each));
    return names;
}

template <typename T>
FieldValue toValue(const T& member) {
    if constexpr (std::is_enum_v<T>)
        return std::string(name(member));
    else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
        return static_cast<std::int64_t>(member);
    else
        return member;
}

template <typename T>
void fromValue(T& member, const FieldValue& value) {
    if constexpr (std::is_same_v<T, LimiterKind>) {
        member = limiterKindNamed(std::get<std::string>(value)).value();
    } else if constexpr (std::is_same_v<T, GuardMode>) {
        member = enumNamed(kModes, value);
    } else if constexpr (std::is_same_v<T, RetryOn>) {
        member = enumNamed(kRetryOn, value);
    } else if constexpr (std::is_same_v<T, AgentLoss>) {
        member = enumNamed(kAgentLoss, value);
    } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        member = static_cast<T>(std::get<std::int64_t>(value));
    } else {
        member = std::get<T>(value);
    }
}

/// Completes a row with the accessors of settings.*Part.*Member (or settings.*Member).
template <auto Part, auto Member>
Field row(Field field) {
    field.get = [](const GuardSettings& settings) { return toValue(settings.*Part.*Member); };
    field.set = [](GuardSettings& settings, const FieldValue& value) {
        fromValue(settings.*Part.*Member, value);
    };
    return field;
}
template <auto Member>
Field row(Field field) {
    field.get = [](const GuardSettings& settings) { return toValue(settings.*Member); };
    field.set = [](GuardSettings& settings, const FieldValue& value) {
        fromValue(settings.*Member, value);
    };
    return field;
}

constexpr double kMinute = 60;
constexpr double kHour = 3600;

std::vector<Field> limiterFields() {
    using S = LimiterSettings;
    constexpr auto kPart = &GuardSettings::limiter;
    return {
        row<kPart, &S::kind>(
            {.section = "limiter",
             .name = "kind",
             .type = FieldType::Word,
             .words = namesOf(kLimiterKinds),
             .doc = "Whether the concurrency limit is learned from latency (`adaptive`), given by "
                    "`limit` (`fixed`; `codel` bounds the wait for a free place as well), or "
                    "absent (`off`). The others are published algorithms with their published "
                    "failings: `aimd`, `vegas`, `gradient2` and `envoy-gradient` learn a limit, "
                    "`client-throttle` and `admission-control` refuse a share of the requests "
                    "while the service fails them."}),
        row<kPart, &S::limit>(
            {.section = "limiter",
             .name = "limit",
             .type = FieldType::Integer,
             .minimum = 1,
             .maximum = 100'000,
             .doc = "Concurrent requests that are let through. Needed by `kind: fixed` and "
                    "`kind: codel`, without effect otherwise."}),
        row<kPart, &S::minLimit>(
            {.section = "limiter",
             .name = "min",
             .type = FieldType::Integer,
             .minimum = 1,
             .maximum = 100'000,
             .doc = "A limit that is learned never falls below this. At most `max`."}),
        row<kPart, &S::maxLimit>(
            {.section = "limiter",
             .name = "max",
             .type = FieldType::Integer,
             .minimum = 1,
             .maximum = 100'000,
             .doc = "A limit that is learned never rises above this; with `client-throttle` "
                    "and `admission-control` it is the limit."}),
        row<kPart, &S::queue>(
            {.section = "limiter",
             .name = "queue",
             .type = FieldType::Integer,
             .minimum = 0,
             .maximum = 100'000,
             .negative = "auto",
             .doc = "Requests that may wait for a free place; the ones after them are refused at "
                    "once. `auto` lets the limiter choose."}),
    };
}

std::vector<Field> breakerFields() {
    using S = BreakerSettings;
    constexpr auto kPart = &GuardSettings::breaker;
    return {
        row<kPart, &S::enabled>({.section = "breaker",
                                 .name = "enabled",
                                 .type = FieldType::Boolean,
                                 .doc = "Whether there is a breaker at all."}),
        row<kPart, &S::failureShare>(
            {.section = "breaker",
             .name = "failureShare",
             .type = FieldType::Share,
             .minimum = 0,
             .maximum = 1,
             .aboveMinimum = true,
             .doc = "The breaker opens at this share of failed calls in the window."}),
        row<kPart, &S::slowShare>(
            {.section = "breaker",
             .name = "slowShare",
             .type = FieldType::Share,
             .minimum = 0,
             .maximum = 1,
             .aboveMinimum = true,
             .doc = "The breaker opens at this share of calls slower than `slowerThan` in the "
                    "window."}),
        row<kPart, &S::slowerThan>(
            {.section = "breaker",
             .name = "slowerThan",
             .type = FieldType::TimeSpan,
             .minimum = 0,
             .maximum = 10 * kMinute,
             .doc = "A call that takes longer is slow. `0s`: slow calls do not open the breaker."}),
        row<kPart, &S::consecutiveFailures>(
            {.section = "breaker",
             .name = "consecutiveFailures",
             .type = FieldType::Integer,
             .minimum = 0,
             .maximum = 1000,
             .doc = "The breaker opens after so many failed calls in a row, whatever the shares "
                    "are. `0`: it does not."}),
        row<kPart, &S::minimumCalls>(
            {.section = "breaker",
             .name = "minimumCalls",
             .type = FieldType::Integer,
             .minimum = 1,
             .maximum = 100'000,
             .doc = "With fewer calls in the window the shares do not count."}),
        row<kPart, &S::window>({.section = "breaker",
                                .name = "window",
                                .type = FieldType::TimeSpan,
                                .minimum = 1,
                                .maximum = 10 * kMinute,
                                .doc = "The stretch of time that the shares are taken over."}),
        row<kPart, &S::windowCalls>(
            {.section = "breaker",
             .name = "windowCalls",
             .type = FieldType::Integer,
             .minimum = 0,
             .maximum = 100'000,
             .doc = "The shares are taken over the last so many calls, 10 at least, whatever their "
                    "age, instead of over `window`. `0`: over `window`."}),
        row<kPart, &S::openFor>(
            {.section = "breaker",
             .name = "openFor",
             .type = FieldType::TimeSpan,
             .minimum = 0.1,
             .maximum = kHour,
             .doc = "How long the breaker stays open before the first probes."}),
        row<kPart, &S::maxOpenFor>(
            {.section = "breaker",
             .name = "maxOpenFor",
             .type = FieldType::TimeSpan,
             .minimum = 0.1,
             .maximum = kHour,
             .doc = "The open time doubles with each failed probing, up to this. At least "
                    "`openFor`."}),
        row<kPart, &S::probes>(
            {.section = "breaker",
             .name = "probes",
             .type = FieldType::Integer,
             .minimum = 1,
             .maximum = 1000,
             .doc = "Calls that are let through to see whether the service has recovered."}),
        row<kPart, &S::probeFor>({.section = "breaker",
                                  .name = "probeFor",
                                  .type = FieldType::TimeSpan,
                                  .minimum = 0.1,
                                  .maximum = 10 * kMinute,
                                  .doc = "Probing ends after this time at the latest."}),
        row<kPart, &S::ramp>(
            {.section = "breaker",
             .name = "ramp",
             .type = FieldType::TimeSpan,
             .minimum = 0,
             .maximum = 10 * kMinute,
             .doc = "How long it takes from the first successful probes back to all traffic."}),
        row<kPart, &S::maxOpenShare>(
            {.section = "breaker",
             .name = "maxOpenShare",
             .type = FieldType::Share,
             .minimum = 0,
             .maximum = 1,
             .aboveMinimum = true,
             .doc =
                 "The breaker does not open while this share of the fleet's breakers on the same "
                 "service is open, where that is known. `100%`: whatever the others do."}),
    };
}

std::vector<Field> ejectionFields() {
    using S = EjectionSettings;
    constexpr auto kPart = &GuardSettings::ejection;
    return {
        row<kPart, &S::enabled>({.section = "ejection",
                                 .name = "enabled",
                                 .type = FieldType::Boolean,
                                 .doc = "Whether bad instances are taken out."}),
        row<kPart, &S::consecutiveFailures>(
            {.section = "ejection",
             .name = "consecutiveFailures",
             .type = FieldType::Integer,
             .minimum = 0,
             .maximum = 1000,
             .doc = "An instance goes after so many failed calls in a row. `0`: it does not."}),
        row<kPart, &S::deviations>(
            {.section = "ejection",
             .name = "deviations",
             .type = FieldType::Integer,
             .minimum = 1,
             .maximum = 10,
             .negative = "off",
             .doc = "An instance goes when its share of good calls is so many standard deviations "
                    "below the others' mean, and surely 5 points below."}),
        row<kPart, &S::latencyFactor>(
            {.section = "ejection",
             .name = "latencyFactor",
             .type = FieldType::Integer,
             .minimum = 2,
             .maximum = 100,
             .negative = "off",
             .doc = "An instance goes when its median latency is surely so many times the others', "
                    "and 5 ms more."}),
        row<kPart, &S::minimumCalls>(
            {.section = "ejection",
             .name = "minimumCalls",
             .type = FieldType::Integer,
             .minimum = 10,
             .maximum = 100'000,
             .doc = "An instance with fewer calls in the window is not compared with others."}),
        row<kPart, &S::window>({.section = "ejection",
                                .name = "window",
                                .type = FieldType::TimeSpan,
                                .minimum = 1,
                                .maximum = 10 * kMinute,
                                .doc = "Instances are compared at the end of each."}),
        row<kPart, &S::maxEjectedShare>(
            {.section = "ejection",
             .name = "maxEjectedShare",
             .type = FieldType::Share,
             .minimum = 0,
             .maximum = 0.5,
             .aboveMinimum = true,
             .doc =
                 "At most this share of the instances is out at once, but one of two or more may "
                 "be. Where all are bad, none is."}),
        row<kPart, &S::ejectFor>(
            {.section = "ejection",
             .name = "ejectFor",
             .type = FieldType::TimeSpan,
             .minimum = 0.1,
             .maximum = kHour,
             .doc = "How long an instance is out, times its ejections of late."}),
        row<kPart, &S::maxEjectFor>({.section = "ejection",
                                     .name = "maxEjectFor",
                                     .type = FieldType::TimeSpan,
                                     .minimum = 0.1,
                                     .maximum = kHour,
                                     .doc = "It is out no longer than this. At least `ejectFor`."}),
        row<kPart, &S::ramp>({.section = "ejection",
                              .name = "ramp",
                              .type = FieldType::TimeSpan,
                              .minimum = 0,
                              .maximum = 10 * kMinute,
                              .doc = "How long it takes back to its full share of calls."}),
    };
}

std::vector<Field> fallbackFields() {
    using S = FallbackSettings;
    constexpr auto kPart = &GuardSettings::fallback;
    return {
        row<kPart, &S::status>({.section = "fallback",
                                .name = "status",
                                .type = FieldType::Integer,
                                .minimum = 200,
                                .maximum = 599,
                                .doc = "HTTP status of the answer."}),
        row<kPart, &S::body>({.section = "fallback",
                              .name = "body",
                              .type = FieldType::Text,
                              .minimum = 0,
                              .maximum = 8 * 1024,
                              .doc = "Body of the answer."}),
        row<kPart, &S::contentType>({.section = "fallback",
                                     .name = "contentType",
                                     .type = FieldType::Text,
                                     .minimum = 1,
                                     .maximum = 128,
                                     .doc = "Content-Type of the answer."}),
        row<kPart, &S::retryAfter>(
            {.section = "fallback",
             .name = "retryAfter",
             .type = FieldType::TimeSpan,
             .minimum = 0,
             .maximum = kHour,
             .wholeSeconds = true,
             .doc = "Retry-After of the answer. `0s`: the header is left out."}),
        row<kPart, &S::staleFor>(
            {.section = "fallback",
             .name = "staleFor",
             .type = FieldType::TimeSpan,
             .minimum = 0,
             .maximum = 24 * kHour,
             .wholeSeconds = true,
             .doc =
                 "A caller gets the service's last good answer to the same GET instead, if there "
                 "is one that is no older than this; it has an Age and a Warning. Not kept: "
                 "answers with `no-store`, `private` or Set-Cookie, to requests with "
                 "Authorization, above 256 KiB; all together at most 16 MiB. `0s`: never."}),
    };
}

std::vector<Field> retriesFields() {
    using S = RetryBudgetSettings;
    constexpr auto kPart = &GuardSettings::retries;
    return {
        row<kPart, &S::most>(
            {.section = "retries",
             .name = "most",
             .type = FieldType::Integer,
             .minimum = 0,
             .maximum = 3,
             .doc = "How often one call is tried again at most. Calls that were never sent are "
                    "tried at another target only."}),
        row<kPart, &S::on>(
            {.section = "retries",
             .name = "on",
             .type = FieldType::Word,
             .words = namesOf(kRetryOn),
             .doc = "`connect`: only calls that could not be sent, which costs the service "
                    "nothing and is outside the budget. `failure`: also idempotent calls (GET, "
                    "HEAD, OPTIONS, PUT, DELETE) that ended with 500, 502, 504, a broken "
                    "connection or no answer in time, within the budget. What a limit has refused "
                    "is never tried again."}),
        row<kPart, &S::share>({.section = "retries",
                               .name = "share",
                               .type = FieldType::Share,
                               .minimum = 0,
                               .maximum = 1,
                               .doc = "Retries that are allowed, as a share of the first attempts "
                                      "in the window."}),
        row<kPart, &S::minimumPerSecond>(
            {.section = "retries",
             .name = "minimumPerSecond",
             .type = FieldType::Integer,
             .minimum = 0,
             .maximum = 10'000,
             .doc = "Retries a second that are allowed whatever the share is, where there is "
                    "little traffic."}),
        row<kPart, &S::window>({.section = "retries",
                                .name = "window",
                                .type = FieldType::TimeSpan,
                                .minimum = 1,
                                .maximum = 10 * kMinute,
                                .doc = "The stretch of time that the share is taken over."}),
    };
}

std::vector<Field> rateFields() {
    using S = RateSettings;
    constexpr auto kPart = &GuardSettings::rate;
    return {
        row<kPart, &S::perSecond>(
            {.section = "rate",
             .name = "limit",
             .type = FieldType::Rate,
             .minimum = 1.0 / kHour,
             .maximum = 1'000'000,
             .doc = "Requests that are let through, of each key. Those above it get 429 and a "
                    "Retry-After, and do not count. A changed number is in force without a reload. "
                    "`limit` times `window` is at least 1."}),
        row<kPart, &S::key>(
            {.section = "rate",
             .name = "key",
             .type = FieldType::Text,
             .minimum = 3,
             .maximum = 135,
             .doc = "What is counted apart: `all` nothing, `source` each caller's address, `path` "
                    "each path without its query, `header:NAME` each value of that header (its "
                    "first 128 bytes), requests without it counting together."}),
        row<kPart, &S::window>(
            {.section = "rate",
             .name = "window",
             .type = FieldType::TimeSpan,
             .minimum = 0.1,
             .maximum = kHour,
             .doc = "The stretch of time that is counted over. `limit` times `window` may come at "
                    "once."}),
        row<kPart, &S::keys>(
            {.section = "rate",
             .name = "keys",
             .type = FieldType::Integer,
             .minimum = 1,
             .maximum = 1'000'000,
             .doc = "Keys that are remembered at once, about 200 bytes each; beyond it those used "
                    "longest ago are forgotten, which the state shows."}),
    };
}

std::vector<Field> priorityFields() {
    using S = PrioritySettings;
    constexpr auto kPart = &GuardSettings::priority;
    return {
        row<kPart, &S::header>(
            {.section = "priority",
             .name = "header",
             .type = FieldType::Text,
             .minimum = 1,
             .maximum = 128,
             .doc = "The request header whose value is the class. Let an edge proxy of your own "
                    "set it: callers choose what they send."}),
        row<kPart, &S::classes>(
            {.section = "priority",
             .name = "classes",
             .type = FieldType::Text,
             .minimum = 1,
             .maximum = 1024,
             .doc = "Its values, the most important one first, separated by commas, 2 to 16. Any "
                    "other value, and none, is the last class. While the limit is full, important "
                    "classes are served first and the last ones are refused first."}),
    };
}

std::vector<Field> deadlineFields() {
    using S = DeadlineSettings;
    constexpr auto kPart = &GuardSettings::deadline;
    return {
        row<kPart, &S::answer>(
            {.section = "deadline",
             .name = "answer",
             .type = FieldType::TimeSpan,
             .minimum = 0,
             .maximum = kHour,
             .doc =
                 "How long the service may take to begin its answer once it has the request, and "
                 "between the parts of it; then the caller gets 504, which counts as a failure. "
                 "`0s`: the listener's `server_timeout`. A changed time is in force without a "
                 "reload."}),
        row<kPart, &S::header>(
            {.section = "deadline",
             .name = "header",
             .type = FieldType::Text,
             .minimum = 1,
             .maximum = 128,
             .doc =
                 "The request header in which callers say for how long they still wait: whole "
                 "milliseconds, or `grpc-timeout` in gRPC's own words; other values are as good "
                 "as none. A call that cannot be answered in that time any more is not begun: it "
                 "gets 504 at once. The others are given up when it is over, and the service is "
                 "told what is left of it in the same header. Let an edge proxy of your own set "
                 "or remove it: callers choose what they send."}),
    };
}

std::vector<Field> agentLossFields() {
    using S = AgentLossSettings;
    constexpr auto kPart = &GuardSettings::agentLoss;
    return {
        row<kPart, &S::then>(
            {.section = "agentLoss",
             .name = "then",
             .type = FieldType::Word,
             .words = namesOf(kAgentLoss),
             .doc = "`keep`: all stays as it was, an open breaker open. `ceiling`: the fixed limit "
                    "`ceiling`; a rate stays; all else is let through. `open`: everything is let "
                    "through. `auto`: `keep` for a service, `open` for an edge."}),
        row<kPart, &S::after>({.section = "agentLoss",
                               .name = "after",
                               .type = FieldType::TimeSpan,
                               .minimum = 5,
                               .maximum = 24 * kHour,
                               .wholeSeconds = true,
                               .doc = "How long the agent has to be gone."}),
        row<kPart, &S::ceiling>(
            {.section = "agentLoss",
             .name = "ceiling",
             .type = FieldType::Integer,
             .minimum = 1,
             .maximum = 100'000,
             .doc = "Concurrent requests that are let through then. Needed by `then: ceiling`."}),
    };
}

std::vector<Field> allFields() {
    std::vector<Field> fields;
    fields.push_back(row<&GuardSettings::mode>(
        {.section = "",
         .name = "mode",
         .type = FieldType::Word,
         .words = namesOf(kModes),
         .doc = "`enforce` acts, `shadow` decides and counts but changes nothing, `off` does "
                "neither."}));
    for (const std::vector<Field>& section :
         {limiterFields(), breakerFields(), ejectionFields(), fallbackFields(), retriesFields(),
          rateFields(), priorityFields(), deadlineFields(), agentLossFields()})
        fields.insert(fields.end(), section.begin(), section.end());
    return fields;
}

Duration seconds(double value) {
    return fromSeconds(value);
}

}  // namespace

std::string Field::path() const {
    return section.empty() ? fmt::format("spec.{}", name)
                           : fmt::format("spec.{}.{}", section, name);
}

const std::vector<Field>& guardFields() {
    static const std::vector<Field> kFields = allFields();
    return kFields;
}

const std::vector<std::string_view>& guardSections() {
    static const std::vector<std::string_view> kSections = [] {
        std::vector<std::string_view> sections;
        for (const Field& field : guardFields()) {
            if (sections.empty() || sections.back() != field.section)
                sections.push_back(field.section);
        }
        return sections;
    }();
    return kSections;
}

std::string_view sectionDoc(std::string_view section) {
    if (section == "limiter")
        return "Bounds the concurrent requests of a service. Used by rules that match a service.";
    if (section == "breaker")
        return "Stops calls to a service that fails or is slow, and probes until it has "
               "recovered. Used by rules that match an edge.";
    if (section == "ejection")
        return "Takes single instances of a service out while they are worse than the others. Used "
               "by rules that match an edge.";
    if (section == "fallback")
        return "What a caller gets in place of an answer.";
    if (section == "retries")
        return "Which calls the gateway tries again, and how many of them: a share of the first "
               "attempts. Used by rules that match an edge.";
    if (section == "rate")
        return "Bounds the requests per second, of all callers together or of each by itself. "
               "Without `limit` there is no bound. Counted by each gateway for itself.";
    if (section == "priority")
        return "Which requests matter most when not all can be served. Used by rules that match a "
               "service.";
    if (section == "deadline")
        return "How long an answer may take. In shadow no time is changed, and calls that would "
               "come "
               "too late are counted.";
    if (section == "agentLoss")
        return "What the gateway does by itself while the agent is gone: killed, hung or stopped.";
    return "What the guard does.";
}

const std::vector<DocumentField>& documentFields() {
    static const std::vector<DocumentField> kFields{
        {"apiVersion", true, "`levee/v1`", "The version of the rule language."},
        {"kind", true, "`Guard` or `Automation`",
         "What the document describes: what a guard does, or what is done while a condition "
         "holds."},
        {"metadata.name", true, "name", "Unique in the rule set; shown wherever the rule acts."},
        {"metadata.labels", false, "mapping of texts, at most 64",
         "For finding and grouping rules. Without effect on what a rule does."},
        {"metadata.annotations", false, "mapping of texts, at most 64",
         "Remarks for people, such as a summary or the address of a runbook."},
        {"spec.match.client", false, "name",
         "Of a `Guard`: the calling service. With it the rule is for the edge from client to "
         "service; without "
         "it, for the service."},
        {"spec.match.service", true, "name", "Of a `Guard`: the service that is called."},
    };
    return kFields;
}

std::string formatValue(const Field& field, const FieldValue& value) {
    switch (field.type) {
        case FieldType::Boolean:
            return std::get<bool>(value) ? "true" : "false";
        case FieldType::Integer: {
            const std::int64_t number = std::get<std::int64_t>(value);
            return number < 0 && !field.negative.empty() ? std::string(field.negative)
                                                         : std::to_string(number);
        }
        case FieldType::Share:
            return formatShare(std::get<double>(value));
        case FieldType::Rate:
            return formatPerSecond(std::get<double>(value));
        case FieldType::TimeSpan:
            return formatDuration(std::get<Duration>(value));
        case FieldType::Text:
        case FieldType::Name:
        case FieldType::Word:
            return std::get<std::string>(value);
    }
    return {};
}

std::string formatRange(const Field& field) {
    switch (field.type) {
        case FieldType::Boolean:
            return "true or false";
        case FieldType::Integer:
            return fmt::format("{} to {}{}{}", field.minimum, field.maximum,
                               field.negative.empty() ? "" : ", or ", field.negative);
        case FieldType::Share:
            return fmt::format("{}{} to {}", field.aboveMinimum ? "above " : "",
                               formatShare(field.minimum), formatShare(field.maximum));
        case FieldType::Rate:
            return fmt::format("{} to {}", formatPerSecond(field.minimum),
                               formatPerSecond(field.maximum));
        case FieldType::TimeSpan:
            return fmt::format("{} to {}{}", formatDuration(seconds(field.minimum)),
                               formatDuration(seconds(field.maximum)),
                               field.wholeSeconds ? ", whole seconds" : "");
        case FieldType::Text:
            return fmt::format("{} to {} bytes", field.minimum, field.maximum);
        case FieldType::Name:
            return "a name";
        case FieldType::Word:
            return listed(field.words);
    }
    return {};
}

}  // namespace levee
